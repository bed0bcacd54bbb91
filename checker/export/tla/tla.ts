/** A model as a module of TLA+ and the configuration with which TLC checks it. */
import {
  type Actor,
  describeSort,
  type Model,
  type Property,
  sizeOf,
} from "../../../models/language/index.ts";
import { commentText, identifier } from "../names.ts";
import { type Action, actionsOf, parameterNames } from "./action.ts";
import { type Environment, found, namesOf } from "./environment.ts";
import { type Formula, propertyFormula } from "./property.ts";
import { quoted, setText, valueText } from "./sort.ts";

export interface TlaText {
  /** Name of the module, which its file must have. */
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/** @param file - name of the file without its ending; that of the model where absent */
export function tlaText(model: Model, sorts: string, file?: string): TlaText {
  const names = namesOf(model);
  const name = identifier(file ?? model.name);
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
    "\\* Something moves as long as anything can; beyond that each actor has the fairness that it asks for.",
    "Fairness ==",
    "  /\\ WF_vars(Next)",
    ...instances.flatMap(({ fairness, call, over }) => {
      if (fairness === "none") return [];
      const sign = fairness === "strong" ? "SF" : "WF";
      return [`  /\\ ${over === "" ? "" : `\\A ${over}`}${sign}_vars(${call})`];
    }),
    "",
    "Spec == Init /\\ [][Next]_vars /\\ Fairness",
    "-".repeat(72),
    ...model.properties.flatMap((property, i) => propertyLines(property, formulas[i] ?? null)),
    "=".repeat(72),
    "",
  ];
  return { name, module: module.join("\n"), config: configText(formulas) };
}

function identityLines({ identities }: Model, { names }: Environment): readonly string[] {
  const lines = Object.entries(identities).flatMap(([name, size]) => [
    `${found(names.identities, name)} == 0 .. ${size - 1}`,
    `${found(names.nones, name)} == ${size}`,
  ]);
  return lines.length === 0 ? [] : ["\\* Individuals, and what stands for none of them.", ...lines, ""];
}

const operatorLines = [
  "\\* Lists, and integers that truncate; reading beyond an end is total.",
  "Lists(S, n) == UNION {[1 .. k -> S] : k \\in 0 .. n}",
  "Elements(l) == {l[i] : i \\in DOMAIN l}",
  "First(S) == CHOOSE i \\in S : \\A j \\in S : i <= j",
  "Positions(l, x) == {i \\in DOMAIN l : l[i] = x}",
  "NextIn(l, x, otherwise) ==",
  "  IF Positions(l, x) = {} THEN otherwise",
  "  ELSE IF First(Positions(l, x)) = Len(l) THEN otherwise ELSE l[First(Positions(l, x)) + 1]",
  "Without(l, x) ==",
  "  IF Positions(l, x) = {} THEN l",
  "  ELSE SubSeq(l, 1, First(Positions(l, x)) - 1) \\o SubSeq(l, First(Positions(l, x)) + 1, Len(l))",
  "Absolute(a) == IF a < 0 THEN -a ELSE a",
  "Quotient(a, b) ==",
  "  IF b = 0 THEN 0",
  "  ELSE IF (a < 0) = (b < 0) THEN Absolute(a) \\div Absolute(b) ELSE -(Absolute(a) \\div Absolute(b))",
  "Remainder(a, b) == IF b = 0 THEN 0 ELSE a - b * Quotient(a, b)",
  "Least(a, b) == IF a < b THEN a ELSE b",
  "Greatest(a, b) == IF a < b THEN b ELSE a",
  "",
];

function variableLines(model: Model, { names }: Environment): readonly string[] {
  const variables = Object.entries(model.variables).map(([name, { sort, doc }]) => [
    found(names.variables, name),
    `${doc}${doc === "" ? "" : ": "}${describeSort(sort)}`,
  ]);
  const points = model.actors.map(({ name }) => [found(names.points, name), `program point of ${name}`]);
  const all = [...variables, ...points];
  return all.map(
    ([name = "", about = ""], i) => `  ${name}${i + 1 < all.length ? "," : ""} \\* ${commentText(about)}`,
  );
}

function pointsText(name: string, model: Model, { names }: Environment): string {
  const actor = model.actors.find((a) => a.name === name);
  const points = `{${Object.keys(actor?.config.states ?? {})
    .map(quoted)
    .join(", ")}}`;
  const variable = found(names.points, name);
  return actor?.forEach === undefined
    ? `${variable} \\in ${points}`
    : `${variable} \\in [${found(names.identities, actor.forEach)} -> ${points}]`;
}

function startText({ name, forEach, config }: Actor, { names, scope }: Environment): string {
  const start = quoted(config.initial);
  const variable = found(names.points, name);
  if (forEach === undefined || sizeOf(scope.identities, forEach) === 0) return `${variable} = ${start}`;
  return `${variable} = [${names.take("i")} \\in ${found(names.identities, forEach)} |-> ${start}]`;
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
  if (formula === null)
    return [about, `\\* TLA+ as TLC checks it has no formula for this (${property.kind}).`, ""];
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
    "",
  ].join("\n");
}
