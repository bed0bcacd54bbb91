/** Declarations of a module: individuals, operators, variables and where they start. */
import { type Actor, describeSort, type Model, sizeOf } from "../../../models/language/index.ts";
import { commentText } from "../names.ts";
import { type Environment, found } from "./environment.ts";
import { quoted } from "./sort.ts";

export function identityLines({ identities }: Model, { names }: Environment): readonly string[] {
  const lines = Object.entries(identities).flatMap(([name, size]) => [
    `${found(names.identities, name)} == 0 .. ${size - 1}`,
    `${found(names.nones, name)} == ${size}`,
  ]);
  return lines.length === 0 ? [] : ["\\* Individuals, and what stands for none of them.", ...lines, ""];
}

/** What the language has and TLA+ has not. */
export const operatorLines = [
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

export function variableLines(model: Model, { names }: Environment): readonly string[] {
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

/** An actor is always at one of its points. */
export function pointsText(name: string, model: Model, { names }: Environment): string {
  const actor = model.actors.find((a) => a.name === name);
  const points = `{${Object.keys(actor?.config.states ?? {})
    .map(quoted)
    .join(", ")}}`;
  const variable = found(names.points, name);
  return actor?.forEach === undefined
    ? `${variable} \\in ${points}`
    : `${variable} \\in [${found(names.identities, actor.forEach)} -> ${points}]`;
}

export function startText({ name, forEach, config }: Actor, { names, scope }: Environment): string {
  const start = quoted(config.initial);
  const variable = found(names.points, name);
  if (forEach === undefined || sizeOf(scope.identities, forEach) === 0) return `${variable} = ${start}`;
  return `${variable} = [${names.take("i")} \\in ${found(names.identities, forEach)} |-> ${start}]`;
}
