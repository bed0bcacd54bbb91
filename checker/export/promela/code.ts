/** Promela expressions: text, how tightly it binds, and its value where that is known. */

export interface Code {
  readonly text: string;
  readonly binds: number;
  /** Null where it depends on the state. */
  readonly value: number | null;
}

/** Binding of something that never needs brackets. */
const atomic = 12;

/** A number, or a name for one. Promela's numbers have no sign, and the least integer has no positive twin. */
export function constant(value: number, name?: string): Code {
  const text = value >= 0 ? `${value}` : value === -(2 ** 31) ? "(-2147483647 - 1)" : `(-${-value})`;
  return { text: name ?? text, binds: atomic, value };
}

export const yes: Code = constant(1, "true");
export const no: Code = constant(0, "false");

/** A variable, or an element of an array. */
export function atom(text: string): Code {
  return { text, binds: atomic, value: null };
}

function ofBoolean(value: boolean): Code {
  return value ? yes : no;
}

function inBrackets({ text, binds }: Code, least: number): string {
  return binds < least ? `(${text})` : text;
}

interface Operator {
  readonly binds: number;
  readonly fold: (a: number, b: number) => number | boolean;
}

/** Signs that are easily misread next to others take atoms only. */
const operators = {
  "==": { binds: 6, fold: (a, b) => a === b },
  "!=": { binds: 6, fold: (a, b) => a !== b },
  "<": { binds: 7, fold: (a, b) => a < b },
  "<=": { binds: 7, fold: (a, b) => a <= b },
  ">": { binds: 7, fold: (a, b) => a > b },
  ">=": { binds: 7, fold: (a, b) => a >= b },
  "+": { binds: 9, fold: (a, b) => a + b },
  "-": { binds: 9, fold: (a, b) => a - b },
  "*": { binds: 10, fold: (a, b) => a * b + 0 },
  "/": { binds: 10, fold: (a, b) => Math.trunc(a / b) + 0 },
  "%": { binds: 10, fold: (a, b) => (a % b) + 0 },
  "|": { binds: 3, fold: (a, b) => a | b },
  "&": { binds: 5, fold: (a, b) => a & b },
  "<<": { binds: 8, fold: (a, b) => a << b },
  ">>": { binds: 8, fold: (a, b) => a >>> b },
} as const satisfies Readonly<Record<string, Operator>>;

export type Sign = keyof typeof operators;

export function infix(sign: Sign, a: Code, b: Code): Code {
  const { binds, fold }: Operator = operators[sign];
  // Named constants keep their names.
  if (b.value === 0 && ["+", "-", "<<", ">>", "|"].includes(sign)) return a;
  if (a.value === 0 && (sign === "+" || sign === "|")) return b;
  if (a.value !== null && b.value !== null) {
    const value = fold(a.value, b.value);
    return typeof value === "boolean" ? ofBoolean(value) : constant(value);
  }
  const least = /^[|&<>]{1,2}$/.test(sign) && sign !== "<" && sign !== ">" ? atomic : binds + 1;
  return { text: `${inBrackets(a, least)} ${sign} ${inBrackets(b, least)}`, binds, value: null };
}

export function not(a: Code): Code {
  if (a.value !== null) return ofBoolean(a.value === 0);
  return { text: `!${inBrackets(a, atomic)}`, binds: 11, value: null };
}

export function and(all: readonly Code[]): Code {
  if (all.some(({ value }) => value === 0)) return no;
  return joined("&&", 2, all, yes);
}

export function or(all: readonly Code[]): Code {
  if (all.some(({ value }) => value !== null && value !== 0)) return yes;
  return joined("||", 1, all, no);
}

function joined(sign: string, binds: number, all: readonly Code[], none: Code): Code {
  const unknown = all.filter(({ value }) => value === null);
  const [first] = unknown;
  if (first === undefined) return none;
  if (unknown.length === 1) return first;
  return { text: unknown.map((code) => inBrackets(code, binds + 1)).join(` ${sign} `), binds, value: null };
}

/** `(test -> a : b)`. */
export function choose(test: Code, a: Code, b: Code): Code {
  if (test.value !== null) return test.value === 0 ? b : a;
  if (a.text === b.text) return a;
  return atom(`(${test.text} -> ${a.text} : ${b.text})`);
}
