/** The page-table callback: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { describe, expect, test } from "vitest";
import { pte } from "../../../models/kmmscand/pte/pte.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { doing, edit } from "./edit.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const early = ["S14.address", "A03", "A04", "B05", "A03.toptier", "A11", "A11.idle"];

describeVersions(pte, {
  violates: {
    v0: ["S14", "S14.address", "A03", "A04", "B05", "A11", "A11.idle", "S09"],
    p1: early,
    v1: early,
    v2: early,
    v3: [
      ...["S14.address", "A03", "A04", "A03.second", "A03.mark", "A03.missed", "B05", "A03.toptier"],
      ...["A11", "A11.idle"],
    ],
    fixed: [],
  },
});
describeCounts(pte, { naive: 1_000, most: 1_000 });

describe("a folio with one entry", () => {
  const result = judge(build(pte, "v3", { parameters: { ptes: 1 } }));

  test("is never queued by v3 for an access of an earlier window", () => {
    expect(violated(result)).not.toContain("A04");
  });

  test("D61: is queued by v3 in its first visit, after one access", () => {
    expect(runOf(result, "A03.second").slice(1)).toEqual([
      ...["application.touch(pte0)", "kmmscand.walk", "kmmscand.queue"],
    ]);
  });

  test("D66: is missed by v3 where its lock was held, or its bit was taken (D65)", () => {
    const run = runOf(result, "A03.missed");
    expect(run.some((step) => /walk_busy|page_idle/.test(step))).toBe(true);
    const cured = judge(
      build(pte, "v3", { features: { busyFolioLeftAlone: true }, parameters: { ptes: 1 } }),
    );
    expect(runOf(cured, "A03.missed")).toContain("memory.page_idle");
  });
});

test("D65: the mark of v3 says idle of a folio in use, once another user has set PG_idle", () => {
  const features = { busyFolioLeftAlone: true };
  const run = runOf(judge(build(pte, "v3", { features, parameters: { ptes: 1 } })), "A03.mark");
  expect(run.slice(-2)).toEqual(["kmmscand.done", "memory.page_idle"]);
});

test("D65: v0 to v3 make the idle page bitmap call a folio idle that was accessed since somebody marked it", () => {
  for (const patch of ["v0", "p1", "v1", "v2", "v3"] as const) {
    const run = runOf(judge(build(pte, patch, { parameters: { ptes: 1 } })), "A11.idle");
    const last = run.lastIndexOf("memory.page_idle");
    expect(run.slice(last + 1).filter((step) => /touch|queue|idle|toptier/.test(step))).toEqual([
      "application.touch(pte0)",
      ...Array.from({ length: patch === "v3" ? 2 : 1 }, () => expect.stringMatching(/^kmmscand\./)),
    ]);
  }
});

test("S14.address where the walk goes on and the address does not", () => {
  const stays = doing((effects) =>
    effects.filter((effect) => !JSON.stringify(effect).includes('"target":{"kind":"var","name":"address"}')),
  );
  const result = judge(edit(build(pte, "fixed"), [{ actor: "kmmscand", step: "walk", change: stays }]));
  expect(violated(result)).toEqual(["S14.address"]);
});

test("a scan that leaves no PG_young behind hides accesses from reclaim", () => {
  const forgets = doing((effects) =>
    effects.map((effect) =>
      effect.kind === "when" && effect.then.length > 1 ? { ...effect, then: effect.then.slice(1) } : effect,
    ),
  );
  const edits = ["queue", "idle"].map((step) => ({ actor: "kmmscand", step, change: forgets }));
  const result = judge(edit(build(pte, "fixed"), edits));
  expect(violated(result)).toEqual(["A11.young"]);
});

test("D62: to clear PG_young in place of not asking it hides accesses from reclaim, and mends the rest", () => {
  const asks = { youngNotTakenForAccess: false };
  expect(violated(judge(build(pte, "fixed", { features: asks })))).toEqual(["A03", "A04"]);
  const clears = judge(build(pte, "fixed", { features: { ...asks, youngFlagCleared: true } }));
  expect(violated(clears)).toEqual(["A11.young"]);
  expect(runOf(clears, "A11.young")).toHaveLength(4);
});

test("D60: v0 queues a folio that nobody has touched", () => {
  expect(runOf(judge(build(pte, "v0")), "A03").slice(1)).toEqual(["kmmscand.walk", "kmmscand.queue"]);
});

test("D63: v3 takes the entry next door for the window before", () => {
  const features = { firstVisitMarksOnly: true, busyFolioLeftAlone: true, ownFlags: true };
  const run = runOf(judge(build(pte, "v3", { features })), "A03.second");
  const touches = run.filter((step) => step.startsWith("application.touch"));
  expect(touches.toSorted()).toEqual(["application.touch(pte0)", "application.touch(pte1)"]);
  expect(run.at(-1)).toBe("kmmscand.queue");
});
