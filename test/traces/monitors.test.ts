/** Each property on small logs written for it, and on real ones edited by hand. */
import { describe, expect, test } from "vitest";
import type { PropertyReport } from "../../traces/validate.ts";
import { example, fixture, property, textOf, validateText, verdicts } from "./support/logs.ts";
import { edit, type LogWriter, writeLog } from "./support/writer.ts";

const GIB = 2 ** 30;

async function judge(log: LogWriter | string, id: string): Promise<PropertyReport> {
  return property(await validateText(typeof log === "string" ? log : log.text()), id);
}

async function verdict(log: LogWriter | string, id: string): Promise<string> {
  const { verdict: said, vacuous } = await judge(log, id);
  return vacuous ? `${said}*` : said;
}

/** An idle mm of V0 from its enter through three scans that keep the law. */
function idle(mm = "a1"): LogWriter {
  return writeLog()
    .enter(mm)
    .scan(mm)
    .wait(2001)
    .start(mm)
    .wait(301)
    .scan(mm, { period: 2300, size: 2 * GIB })
    .wait(2650)
    .scan(mm, { period: 2645, size: GIB });
}

describe("a log that begins within a burst of migrations", () => {
  const burst = (first: LogWriter) => first.migrate("a1", 0, 9).wait(9).enter("b2").scan("b2", { total: 2 });
  test("does not hold where they are more than its scans counted, though the first end comes after them", async () => {
    const report = await validateText(burst(writeLog("v0").start("a1").start("b2")).text());
    for (const id of ["P02", "B05", "L03"]) expect(property(report, id).verdict).toBe("inconclusive");
    expect(property(report, "A10").verdict).toBe("holds");
    expect(report.logs[0]).toMatchObject({ startsMidStream: true, beginsWithEnter: false });
  });
  test("is told from one that begins with a mm_enter, whatever it shows first of the daemon", async () => {
    const report = await validateText(writeLog("v0").enter("a1").end("a1").text());
    expect(report.logs[0]).toMatchObject({ startsMidStream: false, beginsWithEnter: true });
  });
  test("of an mm whose mm_enter it has is no proof before any scan has ended", async () => {
    const early = await validateText(burst(writeLog("v0").enter("a1")).text());
    expect(property(early, "P02").verdict).toBe("inconclusive");
  });
});

describe("a log of one CPU", () => {
  const wrong = () =>
    writeLog("v0").enter("a1").scan("a1", { total: 1 }).migrate("a1", 0, 5).migrate("a1", 99);
  const lines = (log: LogWriter): string => `${log.lines.join("\n")}\n`;
  test("may be that of one of several: only what a line proves counts, and nothing holds", async () => {
    const report = await validateText(lines(wrong()));
    const found = report.properties.filter(({ verdict }) => verdict !== "inconclusive").map(({ id }) => id);
    expect(found).toEqual(["A10"]);
    expect(property(report, "P02").reason).toContain("--merge");
    const header = wrong().whole().replace("#P:1", "#P:2");
    const more = header.replace(/(\d+)\/\d+ {3}/, (_, n) => `${Number(n) + 1}/${Number(n) + 1}   `);
    expect(property(await validateText(more), "P02").verdict).toBe("inconclusive");
  });
  test.each([
    ["ftrace's header", wrong().whole()],
    [
      "the header of a machine of two, which counts the records of both",
      wrong().whole().replace("#P:1", "#P:2"),
    ],
    ["perf's header", `# nrcpus online : 1\n${lines(wrong())}`],
    ["trace-cmd's first line", `cpus=1\n${lines(wrong())}`],
    ["trace-cmd where the other is empty", `CPU 1 is empty\ncpus=2\n${lines(wrong())}`],
  ])("is whole where it says so: %s", async (_, text) => {
    expect(property(await validateText(text), "P02").verdict).toBe("violated");
  });
  test("is whole where the user says so, and then holds as well", async () => {
    expect(property(await validateText(lines(wrong()), { allCpus: true }), "P02").verdict).toBe("violated");
    const right = lines(writeLog("v0").enter("a1").scan("a1", { total: 1 }).migrate("a1"));
    expect(property(await validateText(right), "P02").verdict).toBe("inconclusive");
    expect(property(await validateText(right, { allCpus: true }), "P02").verdict).toBe("holds");
    const early = await validateText(lines(wrong()) + right.repeat(2), { allCpus: true, failFast: true });
    expect([early.verdict, early.interrupted]).toEqual(["violated", true]);
  });
  test("does not end at a violation that the other CPUs would explain", async () => {
    const report = await validateText(
      lines(writeLog("v0").enter("a1").scan("a1", { total: 1 }).migrate("a1", 0, 5)) +
        lines(writeLog("v0").start("b1").wait(1)).repeat(3000),
      { failFast: true },
    );
    expect(report.properties.map(({ verdict }) => verdict)).not.toContain("violated");
    expect(report.interrupted).toBe(false);
  });
});

