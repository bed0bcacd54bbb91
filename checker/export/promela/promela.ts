/** A model as Promela text for SPIN, with the same states and transitions. */
import {
  flatten,
  holdsIn,
  initialState,
  type Model,
  type Property,
  runFormula,
  scopeOf,
} from "../../../models/language/index.ts";
import { identifier, type TakeName } from "../names.ts";
import { type Claim, claimText, type LeftOut } from "./claim.ts";
import { atom, type Code } from "./code.ts";
import type { Column } from "./columns.ts";
import { condition } from "./expression.ts";
import { addsProcess, fairnessText, marksIdle, type RunFairness, runFairness } from "./fairness.ts";
import { formulaText, hasNext } from "./formula.ts";
import { nameAll } from "./names.ts";
import type { Environment } from "./operation.ts";
import {
  beginText,
  brokenText,
  columnLine,
  haltedText,
  heading,
  noteText,
  section,
  variableLines,
} from "./section.ts";
import { processTexts } from "./step.ts";

export interface PromelaText {
  readonly text: string;
  /** Processes, and an estimate of the bytes of a state: SPIN must be told where either is large. */
  readonly processes: number;
  readonly stateBytes: number;
  /** Those properties that SPIN can judge. */
  readonly claims: readonly Claim[];
  /** The others. */
  readonly left: readonly LeftOut[];
  /** The claim that no step writes outside a sort; null where none can. */
  readonly sorts: Claim | null;
}

/** @param sorts - id of the built-in property that every write fits its sort */
export function promelaText(model: Model, sorts: string): PromelaText {
  const system = flatten(model);
  const layout = nameAll(system);
  const { names, shapes, processes } = layout;
  const env: Environment = {
    scope: scopeOf(system),
    constants: names.constants,
    shapes,
    bound: {},
    standsAt: names.standsAt,
  };
  const start = initialState(system);
  const fairness = runFairness(system);
  const fairSteps = system.steps.some((step) => step.fairness !== null);
  const { claims, left } = claimsOf(model.properties, fairness, fairSteps, names.take);
  const texts = claims.map(({ claim, property }) => {
    const formula = claim.form === "formula" ? runFormula(property) : null;
    if (formula === null) return { claim, notes: [], formula: null };
    const { text, notes } = formulaText(
      formula,
      claim.id,
      names.take,
      (e) => condition(e, env),
      (e) => holdsIn(system, start, e),
    );
    return { claim, notes, formula: marksIdle(fairness) ? `([] <> !idle) -> ${text}` : text };
  });
  const asserted = claims.flatMap(({ claim }) => (claim.kind === "assertion" ? [claim] : []));
  const onRuns = claims.flatMap(({ claim }) => (claim.form === "states" ? [] : [claim]));
  const formulas = texts.filter(({ claim }) => claim.form === "formula");
  const asks = onRuns.length > 0 ? fairness : null;
  const idles = asks?.idles === true;
  const turns = asks !== null && asks.strong.length > 0;
  const moves = idles && !turns;
  const begins = moves || asserted.length > 0;
  const scratch: Code[] = [];
  const scratchAt = (position: number) => {
    scratch[position] ??= atom(names.take(`tmp_${position}`));
    return scratch[position];
  };
  const assertions = new Map(asserted.map(({ id, name }) => [id, `ASSERT_${name}`]));
  const ends = formulas.length > 0;
  const options = {
    system,
    names,
    processes,
    env,
    scratch: scratchAt,
    assertions,
    fairness: asks,
    begins,
    ends,
  };
  const { text: steps, fallible } = processTexts(options);
  const halts = (asks !== null && addsProcess(asks)) || claims.some(({ claim }) => claim.kind === "deadlock");
  const halted = halts ? haltedText(system, layout, env) : { text: "", stuck: [] };
  const sortsClaim: Claim = {
    ...statesForm,
    id: sorts,
    kind: "assertion",
    name: sorts,
    macro: `PROP_${sorts}`,
  };
  const body = [
    halted.text,
    asks === null ? "" : fairnessText(asks, onRuns, halted.stuck),
    beginText(asserted, moves),
    noteText(formulas),
    fallible ? brokenText(layout, scratchAt(0), begins) : "",
    steps,
    ...claims.map(({ claim, property }, i) => {
      const failed = `failed_${claim.name}`;
      const { formula = null } = texts[i] ?? {};
      return claimText(property, claim, {
        condition: (e) => condition(e, env),
        fallible,
        idles,
        failed,
        formula,
      });
    }),
    fallible ? sortsText(sortsClaim) : "",
  ];
  // What the body uses is declared above it, so that is written last.
  const head = [
    heading(
      model,
      claims.map(({ claim }) => claim),
      left,
    ),
    section("Values, individuals and program points by name", names.definitions()),
    section("Shared memory", variableLines(model, layout)),
    section("Program points", layout.points.map(columnLine)),
    section(
      "For use within a step",
      scratch.map((name) => `hidden int ${name.text};`),
    ),
  ];
  return {
    text: [...head, ...body].filter((part) => part !== "").join("\n"),
    processes: system.instances.length + (asks !== null && addsProcess(asks) ? 1 : 0),
    stateBytes: bytesOf([...Object.values(layout.columns).flat(), ...layout.points], system.instances.length),
    claims: claims.map(({ claim }) => claim),
    left,
    sorts: fallible ? sortsClaim : null,
  };
}

