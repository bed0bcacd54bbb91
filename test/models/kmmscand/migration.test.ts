/** The migration list: sizes, verdicts of each version, and what each fix is for in both designs. */
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import type { Patch } from "../../../models/entry.ts";
import { names, someQueued } from "../../../models/kmmscand/migration/entries.ts";
import { migration } from "../../../models/kmmscand/migration/migration.ts";
import { migrationMemory } from "../../../models/kmmscand/migration/shared-memory.ts";
import {
  and,
  at,
  checkModel,
  chosen,
  type Expr,
  eq,
  exclude,
  exists,
  field,
  flatten,
  forall,
  get,
  type Id,
  implies,
  include,
  includes,
  individual,
  is,
  isNone,
  not,
  or,
  type Property,
  self,
  set,
} from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { alsoGuardedBy, doing, type Edit, edit, guardedBy, takenOut, unguarded } from "./edit.ts";

type Sizes = Readonly<Record<string, number>>;

test.each<[Patch, Readonly<Record<string, boolean>>, number, number, number]>([
  ["fixed", {}, 2372, 7737, 40],
  ["fixed", { migrationSlots: false }, 1035, 3347, 26],
])("%s with %o has %i states, both ways", (patch, features, states, transitions, depth) => {
  const model = build(migration, patch, { features });
  expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

const common = [
  "S05",
  "S06",
  "S06.queued",
  "S06.inflight",
  "S06.target",
  "S07",
  "S07.torn",
  "S08",
  "S16",
  "B05",
  "B05.length",
];
const slots = ["S09", "S10.freed", "S10.unlock", "S10.twice", "S11", "S12", "S13", "S13.migrator"];
const waits = ["L04", "B04"];
/** What an entry or an exit of v2 and v3 leaves behind. */
const left = ["S05.freed", "S10.gone"];

test.each<[Patch, number, readonly string[]]>([
  ["v1", 11424, [...common, "A02", "S05.freed"]],
  ["v2", 30161, [...common, "A01", ...slots.slice(0, 3), "S10.size", ...slots.slice(3), ...waits, ...left]],
  ["v3", 30161, [...common, "A01", ...slots, ...waits, ...left]],
])("%s has %i states and violates %j", (patch, states, expected) => {
  const result = judge(build(migration, patch));
  expect(result.statistics.states).toBe(states);
  expect(violated(result)).toEqual(expected);
});

describe("fixed", () => {
  test.each<[Sizes]>([[{}], [{ folios: 2 }], [{ folios: 2, visit: 1 }]])(
    "holds every property at %o in both designs",
    (parameters) => {
      expect(judge(build(migration, "fixed", { parameters })).verdict).toBe("holds");
      const features = { migrationSlots: false };
      expect(judge(build(migration, "fixed", { parameters, features })).verdict).toBe("holds");
    },
  );

  /** What shows where: a second mm has to wait, or a second folio has to be queued. */
  const pair: Sizes = { mms: 2, queue: 1 };
  /** A visit ends before it has passed both folios. */
  const longWay: Sizes = { folios: 2, visit: 1 };
  const global = { migrationSlots: false };
  test.each<[string, Sizes, Readonly<Record<string, boolean>>, readonly string[]]>([
    ["folioPinnedWhileQueued", {}, {}, ["S05", "S05.freed", "S16"]],
    ["queueSkipsListed", {}, {}, ["B05"]],
    ["queueSkipsListed", {}, global, ["B05"]],
    ["queueSkipsListed", {}, { scannerHoldsBack: false }, ["B05", "B05.length"]],
    ["scannerHoldsBack", {}, {}, []],
    ["scannerHoldsBack", longWay, {}, ["B05.length"]],
    ["scannerHoldsBack", longWay, global, ["B05.length"]],
    ["idleEntriesDropped", {}, { scanFindsIdle: true }, ["A04.promoted"]],
    ["idleEntriesDropped", {}, { scanFindsIdle: true, ...global }, ["A04.promoted"]],
    ["scanFindsIdle", {}, { idleEntriesDropped: true }, []],
    ["cleanupAfterBarrier", {}, {}, ["S06", "S06.queued", "S06.inflight"]],
    ["cleanupWaitsForInFlight", {}, {}, ["B04", "L04", "S06", "S06.inflight", "S06.target", "S10.freed"]],
    ["cleanupWaitsForInFlight", {}, global, ["S06", "S06.inflight", "S06.target"]],
    ["promoteHoldsMmapLock", {}, {}, ["S07"]],
    ["promoteChecksPte", {}, {}, ["S08"]],
    ["dirtyDropsOwnEntry", { mms: 2, folios: 2, queue: 2 }, global, ["S18.meant"]],
    [
      "dirtyDropsOwnEntry",
      { mms: 2, folios: 2, queue: 2 },
      { ...global, scannerHoldsBack: false },
      ["A01", "S18.meant"],
    ],
    ["nullEntryNotCounted", { folios: 2 }, global, ["A02"]],
    ["slotUnlinkedUnderListLock", pair, {}, ["S10.freed", "S10.gone", "S11"]],
    ["slotFreedAfterUnlock", {}, {}, ["S10.unlock"]],
    ["cleanFlagPerSlot", pair, {}, ["S18", "S18.meant"]],
    ["slotAllocatedUnlocked", {}, {}, ["S09", "S10.twice"]],
    ["slotCacheOfItsOwn", {}, {}, ["S10.size"]],
    ["slotCacheOfItsOwn", { lockdep: 0 }, {}, []],
    ["slotResultChecked", {}, {}, ["S13"]],
    ["entriesFreedAtOnce", {}, {}, ["A01", "S09"]],
    ["migratorRechecksList", {}, {}, ["S13.migrator"]],
    ["migratorTakesTurns", { folios: 2 }, {}, ["S12"]],
    ["migratorTakesTurns", pair, {}, ["L01.again", "L03"]],
    ["migratorTakesTurns", pair, { scannerHoldsBack: false }, ["L03"]],
  ])("without %s at %o with %o violates exactly %j", (name, parameters, features, restores) => {
    const model = build(migration, "fixed", { parameters, features: { ...features, [name]: false } });
    expect(violated(judge(model, ["symmetry"])).toSorted()).toEqual(restores.toSorted());
  });
});

describe("one defect alone", () => {
  test("D13: with the target read under the lock of the list v1 has everything else", () => {
    const posted = violated(judge(build(migration, "v1")));
    const features = { targetReadWithEntry: true };
    expect(posted).toContain("S06.target");
    expect(violated(judge(build(migration, "v1", { features })))).toEqual(
      posted.filter((id) => id !== "S06.target"),
    );
  });

  test("D13: the mm_struct is freed between the taking of an entry and the look at its mm", () => {
    const run = runOf(judge(build(migration, "v1")), "S06.target");
    expect(run.at(-1)).toBe("migrator.read_target");
    expect(run.indexOf("owner(mm0).unmap_all")).toBeGreaterThan(run.indexOf("migrator.take"));
  });

  /** Nothing is unmapped and nobody exits: no folio is freed but by promotion. */
  const kept: readonly Edit[] = [
    { actor: "memory", step: "unmap", change: takenOut },
    { actor: "application", step: "exit", change: takenOut },
  ];
  test.each<[Patch]>([["v1"], ["v2"], ["v3"]])(
    "D04 and D02 in %s: a copy of an entry is stale once the other one is promoted, any once its folio is unmapped",
    (patch) => {
      const of = (features: Readonly<Record<string, boolean>>, edits: readonly Edit[]) => {
        const model = build(migration, patch, { features });
        const properties = model.properties.filter(({ id }) => id === "S05");
        return violated(judge(edit({ ...model, properties }, edits)));
      };
      expect(of({}, kept)).toEqual(["S05"]);
      expect(of({ queueSkipsListed: true }, kept)).toEqual([]);
      expect(of({ queueSkipsListed: true }, [])).toEqual(["S05"]);
    },
  );

  test("D46: the list of v1 grows from visit to visit although no folio is queued twice", () => {
    const parameters = { folios: 2, visit: 1 };
    const of = (features: Readonly<Record<string, boolean>>) => {
      const model = build(migration, "v1", { parameters, features });
      const properties = model.properties.filter(({ id }) => /^B05/.test(id));
      return violated(judge({ ...model, properties }));
    };
    expect(of({ queueSkipsListed: true })).toEqual(["B05.length"]);
    expect(of({ scannerHoldsBack: true })).toEqual(["B05"]);
    expect(of({ queueSkipsListed: true, scannerHoldsBack: true })).toEqual([]);
  });
});

describe("where a visit finds folios idle that have an entry", () => {
  const features = { scanFindsIdle: true, idleEntriesDropped: true };

  test.each<[Sizes]>([[{}], [{ folios: 2 }], [{ mms: 2, queue: 1 }]])(
    "an entry is given up, and fixed holds every property at %o in both designs",
    (parameters) => {
      for (const migrationSlots of [true, false]) {
        const all = { ...features, migrationSlots };
        expect(judge(build(migration, "fixed", { parameters, features: all })).verdict).toBe("holds");
      }
    },
  );

  const { v } = migrationMemory({ mms: 1, folios: 1, queue: 2 });
  const folio = individual("folio", 0);
  /** One promotion and no more: what is found idle in its flight may be found in use and moved in its flight. */
  const once: readonly Edit[] = ["migrated", "failed"].map((step) => ({
    actor: "migrator",
    step,
    change: takenOut,
  }));
  const forgiven: Property = {
    id: "forgiven",
    kind: "alwaysPossible",
    title: "",
    says: "",
    from: and(
      at("migrator", ["promote_folio:isolate"]),
      includes(v.idle, folio),
      get(v.running, individual("mm", 0)),
    ),
    goal: and(is(v.outcome, "moved"), not(includes(v.idle, folio))),
  };
  test.each<[string, readonly Edit[], string]>([
    ["may be moved after all, once a visit finds it in use", [], "holds"],
    [
      "may not, where that visit does not say so",
      [
        {
          actor: "kmmscand",
          step: "found_in_use",
          change: doing((effects) => effects.slice(1)),
        },
      ],
      "violated",
    ],
  ])("one that is idle %s", (_, edits, verdict) => {
    const model = { ...build(migration, "fixed", { features }), properties: [forgiven] };
    const [property] = judge(edit(model, [...once, ...edits])).properties;
    expect(property).toMatchObject({ verdict, vacuous: false });
  });

  test.each<[Sizes, Readonly<Record<string, boolean>>]>([
    [{}, {}],
    [{ folios: 2 }, {}],
    [{ mms: 2, queue: 1 }, {}],
    [{}, { queueSkipsListed: false }],
    [{}, { migrationSlots: false }],
  ])(
    "what was found is kept for a mapped folio with an entry, and for none else, at %o with %o",
    (sizes, other) => {
      const parameters = { mms: 1, folios: 1, queue: 2, ...sizes };
      const { v: all } = migrationMemory(parameters);
      const listed = (f: Expr<Id<"folio">>) => or(names(f)(all.in_flight), someQueued(all, names(f)));
      const runs = (f: Expr<Id<"folio">>) =>
        exists("mm", "x", (x) => and(eq(get(all.folio_mm, f), x), get(all.running, x)));
      const mapped = (f: Expr<Id<"folio">>) => not(isNone(get(all.folio_mm, f)));
      const kept: Property = {
        id: "kept",
        kind: "invariant",
        title: "",
        says: "",
        holds: forall("folio", "f", (f) =>
          implies(includes(all.idle, f), and(mapped(f), or(listed(f), not(runs(f))))),
        ),
        premise: exists("folio", "f", (f) => includes(all.idle, f)),
      };
      const model = build(migration, "fixed", { parameters, features: { ...features, ...other } });
      const [property] = judge({ ...model, properties: [kept] }).properties;
      expect(property).toMatchObject({ verdict: "holds", vacuous: false });
    },
  );
});

describe("fixed violates", () => {
  const { v } = migrationMemory({ mms: 1, folios: 1, queue: 2 });
  const mm = self("mm");
  const nothing = doing(() => []);
  const withoutFirst = doing((effects) => effects.slice(1));
  const withoutThe = (index: number) => doing((effects) => effects.filter((_, i) => i !== index));
  const returns = (code: number) => doing((effects) => [...effects, set(v.ret, code)]);
  const migrator = (step: string, change: Edit["change"]): readonly Edit[] => [
    { actor: "migrator", step, change },
  ];
  const daemon = (step: string, change: Edit["change"]): readonly Edit[] => [
    { actor: "kmmscand", step, change },
  ];
  const owner = (step: string, change: Edit["change"]): readonly Edit[] => [{ actor: "owner", step, change }];

  test.each<[string, string, readonly Edit[], Readonly<Record<string, boolean>>?]>([
    [
      "S05",
      "memory management frees a folio that is being promoted",
      [
        {
          actor: "memory",
          step: "unmap",
          change: doing((e) => [set(field(v.in_flight, "stale"), true), ...e.slice(1)]),
        },
      ],
    ],
    [
      "S06.queued",
      "the cleanup leaves the entries on one list",
      owner("cleaned", nothing),
      { migrationSlots: false },
    ],
    ["S06.inflight", "the exit does not wait for the entry in flight", owner("idle", unguarded)],
    ["S07", "promotion takes no mmap_lock", migrator("mm_locked", nothing)],
    [
      "S07.torn",
      "the cleanup does not wait, and promotion takes no mmap_lock",
      [...owner("idle", unguarded), ...migrator("mm_locked", nothing)],
    ],
    [
      "S09",
      "the lock of the lookup is held on",
      daemon(
        "not_found",
        doing((effects) => [...effects, set(v.kscand_migrate_lock, "scanner")]),
      ),
    ],
    ["S10.twice", "the slot is inserted under a lock that nobody has taken", daemon("lock_list", nothing)],
    ["S13", "the slot that was allocated is not kept", daemon("insert_slot", withoutFirst)],
    ["S10", "the walk ends and keeps mmap_lock", daemon("end", nothing)],
    [
      "S10",
      "a failed isolation keeps mmap_lock",
      migrator(
        "folio_busy",
        doing(() => [set(v.ret, -11)]),
      ),
    ],
    [
      "S01.scanned",
      "the visit does not mark its slot",
      daemon(
        "pick",
        doing((effects) => effects.slice(0, -1)),
      ),
    ],
    [
      "S02",
      "collect forgets mmdrop",
      daemon(
        "collect",
        doing((e) => [...e.slice(0, 2), ...e.slice(3)]),
      ),
    ],
    ["S15", "migration returns 0 and moves nothing", migrator("folio_moved", withoutFirst)],
    ["A02", "a failed check returns 0", migrator("flags_invalid", nothing)],
    ["A01.flight", "cur_mm stays when the slot is empty", migrator("served", withoutFirst)],
    [
      "B05.once",
      "the entry stays on its list",
      migrator(
        "take",
        doing((effects) => effects.slice(0, -1)),
      ),
    ],
    ["S06.mapped", "exit_mmap unmaps nothing", owner("unmap_all", withoutFirst)],
    ["L02.walked", "the next walk goes on with what the last one has seen", daemon("end", withoutFirst)],
    ["L04", "the daemon never collects", daemon("collect", takenOut)],
    ["B04", "nobody frees a slot without entries", owner("nothing_queued", takenOut)],
    ["DEADLOCK", "an mm that the daemon has collected cannot exit", owner("untracked", takenOut)],
    [
      "S18",
      "a request to stop is lost",
      owner(
        "destroy",
        doing((e) => [...e, exclude(v.clean_list, mm)]),
      ),
    ],
    ["S13.work", "a slot is looked for on an empty list", daemon("work", unguarded)],
    ["L01.skipped", "a visit passes over a live mm", daemon("exiting", unguarded)],
    ["S03.users", "an exiting mm is walked", daemon("start", unguarded)],
    [
      "S06.collected",
      "a live mm is collected",
      daemon("collect", guardedBy(eq(v.cursor, chosen("mm", "mm")))),
    ],
    ["A05.queued", "a folio is queued that nobody maps", daemon("queue", unguarded)],
    ["S15.queued", "a folio of the top tier is queued", daemon("queue", unguarded)],
    [
      "S05.freed",
      "memory management frees a folio that an entry names",
      [{ actor: "memory", step: "unmap", change: doing(() => [set(field(v.in_flight, "stale"), true)]) }],
    ],
    ["S05.valid", "the flags are not looked at", migrator("flags_valid", unguarded)],
    ["S05.valid", "a folio that is not mapped is refused as one off the LRU", migrator("not_lru", unguarded)],
    [
      "S15.source",
      "the tier is not looked at",
      migrator("source_slow", unguarded),
      { queueSkipsListed: false, folioPinnedWhileQueued: false },
    ],
    ["A02.refused", "a folio of the slow tier is refused", migrator("source_toptier", unguarded)],
    ["A02.gone", "an entry is refused that still maps the folio", migrator("pte_gone", unguarded)],
    ["A02.code", "a refusal has the code of another", migrator("pte_gone", returns(8))],
    ["S18.meant", "the migrator leaves a live mm", migrator("stopped", unguarded)],
    ["S18.heeded", "the migrator does not see the flag", migrator("served", unguarded)],
    ["S07.users", "mm_users is not looked at", migrator("mm_locked", unguarded)],
    ["L03.left", "the migrator leaves entries behind", migrator("served", unguarded)],
    ["S13.slots", "a migration slot is looked for on an empty list", migrator("slots_listed", unguarded)],
    ["S11.read", "a slot is picked without the lock", migrator("serve", unguarded)],
    ["S02.left", "an exit leaves a slot that nobody scans", owner("leave", unguarded)],
    ["S10.barrier", "the exit does not wait for readers", owner("barrier", unguarded)],
    ["A01.destroyed", "nothing is discarded", owner("destroy", unguarded)],
    [
      "S18.idle",
      "the flag is set whoever the migrator works for",
      owner(
        "destroy",
        doing((e) => [include(v.clean_list, mm), ...e.slice(1)]),
      ),
    ],
    ["S10.gone", "the slot is not freed", owner("free_slot", withoutThe(1))],
    ["S18.gone", "the flag stays set", owner("free_slot", withoutThe(3))],
    [
      "A04.promoted",
      "a folio is asked whether it is idle before the page-table lock is taken",
      migrator("flags_valid", alsoGuardedBy(not(includes(v.idle, field(v.in_flight, "folio"))))),
      { scanFindsIdle: true },
    ],
  ])("%s where %s", (id, _mistake, edits, features = {}) => {
    const whole = build(migration, "fixed", { features });
    const properties = whole.properties.filter((property) => property.id === id);
    const model = edit({ ...whole, properties }, edits);
    expect(checkModel(model)).toEqual([]);
    const [property] = check(model, { now: () => 0 }).properties;
    expect(property?.verdict).toBe("violated");
  });

  test("L01.again where the cursor stays on an mm that has been visited, and another one waits", () => {
    const whole = build(migration, "fixed", { parameters: { mms: 2, queue: 1 } });
    const properties = whole.properties.filter(({ id }) => id === "L01.again");
    const [property] = judge(edit({ ...whole, properties }, daemon("advance", withoutFirst))).properties;
    expect(property?.verdict).toBe("violated");
  });
});
