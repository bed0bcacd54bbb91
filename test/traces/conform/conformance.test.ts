/** What conformance accepts, rejects and says, on small logs written for it. */
import { describe, expect, test } from "vitest";
import type { PropertyReport, ValidateOptions } from "../../../traces/validate.ts";
import { example, textOf, validateText } from "../support/logs.ts";
import { type LogWriter, writeLog } from "../support/writer.ts";

async function judge(log: LogWriter | string, options: ValidateOptions = {}): Promise<PropertyReport> {
  const text = typeof log === "string" ? log : log.text();
  const report = await validateText(text, { properties: ["M01"], ...options });
  return report.properties[0]!;
}

/** An mm of v1 from enter to exit, with a scan that queues and a migration. */
const life = (log: LogWriter, mm: string): LogWriter =>
  log
    .on(1)
    .enter(mm)
    .wait(2000)
    .on(0)
    .scan("f0")
    .scan(mm, { total: 9 })
    .wait(1)
    .migrate(mm)
    .wait(50)
    .on(1)
    .exit(mm)
    .wait(5);

const gone = () => life(writeLog("v1"), "a1").on(0);

describe("v1", () => {
  test.each<[string, LogWriter, string]>([
    ["a pointer that is used again", life(life(writeLog("v1"), "a1"), "a1"), "holds"],
    ["one migration in flight over the exit", life(writeLog("v1"), "a1").migrate("a1"), "holds"],
    [
      "a migration between start and end: the list is spliced after each VMA",
      life(writeLog("v1"), "a1").on(1).enter("a2").on(0).start("a2").migrate("a2").end("a2", { total: 3 }),
      "holds",
    ],
    [
      "a migration between start and end of a scan that found nothing",
      life(life(writeLog("v1"), "a2"), "a1")
        .on(1)
        .enter("a2")
        .wait(1)
        .on(0)
        .start("a2")
        .migrate("a2")
        .end("a2", { total: 0 }),
      "holds",
    ],
    [
      "two migrations between start and end of a scan that found nothing",
      life(life(writeLog("v1"), "a2"), "a1")
        .on(1)
        .enter("a2")
        .wait(1)
        .on(0)
        .start("a2")
        .migrate("a2", 0, 2)
        .end("a2", { total: 0 }),
      "violated",
    ],
    ["a visit that began before the exit", gone().start("a1").end("a1"), "holds"],
    ["a second visit after the exit", gone().start("a1").start("a1"), "violated"],
    ["a visit after the exit and after that of another mm", gone().start("f0").start("a1"), "violated"],
    ["an exit of an mm without a slot", life(writeLog("v1"), "a1").exit("c3").wait(9).exit("c3"), "holds"],
  ])("%s: %s", async (_, log, verdict) => {
    expect((await judge(log, { patch: "v1" })).verdict).toBe(verdict);
  });
});

const visits = () =>
  writeLog().on(1).enter("c1").on(0).scan("b1", { total: 5 }).migrate("b1").scan("a1", { total: 2 }).wait(1);

describe("v0", () => {
  test.each<[string, LogWriter, string]>([
    ["what was found is migrated at once", visits().migrate("a1", 0, 2).start("b1"), "holds"],
    [
      "a migration after the next visit",
      visits().migrate("a1").start("b1").migrate("a1").start("a1"),
      "violated",
    ],
    ["an end without its start", visits().start("b1").end("a1"), "violated"],
    ["two ends of one visit", visits().end("a1"), "violated"],
    [
      "a start before the enter of its mm",
      writeLog().start("a1").start("b1").wait(50).start("a1").on(1).enter("a1"),
      "holds",
    ],
    ["a start long before the enter of its mm", visits().start("a1").wait(200).on(1).enter("a1"), "holds"],
    ["an exit, which v0 does not show", visits().exit("a1"), "violated"],
  ])("%s: %s", async (_, log, verdict) => {
    expect((await judge(log, { patch: "v0" })).verdict).toBe(verdict);
  });
});

describe("events close to each other", () => {
  /** The end is printed before its start; only the clock of the other CPU can be wrong. */
  const late = (ms: number, other: number, pid: string): string =>
    life(writeLog("v1"), "a1")
      .on(1)
      .enter("a1")
      .wait(9)
      .on(0)
      .scan("f0")
      .scan("a1")
      .on(1)
      .exit("a1")
      .wait(ms)
      .on(other)
      .start("a1")
      .start("a1")
      .wait(500)
      .text()
      .replaceAll("kmmscand-37 ", `kmmscand-${pid} `);

  test("of different CPUs may be in either order", async () => {
    const property = await judge(late(0.02, 0, "37"), { patch: "v1" });
    expect(property.verdict).toBe("holds");
    expect(property.reason).toMatch(/3 so close to one of another CPU that either order was tried/);
  });

  test.each([
    ["of one CPU may not", 0.02, 1],
    ["may not where the clocks cannot be that wrong", 0.2, 0],
  ])("%s", async (_, ms, cpu) => {
    expect((await judge(late(ms, cpu, "37"), { patch: "v1" })).verdict).toBe("violated");
  });
});

