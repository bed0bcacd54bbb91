/** Properties that hold are not true by construction: a mistake planted in the code breaks each of them. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { sharedMemory } from "../../../models/kmmscand/system/shared-memory.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { and, checkModel, contains, eq, get, or, self, set } from "../../../models/language/index.ts";
import { build, judge, violated } from "./build.ts";
import { doing, type Edit, edit, guardedBy, takenOut, unguarded } from "./edit.ts";

const small = { mms: 1, folios: 1, queue: 1, stores: 0 };
const { v } = sharedMemory(small, false);
const mm = self("mm");

function brokenBy(
  patch: Patch,
  edits: readonly Edit[],
  parameters = small,
  features = {},
): readonly string[] {
  const model = edit(build(system, patch, { parameters, features }), edits);
  expect(checkModel(model)).toEqual([]);
  return violated(judge(model));
}

const exits = and(eq(get(v.mm_users, mm), 0), contains(v.scan_list, mm));
const nothing = doing(() => []);
const allButTheFirst = doing((effects) => effects.slice(1));

describe("v0 violates", () => {
  test.each<[string, string, readonly Edit[]]>([
    [
      "S01",
      "exit frees a slot that is being scanned",
      [
        { actor: "owner", step: "unlink", change: guardedBy(exits) },
        { actor: "owner", step: "leave", change: takenOut },
      ],
    ],
    ["S02", "the slot takes no reference", [{ actor: "owner", step: "fork_mmgrab", change: nothing }]],
    ["S03", "exit does not wait for the walker", [{ actor: "owner", step: "barrier", change: unguarded }]],
    ["S10", "the trylock does not lock", [{ actor: "kmmscand", step: "trylock", change: nothing }]],
    ["A01", "a failure is not counted", [{ actor: "kmmscand", step: "failed", change: allButTheFirst }]],
    ["L03", "no entry is ever taken", [{ actor: "kmmscand", step: "take", change: takenOut }]],
    [
      "L04",
      "the daemon never collects",
      [
        { actor: "kmmscand", step: "advance", change: unguarded },
        { actor: "kmmscand", step: "collect", change: guardedBy(or()) },
      ],
    ],
  ])("%s where %s", (id, _mistake, edits) => {
    expect(brokenBy("v0", [])).not.toContain(id);
    expect(brokenBy("v0", edits)).toContain(id);
  });
});

describe("a lesser fix does not do:", () => {
  test("unlocking before __kmmscand_exit leaves a slot whose mm is gone, since mm_users stays 1", () => {
    const unlocks = doing((effects) => [...effects, set(get(v.mmap_lock, mm), "free")]);
    const broken = brokenBy("v0", [{ actor: "owner", step: "insert_fails", change: unlocks }]);
    expect(broken).not.toContain("S04");
    expect(broken).toContain("S03");
  });

  test("setting dirty where the list is empty costs another mm a valid entry", () => {
    const sets = doing(() => [set(v.list_dirty, true)]);
    const spins = [{ actor: "owner", step: "spin", change: sets }];
    expect(brokenBy("fixed", spins, { ...small, mms: 2 }, { cleanupSleeps: false })).toEqual([
      "B02",
      "A01",
      "S18.dirty",
    ]);
  });
});