test("a log of two versions is judged by neither", async () => {
  const log = `${idle().text()}${writeLog("v1").enter("b1").scan("b1", { size: GIB }).text()}`;
  const report = await validateText(log);
  expect(Object.values(verdicts(report))).not.toContain("violated");
  expect(report.verdict).toBe("inconclusive");
});

test("a total below zero is not well-formed", async () => {
  expect(await verdict(writeLog().enter("a1").scan("a1", { total: -5 }), "A10")).toBe("violated");
});

test("a good log holds", async () => {
  expect(verdicts(await validateText(idle().migrate("a1", 0, 0).text()))).toEqual({
    A06: "holds",
    A07: "holds",
    A10: "holds",
    B01: "holds",
    L01: "holds",
    M01: "holds",
    P01: "holds",
    P02: "holds*",
    P03: "inconclusive",
  });
});

describe("A10 pairing", () => {
  test.each([
    ["a visit before the scan is due, a start without an end", idle(), "holds"],
    ["an end of a scan that began before the log", writeLog().end("a1").scan("b2"), "holds"],
    ["a mm_enter after the first start of its mm", writeLog().start("a1").enter("a1").end("a1"), "holds"],
    ["an end without a start", writeLog().scan("a1").end("a1"), "violated"],
    ["an end of another mm than was started", writeLog().start("a1").end("b2"), "violated"],
    ["an end after a migrate line only", writeLog().scan("a1").migrate("a1").end("a1"), "violated"],
    [
      "a start by a second task",
      writeLog()
        .scan("a1")
        .probe("kmem_scan_mm_start", "kmmscand: scan_mm_start comm =sh mm=00000000000000a1", 55),
      "violated",
    ],
    ["a return code of a later version", writeLog().scan("a1").migrate("a1", 7), "violated"],
    ["a return code that migration never gives", writeLog().scan("a1").migrate("a1", -12), "violated"],
    [
      "a return code of this version",
      writeLog().scan("a1", { total: 200 }).migrate("a1", 6).migrate("a1", -11),
      "holds",
    ],
    ["an event on no mm", writeLog().start("0"), "violated"],
    [
      "an event on an error code",
      writeLog("v1").raw(writeLog("v1").start("a1").lines[0]!.replace(/\w+$/, "fffffffffffffff4")),
      "violated",
    ],
    ["ends only, the start event switched off", writeLog().end("a1").end("b2").end("c3"), "inconclusive"],
    [
      "lines in which start and end are swapped",
      idle()
        .text()
        .replace(/^(.*scan_mm_start.*)\n(.*scan_mm_end.*)\n#/m, "$2\n$1\n#"),
      "violated",
    ],
    ["an exit of an mm that was never entered", writeLog("v1").scan("b2").exit("a1"), "holds"],
    ["exits of two lives", writeLog("v1").scan("b2").exit("a1").enter("a1").exit("a1"), "holds"],
    ["an exit after an exit", writeLog("v1").scan("b2").exit("a1").exit("a1"), "inconclusive"],
    ["the same in a later version", writeLog("v3").migrate("b2", 11).exit("a1").exit("a1"), "holds"],
    [
      "a hole between them",
      writeLog("v1").exit("a1").raw("CPU:0 [LOST 5 EVENTS]").exit("a1"),
      "inconclusive",
    ],
    ["an exit and its probes", hook(hook(writeLog("v1").scan("b2"), 1, 70), 1, 80), "holds"],
    ["two exits between the probes", hook(writeLog("v1").scan("b2"), 2), "violated"],
    ["a second exit after the probes", hook(writeLog("v1").scan("b2"), 1).exit("a1", 70), "violated"],
    ["probes without an exit", hook(hook(writeLog("v1").scan("b2"), 1), 0), "violated"],
    ["probes where exits are not recorded", hook(hook(writeLog("v1").scan("b2"), 0), 0), "holds"],
  ])("%s: %#", async (_, log, expected) => {
    expect(await verdict(log, "A10")).toBe(expected);
  });

  /** A life of an mm whose exit hook shows `times` exits. */
  function hook(log: LogWriter, times: number, pid = 70): LogWriter {
    log
      .enter("a1", pid - 1)
      .probe("exit", "(__kmmscand_exit+0x0/0x220) mm=0xffff888000d2cf00 users=0x0", pid);
    for (let i = 0; i < times; i++) log.exit("a1", pid);
    return log.probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", pid);
  }

  test("names both lines and quotes the ones around", async () => {
    const { violations, reason } = await judge(writeLog().scan("a1").start("b2").end("a1").scan("c3"), "A10");
    expect(violations[0]).toMatchObject({
      line: 4,
      event: "kmem_scan_mm_end",
      time: "1.001030",
      actor: "kmmscand-37",
      count: 1,
      log: "log.txt",
    });
    expect(violations[0]!.message).toBe(
      "scan_mm_end of mm 00000000000000a1 must follow its own scan_mm_start, but the open scan is that of mm 00000000000000b2 (line 3)",
    );
    expect(violations[0]!.context.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    expect(reason).toContain(violations[0]!.message);
  });

  test("groups repeated violations with their count", async () => {
    const log = writeLog().scan("a1");
    for (let i = 0; i < 30; i++) log.end("a1");
    const { count, violations } = await judge(log, "A10");
    expect(count).toBe(30);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ line: 3, count: 30 });
  });
});

