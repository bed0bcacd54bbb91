/** The monitors that need more than a scan's lines: each on a log that keeps it, one that does not, a lossy one, a late one. */
import { describe, expect, test } from "vitest";
import type { PropertyReport, ValidateOptions } from "../../traces/validate.ts";
import { property, validateText } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

const GIB = 2 ** 30;
const RAW = "0xffff88800014cf00";
const OTHER = "0xffff88800014d400";

async function judge(
  text: string | LogWriter,
  id: string,
  options: ValidateOptions = {},
): Promise<PropertyReport> {
  const log = typeof text === "string" ? text : text.text();
  return property(await validateText(log, { ...options, properties: [id] }), id);
}

const walkVma = (log: LogWriter, from: number, to: number, mm = RAW): LogWriter =>
  log.probe(
    "walk_vma",
    `(kmmscand_walk_page_vma+0x0/0x70) vma=0xf0 vm_start=0x${from.toString(16)} vm_end=0x${to.toString(16)} mm=${mm}`,
  );

const look = (log: LogWriter, page: number, isSet: boolean): LogWriter =>
  log.probe(
    "pte_entry",
    `(hot_vma_idle_pte_entry+0x0/0x1d0) pte=0x8000000001e350${isSet ? "6" : "4"}7 addr=0x${(page * 4096).toString(16)} vma=0xf0 mm=${RAW}`,
  );

/** A visit that looks at `pages` pages from 100 on, the first `set` of them accessed, and queues `total`. */
function visit(log: LogWriter, pages: number, set: number, total: number): LogWriter {
  log.start("a1");
  for (let i = 0; i < pages; i++) look(log, 100 + i, i < set);
  return log.end("a1", { total });
}

const enter = (log: LogWriter, mm: string, raw: string, pid: number): LogWriter =>
  log.probe("enter", `(__kmmscand_enter+0x0/0x150) mm=${raw}`, pid).enter(mm, pid);
const exit = (log: LogWriter, raw: string, pid: number): LogWriter =>
  log.probe("exit", `(__kmmscand_exit+0x0/0x180) mm=${raw} users=0x3`, pid);
const exitRet = (log: LogWriter, pid: number): LogWriter =>
  log.probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", pid);
const mark = (log: LogWriter, text: string, pid = 58): LogWriter =>
  log.probe("tracing_mark_write", `kmmcheck: ${text}`, pid);

/** A knob is written; `rc` and what it reads afterwards. */
const knob = (log: LogWriter, name: string, value: string, old: number, rc: number, now: number): LogWriter =>
  mark(mark(log, `set ${name}=${value} old=${old}`).wait(5), `done ${name} rc=${rc} now=${now}`);

/** Visits of some mms in turn, a pause after each round. */
function rounds(log: LogWriter, mms: readonly string[], times: number, pause: number): LogWriter {
  for (let i = 0; i < times; i++) {
    for (const mm of mms) log.start(mm);
    log.wait(pause);
  }
  return log;
}

const other = (): LogWriter => enter(writeLog(), "b2", OTHER, 70).wait(1);

interface Case {
  readonly id: string;
  readonly options?: ValidateOptions;
  readonly good: () => LogWriter;
  readonly bad: () => LogWriter;
  /** What the reason must say of the bad log. */
  readonly says: RegExp;
  /** What the bad log is; a hint is inconclusive. */
  readonly verdict?: "violated" | "inconclusive";
  /** Properties that can only be hinted at do not hold even on a good log. */
  readonly never?: true;
}

const sleeping = { tunables: { scanSleepMs: 50, mmsToScan: 4 } };

