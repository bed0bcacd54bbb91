/** The scan list: sizes, verdicts of each version, what each fix is for, and that nothing holds by construction. */
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import type { Patch } from "../../../models/entry.ts";
import { mmList } from "../../../models/kmmscand/mm-list/mm-list.ts";
import { listMemory } from "../../../models/kmmscand/mm-list/shared-memory.ts";
import { and, checkModel, contains, eq, flatten, get, self, set } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { doing, type Edit, edit, guardedBy, takenOut, unguarded } from "./edit.ts";

type Sizes = Readonly<Record<string, number>>;
const quiet: Sizes = { mms: 2, stores: 0 };
/** An exit at the cursor matters to the order only where a third mm waits behind it. */
const three: Sizes = { mms: 3, stores: 0 };

test.each<[Patch, Sizes, number, number, number]>([
  ["v0", { mms: 1 }, 219, 572, 12],
  ["v1", { mms: 1 }, 217, 565, 12],
  ["v3", { mms: 1 }, 193, 495, 13],
  ["fixed", { mms: 1 }, 136, 357, 12],
  ["fixed", quiet, 2532, 8360, 22],
])("%s at %o has %i states, both ways", (patch, parameters, states, transitions, depth) => {
  const model = build(mmList, patch, { parameters });
  expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

describe("verdicts", () => {
  test.each<[Patch, Sizes, readonly string[]]>([
    ["v0", {}, ["S04", "S13", "S17", "L04", "B04"]],
    ["v1", {}, ["S04", "S13", "B04"]],
    ["v1", { delay: 0 }, ["S04", "S13", "S17", "B04"]],
    ["v2", { ...quiet, delay: 0 }, ["S04", "S13", "S17", "B04"]],
    ["v3", { ...quiet, delay: 0 }, ["S04", "S13", "B04"]],
    ["fixed", three, []],
  ])("%s at %o violates %j, and nothing holds vacuously", (patch, parameters, expected) => {
    const result = judge(build(mmList, patch, { parameters }));
    expect(violated(result)).toEqual(expected);
    expect(result.properties.filter(({ vacuous }) => vacuous)).toEqual([]);
  });

  test("is v0 with every fix on", () => {
    const fixes = mmList.features.filter(({ restores }) => restores.length > 0);
    const features = Object.fromEntries(fixes.map(({ name }) => [name, true]));
    expect(build(mmList, "v0", { features })).toEqual(build(mmList, "fixed"));
  });

  test.each(mmList.features.filter(({ restores }) => restores.length > 0))(
    "without $name violates exactly $restores",
    ({ name, restores }) => {
      const parameters = restores.includes("L01") ? three : {};
      const without = judge(build(mmList, "fixed", { features: { [name]: false }, parameters }));
      expect(violated(without).toSorted()).toEqual(restores.toSorted());
    },
  );

  test("what closes nothing violates nothing on the fixed daemon", () => {
    for (const { name } of mmList.features.filter(({ closes }) => closes.length === 0)) {
      const features = { [name]: true };
      expect(judge(build(mmList, "fixed", { features, parameters: quiet })).verdict).toBe("holds");
    }
  });
});

test.each<[Patch, string]>([
  ["v1", "violated"],
  ["v3", "violated"],
])("%s: the order of visits where three mms wait: %s", (patch, verdict) => {
  const model = build(mmList, patch, { parameters: three });
  const properties = model.properties.filter(({ id }) => id === "L01");
  const result = check({ ...model, properties }, { now: () => 0, stopAtFirst: true });
  expect(result.properties.map((p) => p.verdict)).toEqual([verdict]);
});

test("v1 deadlocks only where exec fails between the two mm_lock sections of a visit", () => {
  const run = runOf(judge(build(mmList, "v1", { parameters: quiet })), "S04");
  const since = run.slice(run.indexOf("kmmscand.pick"));
  expect(since).toContain("owner(mm0).leave");
  expect(since).not.toContain("kmmscand.advance");
});

describe("fixed violates", () => {
  const { v } = listMemory(2);
  const mm = self("mm");
  const exits = and(eq(get(v.mm_users, mm), 0), contains(v.scan_list, mm));
  const nothing = doing(() => []);

  test.each<[string, string, readonly Edit[]]>([
    [
      "S01",
      "exit frees a slot that is being scanned",
      [
        { actor: "owner", step: "unlink", change: guardedBy(exits) },
        { actor: "owner", step: "unlink", change: doing((effects) => effects.slice(1)) },
        { actor: "owner", step: "leave", change: takenOut },
      ],
    ],
    ["S02", "the slot takes no reference", [{ actor: "owner", step: "fork_mmgrab", change: nothing }]],
    ["S03", "exit does not wait for the walker", [{ actor: "owner", step: "barrier", change: unguarded }]],
    [
      "L01.again",
      "the cursor stays at the head",
      [{ actor: "kmmscand", step: "advance", change: doing(() => [set(v.cursor, null)]) }],
    ],
  ])("%s where %s", (id, _mistake, edits) => {
    const model = edit(build(mmList, "fixed", { parameters: quiet }), edits);
    expect(checkModel(model)).toEqual([]);
    expect(violated(judge(model))).toContain(id);
  });
});