describe("A06 ranges", () => {
  test.each([
    ["v0", { period: 400, size: 2 ** 29 }, "holds"],
    ["v0", { period: 5000, size: 2 ** 34 }, "holds"],
    ["v0", { period: 2 ** 34, size: 5000 }, "holds"],
    ["v0", { period: 399, size: 2 ** 32 }, "violated"],
    ["v0", { period: 2000, size: 2 ** 35 }, "violated"],
    ["v1", { period: 500, size: 2 ** 28 }, "holds"],
    // What P1 allows, which has the same events, is not known to be wrong.
    ["v1", { period: 499, size: 2 ** 28 }, "inconclusive"],
    ["v1", { period: 500, size: 2 ** 33 }, "inconclusive"],
    ["v1", { period: 399, size: 2 ** 28 }, "violated"],
    ["v1", { period: 500, size: 2 ** 34 }, "violated"],
  ] as const)("%s %o: %s", async (patch, options, expected) => {
    expect(await verdict(writeLog(patch).scan("a1", options), "A06")).toBe(expected);
  });
  test("of V3 are left by the stretched period", async () => {
    const log = writeLog("v3").scan("a1", { period: 8888 }).migrate("a1");
    expect(property(await validateText(log.text(), { patch: "v3" }), "A06")).toMatchObject({
      verdict: "violated",
      count: 1,
    });
  });
});

