/**
 * The packed state: every program point and every variable has a bit range in 32-bit words, and no range crosses a word.
 * Flat values take one range, wider ones a range for each flat part (and one for a list's length).
 */
import type { Identities, Sort, State, System, Value } from "../../models/language/index.ts";
import {
  assemble,
  bitsFor,
  bitsOf,
  decode,
  encode,
  isFlat,
  lengthBits,
  partSorts,
  partValues,
  zeroValue,
} from "./shape.ts";

/** A bit range: `bits` bits of word `word` from bit `shift` up. A range of 0 bits always reads 0. */
export interface Range {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/** The ranges of one variable. */
export type Slot =
  | { readonly form: "flat"; readonly sort: Sort; readonly range: Range }
  | {
      readonly form: "parts";
      readonly sort: Sort;
      /** Range of a list's length; null for records and arrays. */
      readonly length: Range | null;
      readonly parts: readonly Slot[];
    };

export interface Layout {
  readonly identities: Identities;
  /** 32-bit words of a state. */
  readonly words: number;
  /** Bits in use. */
  readonly bits: number;
  /** Range of the program point of each instance. */
  readonly points: readonly Range[];
  readonly slots: Readonly<Record<string, Slot>>;
}

interface Demand {
  readonly bits: number;
  readonly order: number;
  range?: Range;
}

/** Gives every program point and variable its bit ranges: widest first, into the first word with room. */
export function layOut(system: System): Layout {
  const { identities } = system.model;
  const demands: Demand[] = [];
  const ask = (bits: number): Demand => {
    const demand: Demand = { bits, order: demands.length };
    demands.push(demand);
    return demand;
  };
  const points = system.instances.map((instance) => ask(bitsFor(instance.points.length)));
  const wanted = Object.entries(system.model.variables).map(
    ([name, { sort }]) => [name, want(sort)] as const,
  );

  type Wanted =
    | { readonly sort: Sort; readonly flat: Demand }
    | { readonly sort: Sort; readonly length: Demand | null; readonly parts: readonly Wanted[] };
  function want(sort: Sort): Wanted {
    if (isFlat(sort, identities)) return { sort, flat: ask(bitsOf(sort, identities)) };
    const length = sort.kind === "list" ? ask(lengthBits(sort)) : null;
    return { sort, length, parts: partSorts(sort, identities).map(want) };
  }

  const used: number[] = [];
  for (const demand of demands.toSorted((a, b) => b.bits - a.bits || a.order - b.order)) {
    let word = used.findIndex((bits) => bits + demand.bits <= 32);
    if (word < 0) word = used.push(0) - 1;
    demand.range = { word, shift: used[word]!, bits: demand.bits };
    used[word]! += demand.bits;
  }
  const slotOf = (w: Wanted): Slot =>
    "flat" in w
      ? { form: "flat", sort: w.sort, range: w.flat.range! }
      : { form: "parts", sort: w.sort, length: w.length?.range ?? null, parts: w.parts.map(slotOf) };
  return {
    identities,
    words: Math.max(1, used.length),
    bits: used.reduce((sum, bits) => sum + bits, 0),
    points: points.map((demand) => demand.range!),
    slots: Object.fromEntries(wanted.map(([name, w]) => [name, slotOf(w)])),
  };
}

/** The packed form of a state: signed 32-bit words. */
export function pack(layout: Layout, state: State): Int32Array {
  const words = new Int32Array(layout.words);
  const put = (range: Range, code: number) => {
    words[range.word]! |= range.bits === 0 ? 0 : code << range.shift;
  };
  const putValue = (slot: Slot, value: Value) => {
    if (slot.form === "flat") {
      put(slot.range, encode(value, slot.sort, layout.identities));
      return;
    }
    const parts = partValues(value, slot.sort);
    if (slot.length !== null) put(slot.length, parts.length);
    slot.parts.forEach((part, i) => {
      putValue(part, parts[i] ?? zeroValue(part.sort, layout.identities));
    });
  };
  layout.points.forEach((range, i) => {
    put(range, state.points[i]!);
  });
  for (const [name, slot] of Object.entries(layout.slots)) putValue(slot, state.context[name]!);
  return words;
}

/** The state with this packed form, read from `words` at `offset`. */
export function unpack(layout: Layout, words: Int32Array, offset = 0): State {
  const get = ({ word, shift, bits }: Range) =>
    bits === 0
      ? 0
      : bits === 32
        ? words[offset + word]! >>> 0
        : (words[offset + word]! >>> shift) & (2 ** bits - 1);
  const getValue = (slot: Slot): Value => {
    if (slot.form === "flat") return decode(get(slot.range), slot.sort, layout.identities);
    return assemble(slot.parts.map(getValue), slot.sort, slot.length === null ? 0 : get(slot.length));
  };
  return {
    points: layout.points.map(get),
    context: Object.fromEntries(Object.entries(layout.slots).map(([name, slot]) => [name, getValue(slot)])),
  };
}
