/** The whole system with the thread that v1 adds: sizes, and what each fix is for in that design. */
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import type { Patch } from "../../../models/entry.ts";
import { sharedMemory } from "../../../models/kmmscand/system/shared-memory.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { checkModel, flatten, get, self, set, sub } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { doing, type Edit, edit, takenOut, unguarded } from "./edit.ts";

const least = { folios: 1, queue: 1, stores: 0 };
const thread = { separateMigrateThread: true };
const oneList = { ...thread, migrationSlots: false };

test.each<[Patch, Readonly<Record<string, boolean>>, number, number, number]>([
  ["v1", {}, 6602, 35077, 38],
  ["v2", {}, 8970, 46743, 39],
  ["fixed", thread, 4121, 16754, 30],
  ["fixed", oneList, 2411, 10211, 28],
])("%s with %o has %i states at its smallest, both ways", (patch, features, states, transitions, depth) => {
  const model = build(system, patch, { parameters: least, features });
  expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

test("D36: in v1 an exit walks what another mm has queued", () => {
  const model = build(system, "v1", { parameters: { ...least, mms: 2 } });
  const result = check(model, { properties: ["B02.list"], stopAtFirst: true, now: () => 0 });
  const among = runOf(result, "B02.list").filter((event) => /queue|cleaned/.test(event));
  expect(among).toEqual(["kmmscand.queue(folio0)", "owner(mm1).cleaned"]);
  expect(violated(result)).toEqual(["B02.list"]);
});

test("both threads of v2 take every step, but for the one that needs scan_enabled to be 0", () => {
  const { coverage } = judge(build(system, "v2", { parameters: { folios: 1, stores: 0 } }));
  expect(coverage.stepsNeverTaken.filter((step) => !step.startsWith("owner"))).toEqual([
    "kmmscand.wait_enabled at kmmscand:disabled",
  ]);
});

type Without = [string, Readonly<Record<string, number>>, readonly string[]];

describe.each([
  ["one list", oneList],
  ["a list for each mm", thread],
])("fixed with the thread and %s", (_design, design) => {
  const mended = (
    features: Readonly<Record<string, boolean>>,
    parameters: Readonly<Record<string, number>>,
  ) => judge(build(system, "fixed", { features: { ...design, ...features }, parameters }));

  test("holds every property", () => {
    expect(mended({}, { stores: 0 }).verdict).toBe("holds");
  });

  const pair = { folios: 1, queue: 2, stores: 0 };
  const slots = design !== oneList;
  test.each<Without>([
    ["queueSkipsListed", pair, ["B05"]],
    ["promoteHoldsMmapLock", least, ["S07"]],
    ["promoteChecksPte", least, ["S08"]],
    ["folioPinnedWhileQueued", least, ["S05", "S16"]],
    ["cleanupAfterBarrier", least, slots ? ["S06", "S06.queued", "S06.inflight"] : ["S06", "S06.queued"]],
    ["cleanupWaitsForInFlight", least, ["S06", "S06.inflight"]],
    slots
      ? ["migratorTakesTurns", { ...least, mms: 2 }, ["L03"]]
      : ["nullEntryNotCounted", { stores: 0 }, ["A02"]],
  ])("violates without %s at %o exactly %j", (name, parameters, restores) => {
    // What an exit leaves behind is the daemon's to clean where the exit does not come back to it.
    const posted = slots && name === "cleanupAfterBarrier" ? { collectCleansQueue: true } : {};
    expect(violated(mended({ [name]: false, ...posted }, parameters))).toEqual(restores);
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
    [
      "A01",
      "a return is not counted",
      [{ actor: "migrator", step: "flags_invalid", change: allButTheFirst }],
    ],
    ["L03", "no entry is ever taken", [{ actor: "migrator", step: "take", change: takenOut }]],
    [
      "S05.valid",
      "the flags are not looked at",
      [{ actor: "migrator", step: "flags_valid", change: unguarded }],
    ],
    [
      "A02.refused",
      "a mapped folio is called invalid",
      [{ actor: "migrator", step: "flags_invalid", change: unguarded }],
    ],
    [
      "A02.gone",
      "page tables are missed that are there",
      [{ actor: "migrator", step: "pmd_gone", change: unguarded }],
    ],
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

test("v1 violates S15.source where the tier is not looked at, and a folio that was moved has another entry", () => {
  const model = build(system, "v1", { parameters: { ...least, queue: 2 } });
  const properties = model.properties.filter(({ id }) => id === "S15.source");
  const edits: readonly Edit[] = [{ actor: "migrator", step: "folio_busy", change: unguarded }];
  expect(violated(judge({ ...model, properties }))).toEqual([]);
  expect(violated(judge(edit({ ...model, properties }, edits)))).toEqual(["S15.source"]);
});

describe("v2 violates", () => {
  const { v } = sharedMemory({ mms: 1, folios: 1, queue: 1, stores: 0 }, true, true);
  const mm = self("mm");
  test.each<[string, string, readonly Edit[]]>([
    [
      "A01",
      "an exit forgets to count what it discards",
      [
        {
          actor: "owner",
          step: "drain",
          change: doing((effects) => effects.filter((effect) => effect.kind !== "assign")),
        },
      ],
    ],
    ["L03", "no slot is ever served", [{ actor: "migrator", step: "serve", change: takenOut }]],
    [
      "L04",
      "the migrator does not listen to an exit",
      [
        { actor: "migrator", step: "stopped", change: takenOut },
        { actor: "migrator", step: "served", change: takenOut },
      ],
    ],
    [
      "S02",
      "an exit drops the reference before it has found the slot",
      [
        {
          actor: "owner",
          step: "mm_exit",
          change: doing(() => [set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1))]),
        },
      ],
    ],
  ])("%s where %s", (id, _mistake, edits) => {
    const model = edit(build(system, "v2", { parameters: least }), edits);
    expect(checkModel(model)).toEqual([]);
    expect(violated(judge(model))).toContain(id);
  });
});