describe("A07 throttle law", () => {
  test("says what the law gives and what is there", async () => {
    const log = idle();
    const { violations } = await judge(edit(log.text(), "scan_period = 2645", "scan_period = 2646"), "A07");
    expect(violations[0]!.message).toContain(
      "the law gives 2645 ms and 1073741824 bytes, but the line has 2646 ms and 1073741824 bytes",
    );
  });
  test.each([
    [
      "a size that is off by one step",
      idle()
        .text()
        .replace(`scan_size = ${2 * GIB}`, `scan_size = ${GIB}`),
      "violated",
    ],
    [
      "a period that stays though the scan was useful",
      writeLog().enter("a1").scan("a1", { total: 100 }).wait(2000).scan("a1"),
      "violated",
    ],
    [
      "the step after a useful scan",
      writeLog()
        .enter("a1")
        .scan("a1", { total: 100 })
        .wait(400)
        .scan("a1", { period: 400, size: 16 * GIB }),
      "holds",
    ],
    [
      "a total just below the threshold",
      writeLog()
        .enter("a1")
        .scan("a1", { total: 99 })
        .wait(2300)
        .scan("a1", { period: 2300, size: 2 * GIB }),
      "holds",
    ],
    [
      "a scan that was extended to the largest size",
      writeLog()
        .enter("a1")
        .scan("a1", { total: 101, size: 16 * GIB })
        .wait(400)
        .scan("a1", { period: 400, size: 16 * GIB }),
      "holds",
    ],
    ["the same pointer entered anew", idle().enter("a1").scan("a1"), "holds"],
    [
      "the first step of an mm from before the log, whatever its past was",
      writeLog()
        .enter("b2")
        .scan("a1", { period: 400, size: 16 * GIB })
        .wait(3200)
        .scan("a1", { period: 3200, size: 16 * GIB }),
      "holds",
    ],
    [
      "a mm_enter that comes just after the first scan",
      idle()
        .scan("a1")
        .enter("a1")
        .wait(2300)
        .scan("a1", { period: 2300, size: 2 * GIB }),
      "holds",
    ],
    [
      "a fresh period where no mm_enter is ever recorded",
      writeLog().scan("a1").wait(2300).scan("a1"),
      "inconclusive",
    ],
    [
      "the step after a fresh period there, which another mm may have begun",
      writeLog("v1")
        .scan("a1", { total: 300 })
        .wait(500)
        .scan("a1", { total: 300, period: 500, size: 4 * GIB })
        .wait(2000)
        .scan("a1")
        .wait(2300)
        .scan("a1", { period: 2300, size: GIB / 2 }),
      "inconclusive",
    ],
    [
      "a step after a fresh period there that no mm takes",
      writeLog("v1")
        .scan("a1")
        .wait(2400)
        .scan("a1", { period: 2400, size: GIB / 2 }),
      "violated",
    ],
    ["no second scan of any mm", writeLog().scan("a1").scan("b2"), "holds*"],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "A07")).toBe(expected);
  });

  test("of V1 adds a sixteenth of the earlier activity before the threshold", async () => {
    const log = writeLog("v1")
      .enter("a1")
      .scan("a1", { total: 2048 })
      .wait(500)
      .scan("a1", { total: 204, period: 500, size: 4 * GIB });
    const kept = log.wait(500).scan("a1", { period: 500, size: 4 * GIB });
    expect(await verdict(kept, "A07")).toBe("holds");
    const idleNow = writeLog("v1")
      .enter("a1")
      .scan("a1", { total: 2048 })
      .wait(500)
      .scan("a1", { total: 127, period: 500, size: 4 * GIB });
    expect(await verdict(idleNow.wait(4000).scan("a1", { period: 4000, size: 4 * GIB }), "A07")).toBe(
      "holds",
    );
  });

  describe("of V3", () => {
    const three = (period: number): LogWriter =>
      writeLog("v3")
        .enter("a1")
        .scan("a1")
        .wait(20000)
        .scan("a1", { period, size: GIB / 2 })
        .migrate("a1");
    test("cannot be decided where some scale and failure rate fit", async () => {
      expect(await judge(three(4088), "A07")).toMatchObject({
        verdict: "inconclusive",
        reason: expect.stringContaining("V3 stretches"),
      });
    });
    test("holds where the scale is known and a rate fits", async () => {
      expect(
        property(await validateText(three(4088).text(), { tunables: { pteScanScale: 8 } }), "A07").verdict,
      ).toBe("holds");
    });
    test("is violated where none fits", async () => {
      expect(await verdict(three(4089), "A07")).toBe("violated");
    });
    test("is violated where a useful scan lengthens the period", async () => {
      const log = writeLog("v3")
        .enter("a1")
        .scan("a1", { total: 1000 })
        .wait(600)
        .scan("a1", { total: 1000, period: 1066, size: 4 * GIB });
      expect(
        await verdict(
          log
            .wait(2000)
            .scan("a1", { period: 1610, size: 4 * GIB })
            .migrate("a1"),
          "A07",
        ),
      ).toBe("violated");
    });
  });
});

