/** Exact counts: those of SPIN, TLC, Murphi and the BEEM collection. Fewer or more states means another model. */
import { describe, expect, it } from "vitest";
import { checkModel, flatten } from "../../../models/language/index.ts";
import { kmm } from "../../../models/textbook/kmm.ts";
import { peterson } from "../../../models/textbook/peterson.ts";
import { twoPhaseCommit } from "../../../models/textbook/two-phase-commit.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";

const cases = [
  [peterson, { processes: 3 }, { states: 12498, transitions: 33369, depth: 53 }],
  [twoPhaseCommit, { managers: 3 }, { states: 288, transitions: 1145, depth: 10 }],
  [twoPhaseCommit, { managers: 4 }, { states: 1568, transitions: 8257 }],
  [kmm, { mms: 1, folios: 1, queue: 1 }, { states: 856, transitions: 1696, depth: 47 }],
  [kmm, { mms: 1, folios: 2, queue: 2 }, { states: 12503, transitions: 25807, depth: 90 }],
] as const;

describe("a textbook model has its published counts", () => {
  it.each(cases)("$0.name $1", (entry, parameters, counts) => {
    const model = entry.build({ patch: null, features: {}, parameters });
    expect(checkModel(model)).toEqual([]);
    expect(exploreNaively(flatten(model))).toMatchObject({ ...counts, stuck: 0, errors: 0 });
  });
});
