/** Parents in two bits a state, against a plain list. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { birthWords, parentsOf } from "../../checker/explore/births.ts";
import { explore } from "../../checker/explore/explore.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { successorReader } from "../../checker/property/successors.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

/** What the engine does for each new state. */
function birthsOf(parents: readonly number[]): Int32Array {
  const births = new Int32Array(birthWords(parents.length));
  parents.forEach((parent, state) => {
    const bit = state + parent;
    const word = births[bit >>> 5];
    if (word === undefined) throw new Error(`no word for bit ${bit}`);
    births[bit >>> 5] = word | (1 << bit);
  });
  return births;
}

/** Never falling, and each one before its child. */
const families = fc.array(fc.nat({ max: 40 }), { maxLength: 3000 }).map((steps) => {
  const parents = [0];
  for (const step of steps) {
    const last = parents.at(-1) ?? 0;
    // Mostly the same parent again, sometimes a leap.
    parents.push(Math.min(parents.length - 1, step < 20 ? last : last + step * step));
  }
  return parents;
});

test("the parent of each state is the one that was noted", () => {
  fc.assert(
    fc.property(families, (parents) => {
      const parent = parentsOf(birthsOf(parents), parents.length);
      expect(parents.map((_, state) => parent(state))).toEqual(parents);
    }),
    runs(200),
  );
});

test.each([
  ["one chain", (s: number) => Math.max(0, s - 1)],
  ["all of one parent", () => 0],
  ["two children each", (s: number) => Math.max(0, Math.floor((s - 1) / 2))],
] as const)("%s, over many entries of the directory", (_, parentOf) => {
  const parents = Array.from({ length: 100_000 }, (_, s) => parentOf(s));
  const parent = parentsOf(birthsOf(parents), parents.length);
  for (let s = 0; s < parents.length; s += 17) expect(parent(s)).toBe(parents[s]);
  expect(parent(99_999)).toBe(parents[99_999]);
});

test("words end with the last state's bit", () => {
  expect([1, 16, 17, 32, 33].map(birthWords)).toEqual([1, 1, 2, 2, 3]);
});

test("a search notes for each state the first one that has it as a successor", () => {
  fc.assert(
    fc.property(smallModel(300), (model) => {
      const exploration = explore(lowerModel(model), [], unlimited);
      const { states } = exploration.counts;
      const reader = successorReader(exploration);
      const first = new Map([[0, 0]]);
      for (let s = 0; s < states; s++) {
        const edges = reader.read(s);
        for (const target of reader.targets.subarray(0, edges)) if (!first.has(target)) first.set(target, s);
      }
      const parent = exploration.parents();
      expect(Array.from({ length: states }, (_, s) => parent(s))).toEqual(
        Array.from({ length: states }, (_, s) => first.get(s)),
      );
    }),
    runs(50),
  );
});