describe("where events are missing", () => {
  const broken = (mark: string) =>
    writeLog().scan("a1").scan("b1").raw(mark).end("a1").scan("b1").on(1).enter("c1").on(0).scan("b1").text();

  test("any mm may be anywhere, and nothing holds", async () => {
    expect((await judge(broken("CPU:0 [LOST 3 EVENTS]"))).verdict).toBe("inconclusive");
    expect((await judge(broken("# a remark"))).verdict).toBe("violated");
  });

  test("a rejection before the mark is taken back, a settled one is not", async () => {
    const doubtful = writeLog()
      .on(0)
      .scan("b1")
      .end("a1")
      .raw("CPU:1 [LOST 3 EVENTS]")
      .on(1)
      .enter("c1")
      .on(0)
      .scan("b1");
    expect((await judge(doubtful)).verdict).toBe("inconclusive");
    const settled = writeLog()
      .on(1)
      .enter("c1")
      .on(0)
      .scan("b1")
      .end("a1")
      .on(1)
      .enter("c2")
      .wait(200)
      .on(0)
      .scan("b1")
      .raw("CPU:1 [LOST 3 EVENTS]")
      .on(1)
      .enter("c3")
      .on(0)
      .scan("b1");
    expect((await judge(settled)).verdict).toBe("violated");
  });

  test("an event that the log never shows is taken as not recorded", async () => {
    const property = await judge(
      writeLog().enter("a1").end("a1").end("b1").end("a1", { total: 3 }).end("a1"),
    );
    expect(property.verdict).toBe("holds");
    expect(property.reason).toMatch(/kmem_scan_mm_start and kmem_scan_mm_migrate not being recorded/);
  });
});

describe("the version", () => {
  const v0 = textOf(example("v0-abench-calm.txt.gz")).split("\n").slice(0, 400).join("\n");

  test("of a log is the one that is asked for", async () => {
    for (const patch of ["v1", "v2", "v3"] as const) {
      const { verdict, violations, count } = await judge(v0, { patch });
      expect(verdict).toBe("violated");
      expect(violations[0]).toMatchObject({
        line: 13,
        message: `kmem_scan_mm_start of ${patch} prints the mm alone, and this one does not`,
      });
      expect(count).toBeGreaterThan(100);
    }
    expect((await judge(v0.replace(/^# entries.*\n/m, ""))).verdict).toBe("holds");
  });

  test("of v3 counts, those before do not", async () => {
    const log = (patch: "v1" | "v3") =>
      writeLog(patch).enter("a1").wait(1).scan("a1", { total: 3 }).migrate("a1");
    expect((await judge(log("v3"), { patch: "v2" })).violations[0]?.message).toBe(
      "kmem_scan_mm_migrate of v2 prints a node and no counts, and this one does not",
    );
    expect((await judge(log("v1"), { patch: "v3" })).violations[0]?.message).toBe(
      "kmem_scan_mm_migrate of v3 prints a node and counts, and this one does not",
    );
    expect((await judge(log("v3"), { patch: "v3" })).verdict).toBe("holds");
    expect((await judge(log("v1"), { patch: "v2" })).verdict).toBe("holds");
  });

  test("is not known: the log is compared with each that it may be of", async () => {
    const log = writeLog("v1", "<...>").enter("a1").wait(1).scan("a1", { total: 3 }).migrate("a1");
    const report = await validateText(log.text());
    expect(report.logs[0]?.notes.join()).toMatch(/no event tells whether the log is of v1 or v2/);
    expect(await judge(log)).toMatchObject({ verdict: "holds" });
    // Of v1 it may be, for there the queue is one.
    const turns = log.wait(1).scan("b1", { total: 3 }).migrate("b1").migrate("a1");
    expect((await judge(turns, { patch: "v1" })).verdict).toBe("holds");
    expect((await judge(turns, { patch: "v2" })).verdict).toBe("violated");
    expect(await judge(turns)).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("in v2 this is violated, but the log may be of another version"),
    });
    // An end of another mm no version has.
    expect((await judge(turns.start("a1").end("b1"))).verdict).toBe("violated");
  });
});

test("it is left out where that is asked for", async () => {
  const ids = async (options: ValidateOptions) =>
    (await validateText(visits().text(), options)).properties.map(({ id }) => id);
  expect(await ids({})).toContain("M01");
  expect(await ids({ conform: false })).not.toContain("M01");
  expect(await ids({ conform: false, properties: ["M01"] })).toEqual(["M01"]);
  expect(await ids({ properties: ["A10"] })).toEqual(["A10"]);
});

test("a rejection tells where the model stood, what it could have shown, and which step was expected", async () => {
  const log = writeLog()
    .enter("a1")
    .scan("b1", { total: 1 })
    .migrate("b1")
    .start("a1")
    .start("b1")
    .end("a1", { total: 7 });
  const { violations, count } = await judge(log);
  expect(count).toBe(1);
  const [{ line, event, message, context } = { message: "" }] = violations;
  expect({ line, event }).toEqual({ line: 7, event: "kmem_scan_mm_end" });
  expect(context?.map((quoted) => quoted.line)).toEqual([5, 6, 7, 8]);
  expect(message.split(". ")).toEqual([
    "no run of the v0 model shows kmem_scan_mm_end with a total of mm 00000000000000a1 here",
    "The one of this mm before it is kmem_scan_mm_start in line 5, and since then another was visited in line 6",
    expect.stringMatching(/^\d+ of its 322 states fitted: kmmscand at .*kmmscand_do_scan:next.*, owner at /),
    "Next it could have shown kmem_scan_mm_migrate with another rc, kmem_scan_mm_migrate with rc 0, kmem_scan_mm_start, kmem_mm_enter, kmem_scan_mm_migrate of another mm, a scan event of another mm",
    'It is shown by the step "trace of the end, accessed folios; mmap_read_unlock" in kmmscand_scan_mm_slot(), at kmmscand_scan_mm_slot:walk, but the step is not possible there now',
    "It could come here after kmem_scan_mm_start",
  ]);
});