describe("P01 spacing", () => {
  const spaced = (rest: number): LogWriter =>
    writeLog()
      .enter("a1")
      .scan("a1")
      .wait(rest)
      .scan("a1", { period: 2300, size: 2 * GIB });
  test.each([
    [2301, "holds"],
    [2281, "holds"],
    [2275, "inconclusive"],
    [1960, "inconclusive"],
    [1950, "violated"],
    [10, "violated"],
  ])("a rest of %i ms of 2300: %s", async (rest, expected) => {
    expect(await verdict(spaced(rest), "P01")).toBe(expected);
  });
  test("takes the period of the law where the line prints a shorter one", async () => {
    const log = writeLog()
      .enter("a1")
      .scan("a1")
      .wait(1500)
      .scan("a1", { period: 1400, size: 2 * GIB });
    expect((await judge(log, "P01")).violations[0]!.message).toContain(
      "2300 ms of rest (as the throttle law gives after line 3)",
    );
  });
  test("always tells the worst margin, and where its ticks come from", async () => {
    expect((await judge(spaced(2310), "P01")).reason).toMatch(
      /^1 pairs, worst margin 10\.\d+ ms at line 4 \(period 2300 ms\), 100 ticks a second assumed$/,
    );
    const given = property(await validateText(spaced(2291).text(), { hz: 1000 }), "P01");
    expect(given).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("1000 ticks a second as given"),
    });
  });
  test("does not count visits before the scan is due", async () => {
    expect(
      await verdict(
        writeLog()
          .enter("a1")
          .scan("a1")
          .start("a1")
          .wait(2310)
          .scan("a1", { period: 2300, size: 2 * GIB }),
        "P01",
      ),
    ).toBe("holds");
  });
  test("cannot be decided by a clock without a unit, unless its rate is given", async () => {
    const ticks = spaced(10)
      .text()
      .replace(/\d+\.(\d+): /g, (time) => `${time.replace(/[.: ]/g, "")}: `);
    expect(await verdict(ticks, "P01")).toBe("inconclusive");
    expect(property(await validateText(ticks, { clock: 1e6 }), "P01").verdict).toBe("violated");
  });
});

describe("P02 conservation", () => {
  test.each([
    ["as many as were counted", writeLog().enter("a1").scan("a1", { total: 3 }).migrate("a1", 0, 3), "holds"],
    [
      "one more than was counted",
      writeLog().enter("a1").scan("a1", { total: 3 }).migrate("a1", 0, 4),
      "violated",
    ],
    ["one that no scan counted", writeLog().enter("a1").scan("a1").migrate("a1"), "violated"],
    [
      "more than counted of an mm from before the log",
      writeLog().enter("b2").scan("a1").migrate("a1"),
      "inconclusive",
    ],
    [
      "those of the pointer's earlier life",
      writeLog().enter("a1").scan("a1", { total: 3 }).enter("a1").migrate("a1"),
      "violated",
    ],
    [
      "those that a second thread migrates while the scan is still open",
      writeLog("v1").enter("a1").start("a1").migrate("a1", 0, 3).end("a1", { total: 3 }),
      "holds",
    ],
    [
      "more than the open scan turns out to count",
      writeLog("v1").enter("a1").start("a1").migrate("a1", 0, 3).end("a1", { total: 2 }),
      "violated",
    ],
    ["none", writeLog().enter("a1").scan("a1", { total: 3 }), "holds*"],
    ["some in a log without any scan_mm_end", writeLog().enter("a1").migrate("a1"), "inconclusive"],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "P02")).toBe(expected);
  });
});

