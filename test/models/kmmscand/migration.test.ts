/** The migration list: sizes, verdicts of each version, and what each fix is for in both designs. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { migration } from "../../../models/kmmscand/migration/migration.ts";
import { flatten } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, violated } from "./build.ts";

type Sizes = Readonly<Record<string, number>>;

test.each<[Patch, Readonly<Record<string, boolean>>, number, number, number]>([
  ["fixed", {}, 1941, 6207, 36],
  ["fixed", { migrationSlots: false }, 712, 2196, 24],
])("%s with %o has %i states, both ways", (patch, features, states, transitions, depth) => {
  const model = build(migration, patch, { features });
  expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

const common = ["S05", "S06", "S06.queued", "S06.inflight", "S07", "S08", "S16", "B05"];
const slots = ["S09", "S10.freed", "S10.unlock", "S10.twice", "S11", "S12", "S13", "S13.migrator"];

test.each<[Patch, number, readonly string[]]>([
  ["v1", 13069, [...common, "A02"]],
  ["v2", 17158, [...common, "A01", ...slots.slice(0, 3), "S10.size", ...slots.slice(3)]],
  ["v3", 17158, [...common, "A01", ...slots]],
])("%s has %i states and violates %j", (patch, states, expected) => {
  const result = judge(build(migration, patch));
  expect(result.statistics.states).toBe(states);
  expect(violated(result)).toEqual(expected);
});

describe("fixed", () => {
  test.each<[Sizes]>([[{}], [{ folios: 2 }]])("holds every property at %o in both designs", (parameters) => {
    expect(judge(build(migration, "fixed", { parameters })).verdict).toBe("holds");
    const features = { migrationSlots: false };
    expect(judge(build(migration, "fixed", { parameters, features })).verdict).toBe("holds");
  });

  /** What shows where: a second mm has to wait, or a second folio has to be queued. */
  const pair: Sizes = { mms: 2, queue: 1 };
  const global = { migrationSlots: false };
  test.each<[string, Sizes, Readonly<Record<string, boolean>>, readonly string[]]>([
    ["folioPinnedWhileQueued", {}, {}, ["S05", "S16"]],
    ["queueSkipsListed", {}, {}, ["B05"]],
    ["cleanupAfterBarrier", {}, {}, ["S06", "S06.queued", "S06.inflight"]],
    ["cleanupWaitsForInFlight", {}, {}, ["S06", "S06.inflight", "S10.freed"]],
    ["cleanupWaitsForInFlight", {}, global, ["S06", "S06.inflight"]],
    ["promoteHoldsMmapLock", {}, {}, ["S07"]],
    ["promoteChecksPte", {}, {}, ["S08"]],
    ["dirtyDropsOwnEntry", { mms: 2, folios: 2, queue: 2 }, global, ["A01"]],
    ["nullEntryNotCounted", { folios: 2 }, global, ["A02"]],
    ["slotUnlinkedUnderListLock", {}, {}, ["S11"]],
    ["slotFreedAfterUnlock", {}, {}, ["S10.unlock"]],
    ["cleanFlagPerSlot", pair, {}, ["S18"]],
    ["slotAllocatedUnlocked", {}, {}, ["S09", "S10.twice"]],
    ["slotCacheOfItsOwn", {}, {}, ["S10.size"]],
    ["slotCacheOfItsOwn", { lockdep: 0 }, {}, []],
    ["slotResultChecked", {}, {}, ["S13"]],
    ["entriesFreedAtOnce", {}, {}, ["A01", "S09"]],
    ["migratorRechecksList", {}, {}, ["S13.migrator"]],
    ["migratorTakesTurns", { folios: 2 }, {}, ["S12"]],
    ["migratorTakesTurns", pair, {}, ["L03"]],
  ])("without %s at %o with %o violates exactly %j", (name, parameters, features, restores) => {
    const model = build(migration, "fixed", { parameters, features: { ...features, [name]: false } });
    expect(violated(judge(model)).toSorted()).toEqual(restores.toSorted());
  });
});
