/** Exact counts: those of SPIN, TLC, Murphi and the BEEM collection. Fewer or more states means another model. */
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import { checkModel, flatten, type Model, type ModelEntry } from "../../../models/index.ts";
import { kmm } from "../../../models/textbook/kmm.ts";
import { peterson } from "../../../models/textbook/peterson.ts";
import { twoPhaseCommit } from "../../../models/textbook/two-phase-commit.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";

interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly depth?: number;
}
type Case = readonly [title: string, model: Model, counts: Counts];

function counted(entry: ModelEntry, parameters: Readonly<Record<string, number>>, counts: Counts): Case {
  const values = Object.values(parameters).join(",");
  return [`${entry.name} ${values}`, entry.build({ patch: null, features: {}, parameters }), counts];
}
const kmmCounted = (mms: number, folios: number, queue: number, counts: Counts) =>
  counted(kmm, { mms, folios, queue }, counts);

const small = [
  counted(peterson, { processes: 3 }, { states: 12498, transitions: 33369, depth: 53 }),
  counted(twoPhaseCommit, { managers: 3 }, { states: 288, transitions: 1145, depth: 10 }),
  counted(twoPhaseCommit, { managers: 4 }, { states: 1568, transitions: 8257 }),
  counted(twoPhaseCommit, { managers: 5 }, { states: 8832, transitions: 58145 }),
  kmmCounted(1, 1, 1, { states: 856, transitions: 1696, depth: 47 }),
  kmmCounted(1, 2, 1, { states: 9677, transitions: 19858, depth: 69 }),
  kmmCounted(1, 2, 2, { states: 12503, transitions: 25807, depth: 90 }),
];

const large = [
  counted(peterson, { processes: 4 }, { states: 1119560, transitions: 3864896, depth: 103 }),
  counted(twoPhaseCommit, { managers: 7 }, { states: 296448, transitions: 2744705 }),
  kmmCounted(1, 3, 1, { states: 103575, transitions: 219700, depth: 93 }),
  kmmCounted(1, 3, 2, { states: 172316, transitions: 368516, depth: 114 }),
  kmmCounted(2, 2, 1, { states: 260387, transitions: 779155, depth: 102 }),
  kmmCounted(2, 2, 2, { states: 312077, transitions: 934505, depth: 172 }),
];

describe("the naive explorer finds the published counts of", () => {
  test.each(small)("%s", (_, model, counts) => {
    expect(checkModel(model)).toEqual([]);
    expect(exploreNaively(flatten(model))).toMatchObject({ ...counts, stuck: 0, errors: 0 });
  });
});

describe("the explorer finds the published counts, and that the properties hold, of", () => {
  test.each([...small, ...large])("%s", (_, model, counts) => {
    expect(checkModel(model)).toEqual([]);
    const result = check(model, { now: () => 0 });
    expect(result.cut).toBeNull();
    expect(result.statistics).toMatchObject(counts);
    expect(result.properties.filter(({ verdict }) => verdict !== "holds")).toEqual([]);
    expect(result.properties.map(({ id }) => id)).toEqual(model.properties.map(({ id }) => id));
  });
});
