/** The parts of a Promela text around its processes: declarations, macros, and what they are for. */
import { describeSort, type Model, type System } from "../../../models/language/index.ts";
import { commentText } from "../names.ts";
import type { Claim, LeftOut } from "./claim.ts";
import { and, atom, type Code, infix, not, or } from "./code.ts";
import { baseOf, type Column } from "./columns.ts";
import type { Note } from "./formula.ts";
import { type Layout, nowhere } from "./names.ts";
import type { Environment } from "./operation.ts";
import { enabled } from "./step.ts";

/** How to have SPIN count states and judge properties. */
export function heading(model: Model, claims: readonly Claim[], left: readonly LeftOut[]): string {
  const first = claims.find(({ form }) => form !== "states") ?? claims[0];
  const call = ["./pan", ...(first?.args ?? [])].join(" ");
  const judge = [
    `   A property, for instance ${first?.id}:`,
    `     spin -D${first?.macro} -o1 -o2 -o3 -a model.pml && gcc -O2 -DNOREDUCE -o pan pan.c && ${call}`,
    "   An error means that it is violated; of a property `reachable`, that it holds.",
  ];
  return [
    `/* ${commentText(model.name)}: ${commentText(model.title)}`,
    "",
    "   Written by kmmcheck export. One process an actor, one d_step a step: SPIN stores as many states as kmmcheck",
    "   counts, and one transition more, since it counts the way to the initial state.",
    "     spin -o1 -o2 -o3 -a model.pml && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan",
    ...(first === undefined ? [] : judge),
    ...left.map(({ id, reason }) => `   ${commentText(id)} has no claim: ${reason}.`),
    "   Options of spin: without -o2 it forgets values that are not read again, and counts fewer states. */",
    "",
  ].join("\n");
}

export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`/* ${title} */`, ...lines, ""].join("\n");
}

export function columnLine({ name, type, size, initial }: Column): string {
  const [first = 0] = initial;
  if (size === null) return `${type} ${name}${first === 0 ? "" : ` = ${first}`};`;
  const start = initial.every((value) => value === first)
    ? first === 0
      ? ""
      : ` = ${first}`
    : ` = { ${initial.join(", ")} }`;
  return `${type} ${name}[${size}]${start};`;
}

/** A variable: what it is, and its columns. */
export function variableLines(model: Model, { columns }: Layout): readonly string[] {
  return Object.entries(model.variables).flatMap(([name, { sort, doc }]) => {
    const base = baseOf(sort);
    const stored = base === 0 ? "" : `, stored from ${base} on`;
    const about = `${commentText(doc)}${doc === "" ? "" : ": "}${commentText(describeSort(sort))}${stored}`;
    return [`/* ${about} */`, ...(columns[name] ?? []).map(columnLine)];
  });
}

/** What steps do at their start. It does nothing, and costs nothing, where no such property is asked for. */
export function beginText(asserted: readonly Claim[], moves: boolean): string {
  const lines = asserted.flatMap(({ name, macro }) => [
    `#ifdef ${macro}`,
    `bool failed_${name};`,
    `#define ASSERT_${name}(holds) failed_${name} = !(holds);`,
    `#define FORGET_${name} failed_${name} = false;`,
    "#else",
    `#define ASSERT_${name}(holds)`,
    `#define FORGET_${name}`,
    "#endif",
  ]);
  const begin = [...asserted.map(({ name }) => `FORGET_${name}`), ...(moves ? ["MOVES"] : [])];
  return [
    asserted.length === 0
      ? ""
      : section("Assertions: whether the last step was one where it is false", lines),
    begin.length === 0 ? "" : section("At the start of every step", [`#define BEGIN ${begin.join(" ")}`]),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

/**
 * What steps note at their end: the conditions that a formula reads. What a note starts with is a literal, since SPIN fills
 * in its variables type by type: a condition in its place would be read before the variables have their first values.
 */
export function noteText(
  claims: readonly { readonly claim: Claim; readonly notes: readonly Note[] }[],
): string {
  const lines = claims.flatMap(({ claim: { macro, name }, notes }) => [
    `#ifdef ${macro}`,
    ...notes.map((note) => `#define NOW_${note.name} (${note.code.text})`),
    ...notes.map((note) => `bool ${note.name}${note.first ? " = true" : ""};`),
    `#define NOTE_${name} ${notes.map((note) => `${note.name} = NOW_${note.name};`).join(" ")}`,
    "#else",
    `#define NOTE_${name}`,
    "#endif",
  ]);
  if (lines.length === 0) return "";
  const end = `#define END ${claims.map(({ claim }) => `NOTE_${claim.name}`).join(" ")}`;
  return section(
    "Formulas read names only: whether their conditions are true, noted at the end of every step",
    [...lines, end],
  );
}

/** `halted`: no step is possible, errors of the model included. */
export function haltedText(
  system: System,
  layout: Layout,
  env: Environment,
): { readonly text: string; readonly stuck: readonly string[] } {
  const stuck = system.instances.map((instance, position) => {
    const here = atom(layout.names.pointOf(instance));
    const ways = instance.points.map((point, from) => {
      const steps = system.steps.filter((step) => step.instance === position && step.from === from);
      const able = or(steps.map((step) => enabled(step, env)));
      return able.value === 0
        ? able
        : and([infix("==", here, layout.names.point(instance.actor.name, point)), able]);
    });
    return not(or(ways));
  });
  const names = system.instances.map(({ name }) => layout.names.take(`stuck_${name}`));
  const text = section("No step is possible", [
    ...stuck.map((code, i) => `#define ${names[i]} (${code.text})`),
    `#define halted (${names.join(" && ")})`,
  ]);
  return { text, stuck: names };
}

/** `broken` and how a step becomes an error: all that it did is thrown away, and nothing follows. */
export function brokenText(layout: Layout, scratch: Code, begins: boolean): string {
  const columns = [...Object.values(layout.columns).flat(), ...layout.points];
  const sizes = [...new Set(columns.flatMap(({ size }) => (size === null ? [] : [size])))];
  const value = (column: Column) => (layout.points.includes(column) ? `${nowhere}` : "0");
  const single = columns
    .filter(({ size }) => size === null)
    .map((column) => `  ${column.name} = ${value(column)};`);
  const arrays = sizes.flatMap((size) => [
    `  ${scratch.text} = 0;`,
    "  do",
    `  :: ${scratch.text} < ${size} ->`,
    ...columns
      .filter((column) => column.size === size)
      .map((column) => `     ${column.name}[${scratch.text}] = ${value(column)};`),
    `     ${scratch.text}++`,
    "  :: else -> break",
    `  od;`,
  ]);
  return section(
    "A step that writes outside a sort is an error of the model: one more state, which nothing leaves",
    [
      "bool broken;",
      "inline give_up() {",
      ...(begins ? ["  BEGIN"] : []),
      ...single,
      ...arrays,
      "  broken = true",
      "}",
    ],
  );
}
