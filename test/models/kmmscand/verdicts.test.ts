/** What the posted daemon violates, and that each fix is needed and closes what it says. */
import { describe, expect, test } from "vitest";
import { system } from "../../../models/kmmscand/system/system.ts";
import { build, judge, runOf, violated } from "./build.ts";

/** Two defects need a second mm: for the cursor to rest on, and to walk what others have queued. */
const twoMms = { mms: 2, folios: 1, queue: 1 };

describe("v0", () => {
  const result = judge(build(system, "v0"));

  test("violates the properties that the known defects break", () => {
    expect(violated(result)).toEqual([
      ...["S04", "S05", "S16", "S16.isolated", "S06.vma", "S13", "S17", "S06", "S06.queued", "S06.inflight"],
      ...["B02", "A02", "A03", "A04", "L05", "DEADLOCK"],
    ]);
  });

  test("holds the others, none of them vacuously", () => {
    const holding = result.properties.filter(({ verdict }) => verdict === "holds");
    expect(holding.map(({ id }) => id)).toEqual([
      ...["S01", "S02", "S03", "S10", "B02.list", "A01"],
      ...["L05.asked", "A08.enabled", "L06.given_up", "A08.loop", "A08.stored", "S13.work", "L01.work"],
      ...["L01.rests", "L01.skipped", "S03.users", "S06.collected"],
      ...["A05.visited", "S15.queued", "A03.node", "A03.missed", "A03.mark", "L02.end", "L02.enough"],
      ...["L02.walked", "B05.passed"],
      ...["S18.dirty", "S06.unnamed", "S05.valid", "A02.refused", "A02.code", "A02.failed", "S15.moved"],
      ...["S10.held", "S02.users", "S02.found", "S06.mapped", "S05.fresh"],
      ...["L03", "L02.promoted", "L04"],
    ]);
    expect(holding.filter(({ vacuous }) => vacuous)).toEqual([]);
  });

  test("also violates B02.list with two mms, and has no second entry to miscount or wait for", () => {
    const model = build(system, "v0", { parameters: twoMms });
    // What becomes of a run, L04 above all, is in the table of docs/findings.md.
    const properties = model.properties.filter(({ kind }) => kind !== "leadsTo");
    const expected = violated(result).filter((id) => !["A02", "B02", "L05"].includes(id));
    const larger = judge({ ...model, properties });
    expect(violated(larger).toSorted()).toEqual([...expected, "B02.list"].toSorted());
  });
});

describe("fixed", () => {
  const result = judge(build(system, "fixed"));

  test("holds every property, none of them vacuously", () => {
    expect(result.verdict).toBe("holds");
    expect(result.properties.filter(({ vacuous }) => vacuous)).toEqual([]);
  });

  test("is v0 with every fix on", () => {
    const fixes = system.features.filter(({ patches }) => patches.includes("fixed"));
    const features = Object.fromEntries(fixes.map(({ name }) => [name, true]));
    expect(build(system, "v0", { features })).toEqual(build(system, "fixed"));
  });

  const restoring = system.features.filter(({ restores }) => restores.length > 0);
  test.each(restoring)("without $name violates exactly $restores", ({ name, restores }) => {
    const parameters = restores.some((id) => id === "L04" || id === "B02.list") ? twoMms : {};
    const without = judge(build(system, "fixed", { features: { [name]: false }, parameters }));
    expect(violated(without).toSorted()).toEqual(restores.toSorted());
  });
});

describe("the shortest run of v0 that shows", () => {
  const result = judge(build(system, "v0"));

  /** The steps of the run that are among those given: there may be others, and several runs are shortest. */
  const among = (id: string, steps: readonly string[]) =>
    runOf(result, id).filter((step) => steps.includes(step));

  test("D01: exec fails while the cursor is on the new slot", () => {
    const steps = ["owner(mm0).exec", "kmmscand.pick", "owner(mm0).leave", "owner(mm0).cleaned"];
    expect(among("S04", steps)).toEqual(steps);
    expect(runOf(result, "S04")).toContain("owner(mm0).insert_fails");
  });

  test("D06: the walker appends behind the cleanup of an exit", () => {
    const steps = ["kmmscand.start", "owner(mm0).cleaned", "kmmscand.queue(folio0)", "owner(mm0).barrier"];
    expect(among("S06.queued", steps)).toEqual(steps);
  });

  test("D07: the list is empty, so the exit does not see the entry in flight", () => {
    const steps = ["kmmscand.queue(folio0)", "kmmscand.take", "owner(mm0).cleaned"];
    expect(among("S06.inflight", steps)).toEqual(steps);
  });

  test("D55: the stop request is not seen in the loop for scan_enabled", () => {
    const run = result.properties.find(({ id }) => id === "L05")?.counterexample;
    expect(run?.steps.slice(run.loopStart ?? 0).map(({ event }) => event)).toEqual(["kmmscand.wait_enabled"]);
  });
});
