/** What models/kmmscand/README.md takes for granted where it leaves something out. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { sharedMemory } from "../../../models/kmmscand/system/shared-memory.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import {
  and,
  at,
  type Bool,
  chosen,
  type Expr,
  eq,
  field,
  get,
  individual,
  isEmpty,
  isNone,
  not,
  or,
  type Property,
  someElement,
} from "../../../models/language/index.ts";
import { build, judge, runOf } from "./build.ts";

const { v } = sharedMemory({ mms: 1, folios: 2, queue: 2, stores: 1 }, false);
const flying = field(v.in_flight, "folio");

function whenever(step: string, id: string, holds: Expr<Bool>): Property {
  return { id, kind: "assertion", title: id, says: id, on: [{ actor: "kmmscand", steps: [step] }], holds };
}

const assumptions = [
  whenever("pick", "the list is drained before the next visit", isEmpty(v.migrate_list)),
  whenever(
    "queue",
    "the list has entries of one mm only",
    not(
      someElement(v.migrate_list, "e", (e) => not(or(isNone(field(e, "mm")), eq(field(e, "mm"), v.cursor)))),
    ),
  ),
  whenever(
    "queue",
    "a folio is not queued twice",
    not(someElement(v.migrate_list, "e", (e) => eq(field(e, "folio"), chosen("folio", "folio")))),
  ),
  whenever("flags_valid", "no entry names a folio of the top tier", not(get(v.toptier, flying))),
];

describe.each<[Patch, Readonly<Record<string, number>>]>([
  ["v0", {}],
  ["fixed", {}],
  ["v0", { mms: 2, folios: 1, queue: 1, stores: 0 }],
])("on %s at %o", (patch, parameters) => {
  const model = build(system, patch, { parameters });
  const result = judge({ ...model, properties: assumptions });

  test.each(result.properties.map(({ id, verdict }) => [id, verdict]))("%s", (_id, verdict) => {
    expect(verdict).toBe("holds");
  });
});

test("a folio that is promoted for one mm may have become another's on v0", () => {
  const parameters = { mms: 2, folios: 1, queue: 1, stores: 0 };
  const ownFolio = eq(get(v.folio_mm, flying), field(v.in_flight, "mm"));
  const properties = [
    whenever("folio_moved", "own", ownFolio),
    whenever("folio_moved", "made for", not(and(field(v.in_flight, "stale"), ownFolio))),
  ];
  const result = judge({ ...build(system, "v0", { parameters }), properties });
  expect(result.properties.map(({ verdict }) => verdict)).toEqual(["violated", "violated"]);
  expect(runOf(result, "own").filter((step) => /take|unmap|map/.test(step))).toEqual([
    "application(mm0).map(folio0)",
    "kmmscand.take",
    "memory.unmap(folio0)",
    "application(mm1).map(folio0)",
  ]);
});

test.each<Patch>(["v0", "fixed"])("on %s an exit may begin wherever the daemon stands", (patch) => {
  const model = build(system, patch, { parameters: { folios: 1, queue: 1 } });
  const points = Object.keys(model.actors.find(({ name }) => name === "kmmscand")?.config.states ?? {});
  const properties = points.map(
    (id): Property => ({
      id,
      kind: "reachable",
      title: id,
      says: id,
      goal: and(at("kmmscand", [id]), get(v.running, individual("mm", 0))),
    }),
  );
  const result = judge({ ...model, properties });
  expect(points.length).toBeGreaterThan(12);
  expect(result.properties.filter(({ verdict }) => verdict !== "holds").map(({ id }) => id)).toEqual([]);
});

/** Steps, some alternative of which is taken neither at the default scope nor with a short list. */
function neverTaken(patch: Patch): readonly string[] {
  const [usual, short] = [{}, { queue: 1 }].map((parameters) => {
    const { coverage } = judge(build(system, patch, { parameters }));
    expect(coverage.pointsNeverEntered).toEqual([]);
    return coverage.stepsNeverTaken;
  });
  return [...new Set(usual?.filter((step) => short?.includes(step)))];
}

test("every step of v0 is taken at a small scope, except for those that the code cannot reach", () => {
  expect(neverTaken("v0")).toEqual([
    // After a failure the dirty flag drops one entry; the one without mm behind it is the third.
    "kmmscand.failed at migrate_folio:account",
    // The exec that fails finds its slot listed. Its mm has never run, so no entry names it; and it waits for ever.
    "owner(mm0).untracked at bprm_mm_init:lookup",
    "owner(mm0).spin at bprm_mm_init:cleanup",
    "owner(mm0).cleaned at bprm_mm_init:cleanup",
    "owner(mm0).barrier at bprm_mm_init:barrier",
  ]);
});

test("every step of fixed is taken at a small scope, except that a failed fork has no slot", () => {
  expect(neverTaken("fixed")).toEqual([
    // Only where there is another mm does the cursor rest on a slot that is not scanned.
    "owner(mm0).unlink at task:run",
    "owner(mm0).unlink at __mmput:lookup",
    "owner(mm0).leave at __mmput:lookup",
  ]);
});
