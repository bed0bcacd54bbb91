/** What is done to lists, which are arrays with a length and 0 beyond it. */
import { atom, type Code, constant, infix } from "./code.ts";
import type { Shape } from "./columns.ts";
import { type Place, store, type WriteEnvironment } from "./place.ts";
import type { Statement } from "./statement.ts";
import { columnAt, type Index, inside, type Symbolic } from "./value.ts";

export interface ListPlace extends Place {
  readonly shape: Shape & { readonly kind: "list" };
  readonly length: Code;
}

/** Columns of element `index`. */
function columns({ shape, offset }: ListPlace, index: Index): readonly string[] {
  const at = inside(offset, shape.sort.capacity, index);
  const of = (part: Shape): readonly string[] => {
    if (part.kind === "scalar") return [columnAt(part, at)];
    return part.kind === "record" ? Object.values(part.fields).flatMap(of) : [];
  };
  return of(shape.of);
}

function copies(to: ListPlace, toIndex: Index, from: ListPlace, fromIndex: Index): readonly Statement[] {
  const sources = columns(from, fromIndex);
  return columns(to, toIndex).map((target, i) => `${target} = ${sources[i] ?? target}`);
}

function zeros(list: ListPlace, index: Index): readonly Statement[] {
  return columns(list, index).map((target) => `${target} = 0`);
}

export function append(list: ListPlace, value: Symbolic, env: WriteEnvironment): readonly Statement[] {
  const offset = inside(list.offset, list.shape.sort.capacity, list.length);
  const element: Place = { ...list, shape: list.shape.of, offset };
  return [...store(element, value, env), `${list.length.text}++`];
}

/** Takes the element at `index`, which is there, out of the list. */
export function unlink(list: ListPlace, index: Code, env: WriteEnvironment): readonly Statement[] {
  const { text, value } = list.length;
  if (list.shape.sort.capacity === 1) return [...zeros(list, constant(0)), `${text} = 0`];
  const at = index.value === null ? index : env.notes.scratch();
  const behind = infix("+", at, constant(1));
  return [
    ...(index.value === null ? [] : [`${at.text} = ${index.value}`]),
    {
      kind: "while",
      test: infix("<", behind, { text, binds: 12, value }),
      do: [...copies(list, at, list, behind), `${at.text}++`],
    },
    `${text}--`,
    ...zeros(list, at),
  ];
}

/** Takes the elements out of which `gone` is true, all judged before the first is moved. */
export function drop(list: ListPlace, gone: readonly Code[], env: WriteEnvironment): readonly Statement[] {
  if (gone.every(({ value }) => value === 0)) return [];
  const [mask, from, to] = [env.notes.scratch(), env.notes.scratch(), env.notes.scratch()];
  const bits = gone.map((test, i) => infix("<<", test, constant(i)));
  const all = bits.reduce((sum, next) => infix("|", sum, next), constant(0));
  const stays = infix("==", infix("&", infix(">>", mask, from), constant(1)), constant(0));
  return [
    `${mask.text} = ${all.text}`,
    `${from.text} = 0`,
    `${to.text} = 0`,
    {
      kind: "while",
      test: infix("<", from, list.length),
      do: [
        { kind: "if", test: stays, then: [...copies(list, to, list, from), `${to.text}++`], else: [] },
        `${from.text}++`,
      ],
    },
    {
      kind: "while",
      test: infix(">", list.length, to),
      do: [`${list.length.text}--`, ...zeros(list, list.length)],
    },
  ];
}

export function clear(list: ListPlace): readonly Statement[] {
  const some = infix(">", list.length, constant(0));
  return [
    { kind: "while", test: some, do: [`${list.length.text}--`, ...zeros(list, atom(list.length.text))] },
  ];
}

/** Moves all elements to the end of `to`, which has room. */
export function splice(from: ListPlace, to: ListPlace, env: WriteEnvironment): readonly Statement[] {
  const at = env.notes.scratch();
  return [
    `${at.text} = 0`,
    {
      kind: "while",
      test: infix("<", at, from.length),
      do: [...copies(to, infix("+", to.length, at), from, at), `${at.text}++`],
    },
    `${to.length.text} = ${infix("+", to.length, at).text}`,
    ...clear(from),
  ];
}
