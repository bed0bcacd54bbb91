/**
 * How many variables differ between two packed states, as a counterexample counts them: array elements apart, history
 * left out.
 */
import type { Model } from "../../models/language/index.ts";
import type { Layout, Range, Slot } from "../lower/layout.ts";
import { bitsOf, partOffsets, partSorts } from "../lower/shape.ts";

/** Bits of one word. */
interface Bits {
  readonly word: number;
  readonly mask: number;
}

/** The bits of one variable or array element. */
type Cell = readonly Bits[];

/** Counts the variables that differ between two states of the same words, given by where they start. */
export function changeCounter(
  layout: Layout,
  model: Model,
): (words: Int32Array, before: number, after: number) => number {
  const cells = Object.entries(model.variables).flatMap(([name, { history }]) => {
    const slot = layout.slots[name];
    return history === true || slot === undefined ? [] : cellsOf(slot, layout);
  });
  return (words, before, after) => {
    const differs = ({ word, mask }: Bits) =>
      (((words[before + word] ?? 0) ^ (words[after + word] ?? 0)) & mask) !== 0;
    return cells.reduce((count, cell) => count + (cell.some(differs) ? 1 : 0), 0);
  };
}

function cellsOf(slot: Slot, { identities }: Layout): readonly Cell[] {
  if (slot.sort.kind !== "array") return [bitsIn(slot)];
  if (slot.form === "parts") return slot.parts.map(bitsIn);
  const { range, sort } = slot;
  const sorts = partSorts(sort, identities);
  return partOffsets(sort, identities).map((offset, i) => {
    const bits = bitsOf(sorts[i] ?? sort, identities);
    return maskOf({ word: range.word, shift: range.shift + offset, bits });
  });
}

function bitsIn(slot: Slot): Cell {
  if (slot.form === "flat") return maskOf(slot.range);
  const length = slot.length === null ? [] : maskOf(slot.length);
  return [...length, ...slot.parts.flatMap(bitsIn)];
}

function maskOf({ word, shift, bits }: Range): Cell {
  if (bits === 0) return [];
  return [{ word, mask: bits === 32 ? -1 : (2 ** bits - 1) << shift }];
}