describe("P03 nothing after the end", () => {
  test.each([
    [0, "violated"],
    [0.3, "inconclusive"],
  ])("goes by the skew that the log shows: %s ms", async (skew, expected) => {
    const log = writeLog("v1").on(0).enter("a1").scan("a1").enter("b2");
    log.at -= skew;
    log
      .on(1)
      .start("b2")
      .wait(1 + skew);
    log.on(0).exit("a1").sched("exit", 100).wait(0.2).on(1).start("a1");
    expect(await verdict(log, "P03")).toBe(expected);
  });
  const exited = (): LogWriter => writeLog("v1").enter("a1", 50).scan("a1").exit("a1", 50);
  test.each([
    ["a migrate line within the exit", exited().migrate("a1").sched("exit", 50), "holds"],
    [
      "a migrate line after a later event of the exiting task",
      exited().sched("exit", 50).wait(1).migrate("a1"),
      "violated",
    ],
    ["a scan after it", exited().sched("exec", 50).wait(200).scan("a1").wait(200), "violated"],
    ["a scan after a new mm_enter", exited().sched("exit", 50).enter("a1").scan("a1"), "holds"],
    [
      "a mm_enter that comes just after the first start",
      exited().sched("exit", 50).wait(1).start("a1").enter("a1"),
      "holds",
    ],
    [
      "an event of another CPU in the same moment",
      exited().sched("exit", 50).on(1).migrate("a1"),
      "inconclusive",
    ],
    ["an event after an exit whose end is not recorded", exited().wait(50).migrate("a1"), "inconclusive"],
    ["a new mm_enter after it", exited().wait(50).migrate("a1").enter("a1"), "inconclusive"],
    ["an exit of which only mm_exit is recorded", exited().wait(50), "holds*"],
    [
      "a scan of the next mm with that pointer, where the exiting task shows itself only after its mm_enter",
      exited().wait(50).enter("a1", 60).enter("b2", 50).wait(200).scan("a1").wait(200),
      "holds*",
    ],
    [
      "a scan of an mm whose pointer was that of a task that exec'd and exited, like that of another task since",
      writeLog("v1")
        .enter("a1", 50)
        .enter("b2", 50)
        .exit("a1", 50)
        .exit("b2", 50)
        .enter("a1", 60)
        .enter("b2", 70)
        .exit("a1", 60)
        .enter("c3", 60)
        .wait(200)
        .scan("b2")
        .wait(200),
      "holds*",
    ],
    [
      "a migrate line after the exiting task exits another mm",
      writeLog("v1").enter("a1", 50).enter("b2", 50).exit("a1", 50).exit("b2", 50).wait(1).migrate("a1"),
      "violated",
    ],
    [
      "a migrate line after the exit of that next mm",
      exited().enter("a1", 60).enter("b2", 50).exit("a1", 60).sched("exit", 60).wait(1).migrate("a1"),
      "violated",
    ],
    [
      "a scan after it in a log without any mm_enter",
      writeLog("v1").scan("a1").exit("a1", 50).sched("exit", 50).wait(200).scan("a1").wait(200),
      "inconclusive",
    ],
    ["no exit at all", writeLog("v1").enter("a1").scan("a1"), "inconclusive"],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "P03")).toBe(expected);
  });

  test("follows raw pointers of kprobes to the hashed ones of events", async () => {
    const raw = "mm=0xffff88800014cf00";
    const log = writeLog()
      .probe("enter", `(__kmmscand_enter+0x0/0x150) ${raw}`, 50)
      .enter("a1", 50)
      .scan("a1", { total: 1 })
      .probe("exit", `(__kmmscand_exit+0x0/0x180) ${raw} users=0x3`, 60)
      .probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", 60)
      .wait(2);
    expect(await verdict(log, "P03")).toBe("holds");
    const { verdict: said, violations } = await judge(log.migrate("a1"), "P03");
    expect(said).toBe("violated");
    expect(violations[0]!.message).toContain("the return of its exit hook, line 6");
  });
});

