/** The whole system with the thread that v1 adds: sizes, verdicts, and what each fix is for in that design. */
import { describe, expect, test } from "vitest";
import { sharedMemory } from "../../../models/kmmscand/system/shared-memory.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { checkModel, flatten, get, self, set } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, violated } from "./build.ts";
import { doing, type Edit, edit, takenOut, unguarded } from "./edit.ts";

const least = { folios: 1, queue: 1, stores: 0 };
const thread = { separateMigrateThread: true };

test.each<["v1" | "fixed", number, number, number]>([
  ["v1", 11948, 53863, 39],
  ["fixed", 3363, 13405, 29],
])("%s with the thread has %i states at its smallest, both ways", (patch, states, transitions, depth) => {
  const model = build(system, patch, { parameters: least, features: thread });
  expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

test("v1 violates what its defects break, and holds the others, none of them vacuously", () => {
  const { properties } = judge(build(system, "v1", { parameters: { folios: 1 } }));
  const of = (wanted: string) => properties.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
  expect(of("violated")).toEqual([
    ...["S04", "S05", "S13", "S06", "S06.queued", "S06.inflight", "A02", "A03", "A04"],
    ...["S07", "S08", "S16", "B05", "L05", "DEADLOCK"],
  ]);
  expect(of("holds")).toEqual(["S01", "S02", "S03", "S10", "S17", "A01", "L03", "L04"]);
  expect(properties.filter(({ vacuous }) => vacuous)).toEqual([]);
});

describe("v1, mended,", () => {
  const mended = (
    features: Readonly<Record<string, boolean>>,
    parameters: Readonly<Record<string, number>>,
  ) => judge(build(system, "fixed", { features: { ...thread, ...features }, parameters }));

  test("holds every property", () => {
    expect(mended({}, { stores: 0 }).verdict).toBe("holds");
  });

  const pair = { folios: 1, queue: 2, stores: 0 };
  test.each<[string, Readonly<Record<string, number>>, readonly string[]]>([
    ["queueSkipsListed", pair, ["B05"]],
    ["promoteHoldsMmapLock", least, ["S07"]],
    ["promoteChecksPte", least, ["S08"]],
    ["folioPinnedWhileQueued", least, ["S05", "S16"]],
    ["cleanupAfterBarrier", least, ["S06", "S06.queued"]],
    ["cleanupWaitsForInFlight", least, ["S06", "S06.inflight"]],
    ["nullEntryNotCounted", { stores: 0 }, ["A02"]],
  ])("violates without %s at %o exactly %j", (name, parameters, restores) => {
    expect(violated(mended({ [name]: false }, parameters))).toEqual(restores);
  });
});

describe("v1 violates", () => {
  const { v } = sharedMemory({ mms: 1, folios: 1, queue: 1, stores: 0 }, true);
  const nothing = doing(() => []);
  const allButTheFirst = doing((effects) => effects.slice(1));
  test.each<[string, string, readonly Edit[]]>([
    ["S01", "collect leaves the cursor", [{ actor: "kmmscand", step: "collect", change: allButTheFirst }]],
    ["S02", "the slot takes no reference", [{ actor: "owner", step: "fork_mmgrab", change: nothing }]],
    ["S03", "exit does not wait for the walker", [{ actor: "owner", step: "barrier", change: unguarded }]],
    ["S10", "the trylock does not lock", [{ actor: "kmmscand", step: "trylock", change: nothing }]],
    ["A01", "a failure is not counted", [{ actor: "migrator", step: "failed", change: allButTheFirst }]],
    ["L03", "no entry is ever taken", [{ actor: "migrator", step: "take", change: takenOut }]],
    [
      "S17",
      "a mm counts as running after its fork has failed",
      [
        {
          actor: "owner",
          step: "copy_fails",
          change: doing((effects) => [...effects, set(get(v.running, self("mm")), true)]),
        },
      ],
    ],
  ])("%s where %s", (id, _mistake, edits) => {
    const model = edit(build(system, "v1", { parameters: least }), edits);
    expect(checkModel(model)).toEqual([]);
    expect(violated(judge(model))).toContain(id);
  });
});
