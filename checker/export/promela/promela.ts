/** A model as Promela text for SPIN, with the same states and transitions. */
import { flatten, type Model, type Property, scopeOf } from "../../../models/language/index.ts";
import { identifier, type TakeName } from "../names.ts";
import { type Claim, claimText } from "./claim.ts";
import { atom, type Code } from "./code.ts";
import type { Column } from "./columns.ts";
import { condition } from "./expression.ts";
import { nameAll } from "./names.ts";
import type { Environment } from "./operation.ts";
import { brokenText, columnLine, haltedText, heading, macroText, section, variableLines } from "./section.ts";
import { processTexts } from "./step.ts";

export interface PromelaText {
  readonly text: string;
  /** Processes, and an estimate of the bytes of a state: SPIN must be told where either is large. */
  readonly processes: number;
  readonly stateBytes: number;
  /** Those properties that SPIN can judge. */
  readonly claims: readonly Claim[];
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
  const strong = model.actors.some(({ fairness }) => fairness === "strong");
  const properties = model.properties.filter(({ kind }) => claimable(kind, strong));
  const claims = properties.map((property) => claimOf(property, names.take));
  const asserted = claims.filter(({ kind }) => kind === "assertion");
  const responses = claims.filter(({ response }) => response);
  const idles = responses.length > 0 && model.actors.some(({ fairness }) => fairness === "none");
  const begins = idles || asserted.length > 0;
  const scratch: Code[] = [];
  const scratchAt = (position: number) => {
    scratch[position] ??= atom(names.take(`tmp_${position}`));
    return scratch[position];
  };
  const assertions = new Map(asserted.map(({ id, name }) => [id, `ASSERT_${name}`]));
  const options = { system, names, processes, env, scratch: scratchAt, assertions, idles, begins };
  const { text: steps, fallible } = processTexts(options);
  const halts = idles || claims.some(({ kind }) => kind === "deadlock");
  const sortsClaim = claimFor(sorts, "assertion", sorts);
  const body = [
    macroText(asserted, responses, idles),
    halts ? haltedText(system, layout, env) : "",
    fallible ? brokenText(layout, scratchAt(0), begins) : "",
    steps,
    ...properties.map((property, i) => {
      const claim = claims[i] ?? sortsClaim;
      const failed = `failed_${claim.name}`;
      return claimText(property, claim, { condition: (e) => condition(e, env), fallible, idles, failed });
    }),
    fallible ? sortsText(sortsClaim) : "",
  ];
  // What the body uses is declared above it, so that is written last.
  const head = [
    heading(model, claims),
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
    processes: system.instances.length,
    stateBytes: bytesOf([...Object.values(layout.columns).flat(), ...layout.points], system.instances.length),
    claims,
    sorts: fallible ? sortsClaim : null,
  };
}

/** SPIN knows no strong fairness, and no claim says that something stays possible. */
function claimable(kind: Property["kind"], strong: boolean): boolean {
  if (kind === "leadsTo") return !strong;
  return ["invariant", "assertion", "reachable", "deadlock"].includes(kind);
}

function claimOf({ id, kind }: Property, take: TakeName): Claim {
  return claimFor(id, kind, take(identifier(id)));
}

function claimFor(id: string, kind: Property["kind"], name: string): Claim {
  return {
    id,
    kind,
    name,
    macro: `PROP_${name}`,
    response: kind === "leadsTo",
    errorMeansHolds: kind === "reachable",
  };
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