describe("B04 exits, where one return is missed", () => {
  const missed = (): LogWriter =>
    writeLog("v1")
      .enter("a1", 50)
      .exit("b2", 60)
      .probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", 60)
      .exit("a1", 50);
  test.each([
    [
      "and the pointer is entered anew",
      missed().wait(5).enter("a1", 70).wait(11_000).enter("c3", 71),
      "holds",
    ],
    ["and it is not", missed().wait(11_005).enter("c3", 71), "violated"],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "B04")).toBe(expected);
  });
});

describe("a loss", () => {
  const good = writeLog().enter("a1").scan("a1", { total: 2 }).migrate("a1", 0, 2);
  test.each([
    "CPU:0 [LOST 5 EVENTS]",
    "CPU:1 [LOST EVENTS]",
    "CPU:0 [EVENTS DROPPED]",
    "CPU:1 [7 EVENTS DROPPED]",
  ])("%s leaves nothing to hold", async (line) => {
    const report = await validateText(
      writeLog().raw(good.text().trimEnd()).raw(line).on(1).scan("b2").text(),
    );
    expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(["inconclusive"]));
    expect(report.logs[0]!.lost).toBe(/\d+ EV/.test(line) ? Number(/(\d+) EV/.exec(line)![1]) : null);
  });
  test("explains an end without a start that follows it", async () => {
    expect(await verdict(writeLog().scan("a1").raw("CPU:0 [LOST 5 EVENTS]").end("a1"), "A10")).toBe(
      "inconclusive",
    );
  });
  test("explains deviations seen on other CPUs since its own CPU was last heard of", async () => {
    const log = writeLog().scan("a1").on(1).end("a1").raw("CPU:0 [LOST 1 EVENTS]").on(0).start("b2");
    expect(await judge(log, "A10")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("could be explained"),
    });
  });
  test("does not explain what went wrong before its CPU's last event", async () => {
    const log = writeLog()
      .scan("a1")
      .on(1)
      .end("a1")
      .on(0)
      .start("b2")
      .raw("CPU:0 [LOST 1 EVENTS]")
      .start("b2");
    expect(await verdict(log, "A10")).toBe("violated");
  });
  test("does not explain a line that is wrong by itself", async () => {
    expect(
      await verdict(writeLog().scan("a1", { period: 1 }).raw("CPU:0 [LOST 9 EVENTS]").start("a1"), "A06"),
    ).toBe("violated");
  });
  test("of an unreadable event explains what follows", async () => {
    const log = writeLog().scan("a1").raw(writeLog().start("b2").lines[0]!.slice(0, -5)).end("b2");
    expect(await verdict(log, "A10")).toBe("inconclusive");
  });
  test("that the header tells explains everything but lines wrong by themselves", async () => {
    const text = edit(writeLog().scan("a1").end("a1").migrate("a1", 99).whole(), "4/4", "5/5");
    expect(verdicts(await validateText(text))).toMatchObject({ A10: "violated", A06: "inconclusive" });
    expect(property(await validateText(text), "A10").count).toBe(1);
  });
  test("by overwriting explains what CPUs saw before one of them starts", async () => {
    const log = writeLog().on(1).scan("a1").end("a1").raw("##### CPU 0 buffer started ####").on(0).scan("b2");
    const text = edit(log.whole(), /\d+\/\d+/, "5/99");
    expect(await verdict(text, "A10")).toBe("inconclusive");
    expect(await verdict(edit(log.whole(), /\d+\/\d+/, "5/5"), "A10")).toBe("violated");
  });
  test("by overwriting does so too where options/annotate is off and nothing marks the start of a CPU", async () => {
    const log = writeLog().on(1).scan("a1").end("a1").on(0).scan("b2");
    expect(await verdict(edit(log.whole(), /\d+\/\d+/, "5/99"), "A10")).toBe("inconclusive");
    expect(await verdict(log.whole(), "A10")).toBe("violated");
  });
});