const statesForm = { form: "states", args: [], errorMeansHolds: false } as const;

interface Claimed {
  readonly claim: Claim;
  readonly property: Property;
}

/** Those properties that have a claim, and the others. */
function claimsOf(
  properties: readonly Property[],
  fairness: RunFairness,
  fairSteps: boolean,
  take: TakeName,
): { readonly claims: readonly Claimed[]; readonly left: readonly LeftOut[] } {
  const claims: Claimed[] = [];
  const left: LeftOut[] = [];
  for (const property of properties) {
    const { id, kind } = property;
    const reason = whyNot(property, fairSteps);
    if (reason !== null) {
      left.push({ id, reason });
      continue;
    }
    const name = take(identifier(id));
    const form = formOf(kind, fairness);
    const args = form === "states" ? [] : fairness.args;
    const macro = `PROP_${name}`;
    claims.push({
      claim: { id, kind, name, macro, form, args, errorMeansHolds: kind === "reachable" },
      property,
    });
  }
  return { claims, left };
}

/** A response of which no actor asks for strong fairness is a claim that can be read without SPIN's translator. */
function formOf(kind: Property["kind"], { strong }: RunFairness): Claim["form"] {
  if (kind === "leadsTo") return strong.length === 0 ? "runs" : "formula";
  return kind === "ltl" ? "formula" : "states";
}

function whyNot(property: Property, fairSteps: boolean): string | null {
  if (fairSteps && (property.kind === "leadsTo" || property.kind === "ltl"))
    return "a step asks for fairness by itself, and SPIN knows that of processes only";
  if (property.kind === "alwaysPossible") return "no claim of SPIN says that something stays possible";
  if (property.kind === "ltl" && hasNext(property.formula))
    return "its formula has `next`, which SPIN's ltl has not";
  return null;
}

/** The built-in property of every model. */
function sortsText({ macro, name }: Claim): string {
  return [
    `#ifdef ${macro}`,
    `never ${name} {`,
    "  do",
    "  :: assert(!broken)",
    "  od",
    "}",
    "#endif",
    "",
  ].join("\n");
}

function bytesOf(columns: readonly Column[], processes: number): number {
  const widths: Readonly<Record<string, number>> = { short: 2, int: 4 };
  const memory = columns.reduce((sum, { type, size }) => sum + (widths[type] ?? 1) * (size ?? 1), 0);
  return memory + 16 * processes;
}