const cases: readonly Case[] = [
  {
    id: "A03",
    good: () => visit(writeLog().enter("a1"), 40, 30, 30),
    bad: () => visit(writeLog().enter("a1"), 40, 10, 30),
    says: /20 pages were queued without an access.*D60/,
  },
  {
    id: "A04",
    good: () => visit(visit(writeLog().enter("a1"), 40, 10, 40), 40, 30, 30),
    bad: () => visit(visit(writeLog().enter("a1"), 40, 40, 40), 40, 10, 40),
    says: /30 pages were queued without an access.*D62/,
  },
  {
    id: "A05",
    good: () => walkVma(other().start("b2"), 0x1000, 0x9000).end("b2", { start: String(0x9000) }),
    bad: () =>
      walkVma(
        walkVma(other().enter("a1").start("a1"), 0x40000, 0x90000).end("a1").start("b2"),
        0x1000,
        0x9000,
      ).end("b2", { start: String(0x50000) }),
    says: /go on at 0x50000, .* in one of mm 0{14}a1 \(D42\)/,
  },
  {
    id: "A08",
    good: () => knob(writeLog().scan("a1"), "mm_scan_period_ms", "1", 2000, 0, 400),
    bad: () => knob(writeLog().scan("a1"), "target_node", "1", 0, 1, 1),
    says: /target_node = 1 was refused and the knob went from 0 to 1/,
  },
  {
    id: "A09",
    good: () =>
      mark(writeLog("v1").enter("a1", 50).sched("exec", 50), "prctl set 0 rc=0 get=0 pid=50", 50)
        .start("b2")
        .enter("c3", 50)
        .sched("exec", 50)
        .wait(1)
        .start("c3"),
    bad: () =>
      mark(writeLog("v1").enter("a1", 50).sched("exec", 50), "prctl set 0 rc=0 get=0 pid=50", 50)
        .enter("d4", 50)
        .sched("fork", 50)
        .wait(200)
        .start("d4"),
    says: /mm 0{14}d4 has the scale 0 \(line 3, inherited by fork\)/,
  },
  {
    id: "B01",
    good: () => writeLog().start("a1").wait(1200).end("a1"),
    bad: () => writeLog().start("a1").wait(5100).end("a1"),
    says: /held it for 5100\.\d+ ms \(lines 1 to 2\)/,
  },
  {
    id: "B03",
    options: sleeping,
    good: () => rounds(writeLog(), ["a1", "b2"], 4, 51),
    bad: () => rounds(writeLog(), ["a1", "b2"], 4, 1),
    says: /after 4 visits, none of which found anything to do, the daemon must sleep 50 ms/,
  },
  {
    id: "B04",
    good: () => exitRet(exit(other(), OTHER, 70).wait(900), 70),
    bad: () => exitRet(exit(exitRet(exit(other(), RAW, 60), 60), OTHER, 70).wait(11_000), 70),
    says: /entered in line 5 must return within 1 s, but/,
  },
  {
    id: "B05",
    good: () => other().scan("b2", { total: 3 }).migrate("b2", 0, 2),
    bad: () => other().scan("b2", { total: 50_000 }).scan("b2", { total: 30_000 }).migrate("b2", 0, 2),
    says: /79998 folios wait at the end of the log, about as many as ever.*80000 waited at most \(line 6\)/,
    verdict: "inconclusive",
  },
  {
    id: "L01",
    good: () => rounds(other(), ["a1", "b2", "c3"], 30, 100),
    bad: () =>
      rounds(rounds(other(), ["a1", "b2", "c3"], 2, 100), ["a1", "b2"], 30, 100)
        .start("c3")
        .wait(200),
    says: /mm 0{14}c3 has no turn for 29 rounds/,
    verdict: "inconclusive",
  },
  {
    id: "L01",
    good: () =>
      rounds(rounds(writeLog("v1"), ["a1", "b2", "c3"], 2, 100).exit("c3", 50), ["a1", "b2"], 30, 100),
    bad: () =>
      rounds(rounds(writeLog("v1").exit("d4", 50), ["a1", "b2", "c3"], 2, 100), ["a1", "b2"], 30, 100),
    says: /mm 0{14}c3 had no turn in the last \d+ rounds of the log, and no exit/,
    verdict: "inconclusive",
  },
  {
    id: "L03",
    good: () => other().scan("b2", { total: 2 }).wait(9000).migrate("b2", 0, 2),
    bad: () =>
      writeLog("v1")
        .scan("a1", { total: 2 })
        .scan("b2", { total: 2 })
        .wait(6000)
        .migrate("b2", 0, 2)
        .exit("a1", 50),
    says: /of mm 0{14}a1 2 pages .* until its exit, 6.0 s, .* while 2 folios of others were/,
    verdict: "inconclusive",
  },
  {
    id: "L04",
    good: () =>
      exitRet(exit(other(), OTHER, 70), 70)
        .wait(20_000)
        .enter("a1"),
    bad: () =>
      exit(exitRet(exit(other(), RAW, 60), 60), OTHER, 70)
        .wait(20_000)
        .enter("a1"),
    says: /task 70 does not return .* mm 0{14}b2 is never released \(D08\)/,
    verdict: "inconclusive",
    never: true,
  },
  {
    id: "L06",
    good: () => knob(writeLog().start("a1"), "scan_enabled", "1", 0, 0, 1).wait(100).start("a1"),
    bad: () =>
      knob(
        knob(writeLog().start("a1"), "scan_sleep_ms", "2000", 50, 0, 2000).start("a1"),
        "scan_enabled",
        "1",
        0,
        0,
        1,
      )
        .wait(1500)
        .start("a1"),
    says: /the next visit must come within 250 ms, but comes after 1500\.\d+ ms.*D56/,
  },
  {
    id: "P04",
    good: () =>
      walkVma(walkVma(writeLog().start("a1"), 0, 4 * GIB), 4 * GIB, 90 * GIB).end("a1", { size: 4 * GIB }),
    bad: () =>
      walkVma(walkVma(writeLog().start("a1"), 0, 5 * GIB), 6 * GIB, 7 * GIB).end("a1", { size: 4 * GIB }),
    says: /walked 2 VMAs, of which all but the last have 5368709120 bytes/,
  },
  {
    id: "S03",
    good: () => exitRet(exit(other().scan("b2"), OTHER, 70), 70).wait(1),
    bad: () =>
      exitRet(exit(other().start("b2"), OTHER, 70), 70)
        .wait(200)
        .end("b2")
        .wait(200),
    says: /that began in line 3 goes on with kmem_scan_mm_end, though the mm was gone/,
  },
  {
    id: "S04",
    good: () =>
      exitRet(exit(other().sched("exec", 70).sched("fork", 60), OTHER, 70), 70)
        .wait(20_000)
        .enter("a1"),
    bad: () =>
      exit(
        enter(exitRet(exit(other().sched("exec", 70).sched("fork", 70), OTHER, 70), 70), "a1", RAW, 80),
        RAW,
        80,
      )
        .wait(20_000)
        .enter("c3"),
    says: /task 80 entered mm 0{14}a1 itself, .* waits for the mmap lock that it holds \(D01\)/,
    verdict: "inconclusive",
    never: true,
  },
  {
    id: "S05",
    good: () => writeLog().scan("a1", { total: 2 }).migrate("a1", 0),
    bad: () => writeLog().scan("a1", { total: 2 }).migrate("a1", 2),
    says: /1 entries met a folio that was no longer valid, first in line 3/,
    verdict: "inconclusive",
    never: true,
  },
  {
    id: "S14",
    good: () =>
      look(writeLog().start("a1"), 5, true).probe(
        "pte_entry_ret",
        "(walk+0x1/0x2 <- hot_vma_idle_pte_entry) rc=0",
      ),
    bad: () =>
      writeLog()
        .start("a1")
        .probe("pte_entry", `(hot+0x0/0x1) pte=0x1fffffffe3a00 addr=0x5000 vma=0xf0 mm=${RAW}`)
        .probe("pte_entry_ret", "(walk+0x1/0x2 <- hot_vma_idle_pte_entry) rc=0"),
    says: /the entry 0x1fffffffe3a00 in line 2 is not present.*D25/,
  },
  {
    id: "S17",
    good: () => other().sched("exec", 70).sched("fork", 70).scan("b2").enter("b2", 60).sched("fork", 60),
    bad: () =>
      exit(enter(other().sched("exec", 70).sched("fork", 70), "a1", RAW, 80).scan("a1"), RAW, 80).wait(1),
    says: /mm 0{14}a1 was scanned \(line 8\) .* its tree was not complete \(D27\)/,
    verdict: "inconclusive",
    never: true,
  },
];