test("pointers that print alike leave nothing to hold", async () => {
  const text = writeLog().scan("a1").text().replaceAll("00000000000000a1", "(____ptrval____)");
  expect(new Set(Object.values(verdicts(await validateText(text))))).toEqual(new Set(["inconclusive"]));
});

test("more than one unknown line in a hundred leaves nothing to hold", async () => {
  const log = writeLog();
  for (let i = 0; i < 99; i++) log.start("a1");
  expect((await validateText(log.raw("this line is not understood").text())).logs[0]).toMatchObject({
    skipped: 1,
  });
  expect(await verdict(log, "A10")).not.toBe("inconclusive");
  expect(await verdict(log.raw("and this one neither, which is too much"), "A10")).toBe("inconclusive");
});

test("two captures one after the other are judged apart, and their pointers are not compared", async () => {
  const one = idle().whole();
  const report = await validateText(one + one);
  expect(verdicts(report)).toMatchObject({ A07: "holds", A10: "holds", P01: "holds" });
  expect(report.logs[0]!.notes.join()).toContain("2 traces stand one after the other");
});

describe("a real log", () => {
  const calm = textOf(example("v0-abench-calm.txt.gz"));
  test("holds as it is", async () => {
    expect((await validateText(calm)).verdict).toBe("holds");
  });
  test.each([
    ["with a number of the throttle law changed", edit(calm, "scan_size = 3680", "scan_size = 3681"), "A07"],
    ["with a scan brought forward", moveScan(calm), "P01"],
    ["with migrations that no scan counted", edit(calm, "total = 8192", "total = 8191"), "P02"],
    ["with a return code of a later version", edit(calm, /rc=0\n(?=.*promote:)/, "rc=9\n"), "A10"],
    ["with an end doubled", edit(calm, /(.*\.\d{5})(\d)(: kmem_scan_mm_end.*\n)/, "$1$2$3$19$3"), "A10"],
  ])("%s is caught by its property", async (_, text, id) => {
    expect((await judge(text, id)).verdict).toBe("violated");
  });
  test("without one of its lines decides no longer, for its header tells", async () => {
    const report = await validateText(edit(calm, /.*scan_mm_start.*\n(?=.*scan_mm_end)/, ""));
    expect(verdicts(report)).toMatchObject({ A10: "inconclusive", A06: "inconclusive" });
    expect(property(report, "A10").reason).toContain("59880 entries, 59879 are there");
  });
  test("without one of its lines and without a header is caught", async () => {
    const body = calm.replace(/^#.*\n/gm, "");
    expect(await verdict(edit(body, /.*scan_mm_start.*\n(?=.*scan_mm_end)/, ""), "A10")).toBe("violated");
  });
  test("of V1 with entries in flight at an exit is caught", async () => {
    const report = await validateText(textOf(example("v1-storm-calm.txt.gz")));
    expect(property(report, "P03")).toMatchObject({ verdict: "violated", count: 2 });
    expect(property(report, "P03").violations.map(({ line }) => line)).toEqual([13558, 18163]);
  });
  test("with 800 losses decides nothing", async () => {
    const report = await validateText(textOf(fixture("v0-lost-cut.txt.gz")));
    expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(["inconclusive"]));
  });
});

/** A later scan of an mm, start and end, 800 ms earlier. */
function moveScan(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => line.includes("scan_size = 3680"));
  const time = (line: string): number => Number(/ (\d+\.\d{6}): /.exec(line)?.[1]);
  const scan = lines.splice(end - 1, 2);
  const earlier = scan.map((line) => line.replace(/\d+\.\d{6}(?=: )/, (time(line) - 0.8).toFixed(6)));
  lines.splice(
    lines.findIndex((line) => time(line) > time(earlier[1]!)),
    0,
    ...earlier,
  );
  return lines.join("\n");
}
