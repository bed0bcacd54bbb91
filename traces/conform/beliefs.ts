/**
 * Beliefs: the sets of model states that fit what a log has shown so far, determinised as far as a log needs it.
 *
 * A belief is a number; its set is closed under silent steps. What follows a belief is computed once and then looked up.
 * An event that the log has not shown yet may not have been recorded, so the steps that show it are silent until then.
 */
import type { Kind } from "../event.ts";
import { kindOf, OTHER_MIGRATE, OTHER_SCAN, SYMBOLS } from "./alphabet.ts";
import type { Graph } from "./graph.ts";

/** No state fits. */
export const NOTHING = 0;
/** Every reachable state fits: what is known where a log starts, or goes on after a hole. */
export const ANYWHERE = 1;

/** What other mms have shown before an event: by the numbers of {@link before}. */
export const PREFIXES: readonly (readonly number[])[] = [
  [],
  [OTHER_SCAN],
  [OTHER_MIGRATE],
  [OTHER_SCAN, OTHER_MIGRATE],
  [OTHER_MIGRATE, OTHER_SCAN],
];
/** More than fit into memory: pairs of beliefs have a number each. */
const MOST_BELIEFS = 2 ** 26;
const COLUMNS = PREFIXES.length * SYMBOLS;

export interface Beliefs {
  /** From now on steps that show events of this kind are no longer silent. */
  readonly reveal: (kind: Kind) => void;
  /** The belief after what other mms showed (an index of {@link PREFIXES}) and then an event. */
  readonly step: (belief: number, prefix: number, symbol: number) => number;
  /** The belief after what other mms showed. */
  readonly after: (belief: number, prefix: number) => number;
  readonly union: (a: number, b: number) => number;
  /** The states of a belief, ascending. */
  readonly members: (belief: number) => Uint32Array;
  /** Beliefs there are so far. */
  readonly count: () => number;
}

export function createBeliefs(graph: Graph): Beliefs {
  const { states, edges, shows } = graph;
  const { first, targets, steps } = edges;
  const silent = Uint8Array.from(shows, (symbols) =>
    symbols.every((symbol) => symbol > OTHER_MIGRATE) ? 1 : 0,
  );
  const sets: Uint32Array[] = [];
  const numbers = new Map<string, number>();
  const unions = new Map<number, number>();
  /** One table for each set of events that are recorded. */
  const tables = new Map<number, Int32Array<ArrayBuffer>>();
  let recorded = 0;
  let table = new Int32Array(64 * COLUMNS).fill(-1);
  const marked = new Uint8Array(states);

  /** Interns the marked states, and unmarks them. */
  function intern(marks: number[]): number {
    const set = Uint32Array.from(marks).sort();
    for (const state of set) marked[state] = 0;
    const key = String.fromCharCode(...set);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = sets.push(set) - 1;
    numbers.set(key, number);
    reserve();
    return number;
  }

  function reserve(): void {
    if (sets.length * COLUMNS <= table.length) return;
    const larger = new Int32Array(Math.max(2 * table.length, sets.length * COLUMNS)).fill(-1);
    larger.set(table);
    table = larger;
  }

  function mark(marks: number[], state: number): void {
    if (marked[state] === 1) return;
    marked[state] = 1;
    marks.push(state);
  }

  /** Adds what silent steps lead to. */
  function close(marks: number[]): number[] {
    for (let i = 0; i < marks.length; i++) {
      const state = marks[i] ?? 0;
      for (let e = first[state] ?? 0; e < (first[state + 1] ?? 0); e++)
        if (silent[steps[e] ?? 0] === 1) mark(marks, targets[e] ?? 0);
    }
    return marks;
  }

  function move(belief: number, symbol: number): number {
    const marks: number[] = [];
    for (const state of sets[belief] ?? [])
      for (let e = first[state] ?? 0; e < (first[state + 1] ?? 0); e++)
        if (shows[steps[e] ?? 0]?.includes(symbol) === true) mark(marks, targets[e] ?? 0);
    return intern(close(marks));
  }

  const after = (belief: number, prefix: number): number => (PREFIXES[prefix] ?? []).reduce(move, belief);

  intern([]);
  intern(Array.from({ length: states }, (_, state) => state));

  return {
    reveal(kind) {
      tables.set(recorded, table);
      recorded |= 1 << kind;
      table = tables.get(recorded) ?? new Int32Array(64 * COLUMNS).fill(-1);
      reserve();
      shows.forEach((symbols, step) => {
        if (symbols.some((symbol) => kindOf(symbol) === kind)) silent[step] = 0;
      });
    },
    step(belief, prefix, symbol) {
      const at = belief * COLUMNS + prefix * SYMBOLS + symbol;
      const known = table[at] ?? -1;
      if (known >= 0) return known;
      const next = move(after(belief, prefix), symbol);
      table[at] = next;
      return next;
    },
    after,
    union(a, b) {
      if (a === b || b === NOTHING) return a;
      if (a === NOTHING) return b;
      const key = a * MOST_BELIEFS + b;
      const known = unions.get(key);
      if (known !== undefined) return known;
      const marks: number[] = [];
      for (const belief of [a, b]) for (const state of sets[belief] ?? []) mark(marks, state);
      const both = intern(marks);
      unions.set(key, both);
      return both;
    },
    members: (belief) => sets[belief] ?? new Uint32Array(0),
    count: () => sets.length,
  };
}
