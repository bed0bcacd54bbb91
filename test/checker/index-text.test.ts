/** The index of a search, its texts with a poor hash around them: states crowd, and many have the same hash. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lookUpText } from "../../checker/explore/look-up-text.ts";
import { nextSlot } from "../../checker/explore/probe.ts";
import { reindexText } from "../../checker/explore/reindex-text.ts";
import { runs } from "../runs.ts";

interface Index {
  readonly index: Int32Array;
  readonly reindex: (to: number, low: number, high: number) => void;
  readonly enterSpilled: (list: Int32Array, to: number) => void;
  /** The candidates that were not found among so many states. */
  readonly lookUp: (candidates: readonly number[], states: number) => number[];
  /** Where that look ended, for each candidate. */
  readonly places: Int32Array;
  /** The slots of a state's way, up to the first that is free, with what stands there. */
  readonly wayOf: (
    state: number,
  ) => { readonly slot: number; readonly free: boolean; readonly alike: boolean; readonly number: number }[];
}

const slots = 128;
/** Room for the candidates of a batch. */
const capacity = 400;
const look = lookUpText(1, capacity);

/** An index over states of one word. Their hashes choose five slots behind `home`; others differ beyond the slots. */
function indexOver(states: readonly number[], home: number, spilled: Int32Array): Index {
  const text = `let sink = 0, pending = 0, states = 0;
const mask = ${slots - 1}, tags = ~mask, index = new Int32Array(${slots}), hashes = new Int32Array(${capacity}), sources = new Uint32Array(${capacity}), candidates = new Int32Array(${capacity});
function hash(n) { return ((${home} + n % 5) & mask) | ((n % 3) << 20) | ((n % 2) << 31); }
${look.definitions}
${look.lookUp}
${reindexText(1)}
return {
index, reindex, enterSpilled,
lookUp(list, known) {
candidates.set(list); list.forEach((n, k) => { hashes[k] = hash(n); });
pending = list.length; states = known;
return [...fresh.subarray(0, lookUp())].map((k) => list[k]);
},
places,
wayOf(n) {
const way = [];
for (let i = hash(n) & mask, home = i; ; ) {
const e = index[i];
way.push({ slot: i, free: e === 0, alike: e !== 0 && ((e ^ hash(n)) & tags) === 0, number: (e & mask) - 1 });
if (e === 0) return way;
${nextSlot()}
}
},
};`;
  return new Function("arena", "spilled", text)(Int32Array.from(states), spilled) as Index;
}

const someStates = fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 90, size: "max" });
const somewhere = fc.nat(slots - 1);

test("parts that are filled on their own, and what they spill, have every state once, on its way", () => {
  let spills = 0;
  let shortLists = 0;
  fc.assert(
    fc.property(
      someStates,
      somewhere,
      fc.constantFrom(1, 2, 4, 8),
      fc.nat(20),
      (states, home, parts, room) => {
        const spilled = new Int32Array(1 + room);
        const { index, reindex, enterSpilled, wayOf } = indexOver(states, home, spilled);
        const lists = Array.from({ length: parts }, (_, k) => {
          spilled[0] = 0;
          reindex(states.length, (slots / parts) * k, (slots / parts) * (k + 1));
          return spilled.slice();
        });
        if (parts === 1) expect(spilled[0]).toBe(0);
        for (const list of lists) {
          if (list[0] !== 0) spills++;
          if ((list[0] ?? 0) > room) shortLists++;
          enterSpilled(list, states.length);
        }
        expect(index.filter((entry) => entry !== 0)).toHaveLength(states.length);
        states.forEach((state, number) => {
          expect(
            wayOf(state)
              .filter((on) => on.alike)
              .map((on) => on.number),
          ).toContain(number);
        });
      },
    ),
    runs(100),
  );
  expect(spills).toBeGreaterThan(0);
  expect(shortLists).toBeGreaterThan(0);
});

test("a batch is told from the states that are known, however many have the same hash", () => {
  fc.assert(
    fc.property(
      someStates,
      somewhere,
      fc.nat(),
      fc.array(fc.nat(10_000), { maxLength: 300, size: "max" }),
      (states, home, some, others) => {
        const { reindex, lookUp, places, wayOf } = indexOver(states, home, new Int32Array(1));
        reindex(states.length, 0, slots);
        const known = some % (states.length + 1);
        const batch = states.flatMap((state, k) => [state, ...others.slice(3 * k, 3 * k + 3)]);
        // What comes first on a state's way with its hash is what it is compared with, if that is known by now.
        const expected = batch.filter((state) => {
          const end = wayOf(state).find((on) => on.free || on.alike);
          return end === undefined || end.free || end.number >= known || states[end.number] !== state;
        });
        expect(lookUp(batch, known)).toEqual(expected);
        expect([...places.subarray(0, batch.length)]).toEqual(
          batch.map((state) => wayOf(state).find((on) => on.free || on.alike)?.slot),
        );
        for (const state of batch)
          if (!states.slice(0, known).includes(state)) expect(expected).toContain(state);
      },
    ),
    runs(100),
  );
});
