/** Edges that were read before are the edges that are computed, and give way to whatever needs their memory. */
import { expect, test } from "vitest";
import { explore } from "../../checker/explore/explore.ts";
import { Meter } from "../../checker/explore/meter.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { type SuccessorReader, successorReader } from "../../checker/property/successors.ts";
import { migration } from "../../models/kmmscand/migration/migration.ts";
import { build } from "../models/kmmscand/build.ts";
import { unlimited } from "./unlimited.ts";

const model = build(migration, "fixed");
/** With what the model asserts, and marks in its text. */
const graph = () => explore(lowerModel(model), model.properties, unlimited);

function edges(reader: SuccessorReader, state: number) {
  const count = reader.read(state);
  return [...reader.steps.slice(0, count)].map((step, e) => [step, reader.targets[e]]);
}

test("edges are the same when they are read again, in whatever order, and by another reader", () => {
  const exploration = graph();
  const { states, transitions } = exploration.counts;
  const reader = successorReader(exploration);
  const all = Array.from({ length: states }, (_, s) => s);
  const first = all.toReversed().map((s) => edges(reader, s));
  expect(first.flat()).toHaveLength(transitions);
  const again = successorReader(exploration);
  expect(JSON.stringify(all.map((s) => edges(again, s)))).toBe(JSON.stringify(first.toReversed()));
});

test("reading leaves the findings of the search as they are", () => {
  const exploration = graph();
  const before = structuredClone([exploration.taken, exploration.reached, exploration.findings]);
  const reader = successorReader(exploration);
  for (let s = 0; s < exploration.counts.states; s++) reader.read(s);
  expect([exploration.taken, exploration.reached, exploration.findings]).toEqual(before);
});

test("known edges count as memory, and are forgotten rather than that other work gets none", () => {
  const exploration = graph();
  const { memoryBytes, counts } = exploration;
  const own = 8 * (counts.states + counts.transitions);
  const meter = new Meter({ ...unlimited, maxMemoryBytes: memoryBytes + own + 1000 });
  const begin = () => meter.begin(exploration, () => {});
  begin();
  const reader = successorReader(exploration, meter);
  const before = edges(reader, 7);
  expect(meter.peak).toBe(memoryBytes + own);
  begin();
  meter.take(1000);
  meter.take(own);
  expect(() => meter.take(1)).toThrow("bytes of memory");
  expect(edges(reader, 7)).toEqual(before);
  begin();
  meter.take(own + 1000);
});

test("no edges are kept where there is no room for them", () => {
  const exploration = graph();
  const { memoryBytes } = exploration;
  const meter = new Meter({ ...unlimited, maxMemoryBytes: memoryBytes + 1000 });
  meter.begin(exploration, () => {});
  const reader = successorReader(exploration, meter);
  expect(edges(reader, 7)).toEqual(edges(successorReader(graph()), 7));
  expect(meter.peak).toBe(memoryBytes);
});