describe.each(cases)("$id", ({ id, options, good, bad, says, verdict = "violated", never }) => {
  const lines = (log: LogWriter): string[] => [...log.lines];
  const marked = (log: string[], at: number): string =>
    `${[...log.slice(0, at), "CPU:0 [LOST 5 EVENTS]", ...log.slice(at)].join("\n")}\n`;

  test("on a good log", async () => {
    const found = await judge(good(), id, options);
    expect([found.verdict, found.vacuous]).toEqual(never ? ["inconclusive", false] : ["holds", false]);
    expect(found.reason).not.toMatch(says);
  });
  test("on a bad log", async () => {
    const found = await judge(bad(), id, options);
    expect(found.verdict).toBe(verdict);
    expect(found.reason).toMatch(says);
  });
  test("on a good log with a loss anywhere", async () => {
    const all = lines(good());
    for (let at = 0; at <= all.length; at++)
      expect((await judge(marked(all, at), id, options)).verdict).toBe("inconclusive");
  });
  test("on a bad log with a loss just before the line that tells", async () => {
    const all = lines(bad());
    let said: string[] = [];
    for (let at = 1; at < all.length; at++) said.push((await judge(marked(all, at), id, options)).verdict);
    said = said.filter((word) => word !== "violated");
    expect(said.length).toBeGreaterThan(0);
    expect(new Set(said)).toEqual(new Set(["inconclusive"]));
  });
  test("on a good log that begins late", async () => {
    const all = lines(good());
    for (let from = 1; from < all.length; from++) {
      const text = `${all.slice(from).join("\n")}\n`;
      expect((await judge(text, id, options)).verdict).not.toBe("violated");
      const header = `# tracer: nop\n#\n# entries-in-buffer/entries-written: ${all.length - from}/${all.length}   #P:2\n#\n`;
      expect((await judge(header + text, id, options)).verdict).toBe("inconclusive");
    }
  });
});

describe("what is asked for in vain is not decided:", () => {
  test.each(cases.map(({ id }) => id))("%s", async (id) => {
    const found = await judge(writeLog().enter("a1"), id);
    expect(found.verdict).toBe("inconclusive");
  });
});
