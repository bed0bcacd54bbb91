/** A model as a module of TLA+ and the configuration with which TLC checks it. */
import type { Actor, Model, Property } from "../../../models/language/index.ts";
import { commentText, nameTaker } from "../names.ts";
import { type Action, actionsOf, parameterNames } from "./action.ts";
import { identityLines, operatorLines, pointsText, startText, variableLines } from "./declaration.ts";
import { type Environment, found, namesOf } from "./environment.ts";
import { type Formula, propertyFormula, whyNoFormula } from "./property.ts";
import { setText, valueText } from "./sort.ts";

export interface TlaText {
  /** Name of the module, which its file must have. */
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/** What is extended, and what that extends: a file of that name beside the module would be read in its place. */
const standardModules = ["Naturals", "Integers", "Sequences", "FiniteSets", "TLC"];

/** @param file - name of the file without its ending; that of the model where absent */
export function tlaText(model: Model, sorts: string, file?: string): TlaText {
  const names = namesOf(model);
  const name = nameTaker(standardModules)(file ?? model.name);
  const env: Environment = {
    names,
    scope: { identities: model.identities, variables: model.variables, bound: {} },
    current: names.variables,
    bound: {},
  };
  const parameters = parameterNames(model, env);
  const actors = model.actors.map((actor) => ({
    actor,
    name: names.take(actor.name),
    actions: actionsOf(actor, env, parameters),
  }));
  const all = [...Object.values(names.variables), ...Object.values(names.points)];
  const self = found(parameters, "self");
  const instances = actors.map(({ actor, name: operator }) => ({
    fairness: actor.fairness,
    call: actor.forEach === undefined ? operator : `${operator}(${self})`,
    over: actor.forEach === undefined ? "" : `${self} \\in ${found(names.identities, actor.forEach)} : `,
  }));
  const actions = actors.flatMap((one) => one.actions);
  const formulas = model.properties.map((property) =>
    propertyFormula(property, { actions, env, self, actors: model.actors }),
  );
  const module = [
    `${"-".repeat(30)} MODULE ${name} ${"-".repeat(30)}`,
    `(* ${commentText(model.name)}: ${commentText(model.title)}`,
    "",
    "   Written by kmmcheck export; check it with TLC and the configuration beside it. *)",
    "EXTENDS Integers, Sequences, FiniteSets, TLC",
    "",
    ...identityLines(model, env),
    ...operatorLines,
    "VARIABLES",
    ...variableLines(model, env),
    "",
    `vars == <<${all.join(", ")}>>`,
    "",
    `\\* ${sorts}: every variable has a value of its sort.`,
    "SORTS ==",
    ...Object.entries(model.variables).map(
      ([variable, { sort }]) => `  /\\ ${found(names.variables, variable)} \\in ${setText(sort, names)}`,
    ),
    ...model.actors.map(({ name: actor }) => `  /\\ ${pointsText(actor, model, env)}`),
    "",
    "Init ==",
    ...Object.entries(model.variables).map(([variable, { sort, initial }]) => {
      const value = valueText(initial, sort, names, model.identities);
      return `  /\\ ${found(names.variables, variable)} = ${value}`;
    }),
    ...model.actors.map((actor) => `  /\\ ${startText(actor, env)}`),
    "",
    ...actors.flatMap((one) => [
      "-".repeat(72),
      `(* ${commentText(one.actor.name)}: ${commentText(one.actor.doc)} *)`,
      "",
      ...one.actions.flatMap(({ lines }) => lines),
      ...actorLines(one.actor, one.name, one.actions, self, env),
      "",
    ]),
    "-".repeat(72),
    "Next ==",
    ...instances.map(({ call, over }) => `  \\/ ${over === "" ? "" : `\\E ${over}`}${call}`),
    "",
    "\\* Something moves as long as anything can; beyond that each actor and step has the fairness that it asks for.",
    ...(model.actors.some(mayMoveInPlace)
      ? [
          "\\* TLA+ takes a step that changes nothing for no move, kmmcheck does not. Some steps here stay at their point: a run that",
          "\\* ends in steps which change nothing, while others are possible, can be fair for kmmcheck and not for TLC.",
        ]
      : []),
    "Fairness ==",
    "  /\\ WF_vars(Next)",
    ...instances.flatMap(({ fairness, call, over }) => {
      if (fairness === "none") return [];
      const sign = fairness === "strong" ? "SF" : "WF";
      return [`  /\\ ${over === "" ? "" : `\\A ${over}`}${sign}_vars(${call})`];
    }),
    ...actors.flatMap(({ actor, actions: own }) =>
      own.flatMap((action) => fairStep(actor, action, self, env)),
    ),
    "",
    "Spec == Init /\\ [][Next]_vars /\\ Fairness",
    "-".repeat(72),
    ...model.properties.flatMap((property, i) => propertyLines(property, formulas[i] ?? null)),
    "=".repeat(72),
    "",
  ];
  return { name, module: module.join("\n"), config: configText(formulas) };
}

/** A step that asks for fairness by itself, for each instance and choice. */
function fairStep(
  { forEach }: Actor,
  { fairness, call, parameters }: Action,
  self: string,
  { names }: Environment,
): readonly string[] {
  if (fairness === null) return [];
  const all = [...(forEach === undefined ? [] : [{ name: self, of: forEach }]), ...parameters];
  const over = all.map(({ name, of }) => `\\A ${name} \\in ${found(names.identities, of)} : `).join("");
  return [`  /\\ ${over}${fairness === "strong" ? "SF" : "WF"}_vars(${call})`];
}

/**
 * True where a step of the actor may change nothing, as far as its text tells: it stays at its point. Its effects may write
 * what is there already. Since `WF_vars(Next)` asks something of every actor, it matters of those without fairness, too.
 */
function mayMoveInPlace({ config }: Actor): boolean {
  return Object.entries(config.states).some(([point, { on }]) =>
    Object.values(on ?? {})
      .flat()
      .some(({ target = point }) => target === point),
  );
}

function actorLines(
  { forEach }: Actor,
  name: string,
  actions: readonly Action[],
  self: string,
  { names }: Environment,
): readonly string[] {
  const steps = actions.map(({ call, parameters }) => {
    const over = parameters.map((p) => `\\E ${p.name} \\in ${found(names.identities, p.of)} : `);
    return `  \\/ ${over.join("")}${call}`;
  });
  const head = forEach === undefined ? name : `${name}(${self})`;
  return [`${head} ==`, ...(steps.length === 0 ? ["  FALSE"] : steps)];
}

function propertyLines(property: Property, formula: Formula | null): readonly string[] {
  const about = `\\* ${commentText(property.id)}: ${commentText(property.title)}.`;
  if (formula === null) return [about, `\\* ${whyNoFormula(property)}`, ""];
  return [about, `\\* ${commentText(formula.about)}`, `${formula.name} ==`, `  ${formula.text}`, ""];
}

function configText(formulas: readonly (Formula | null)[]): string {
  const of = (role: Formula["role"]) =>
    formulas.flatMap((formula) => (formula?.role === role ? [`  ${formula.name}`] : []));
  const properties = of("PROPERTY");
  return [
    "SPECIFICATION Spec",
    "CHECK_DEADLOCK FALSE",
    "INVARIANT",
    "  SORTS",
    ...of("INVARIANT"),
    ...(properties.length === 0 ? [] : ["PROPERTY", ...properties]),
    ...goalLines(of("GOAL")),
    "",
  ].join("\n");
}

/** Goals are for a run of their own: TLC ends at the first invariant that is violated. */
function goalLines(goals: readonly string[]): readonly string[] {
  if (goals.length === 0) return [];
  return [
    "\\* Goals, each written as the invariant that it is not reached. So TLC must report a violation: the run that gets",
    "\\* there. It ends at the first one, so check them one at a time, in place of everything else.",
    ...goals.map((name) => `\\* INVARIANT ${name.trim()}`),
  ];
}
