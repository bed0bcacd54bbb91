/** The properties that need kprobes, tunables or a later version, on small logs and on cuts of real ones. */
import { describe, expect, test } from "vitest";
import type { PropertyReport, ValidateOptions } from "../../traces/validate.ts";
import { example, fixture, property, validateFile, validateText } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

const MM = "0xffff88800014cf00";
const PAGE = 0x7ff218e01;

async function judge(log: LogWriter, id: string, options: ValidateOptions = {}): Promise<PropertyReport> {
  return property(await validateText(log.text(), { ...options, properties: [id] }), id);
}

async function verdict(log: LogWriter, id: string, options: ValidateOptions = {}): Promise<string> {
  const { verdict: said, vacuous } = await judge(log, id, options);
  return vacuous ? `${said}*` : said;
}

const visit = (log: LogWriter, pte: string, page = PAGE): LogWriter =>
  log
    .probe(
      "pte_entry",
      `(hot_vma_idle_pte_entry+0x0/0x1d0) pte=${pte} addr=0x${(page * 4096).toString(16)} vma=0xffff888000b9ea50 mm=${MM}`,
    )
    .probe("pte_entry_ret", "(walk_pgd_range+0x746/0x7c0 <- hot_vma_idle_pte_entry) rc=0");

interface PromoteOptions {
  readonly mapping?: string;
  readonly owner?: string;
  readonly references?: number;
  readonly mappings?: number;
  readonly rc?: number;
  readonly printed?: number;
  readonly moved?: number | null;
}

/** One promotion of a page, from promote to its migrate event. */
function promote(log: LogWriter, options: PromoteOptions = {}): LogWriter {
  const {
    mapping = "0xffff888000ba5af9",
    owner = MM,
    references = 1,
    mappings = 0,
    rc = 0,
    printed = rc,
    moved = rc === 0 ? 1 : null,
  } = options;
  log.probe(
    "promote",
    `(kmmscand_promote_folio+0x0/0x120) info=0xffff888000adfc40 mm=${MM} vma=0xffff888000b9ea50 folio=0xffffea0001fff3c0 flags=0x13ff mapping=${mapping} index=0x${PAGE.toString(16)} mapcount=${mappings} refcount=${references} vm_start=0x7ff218e00000 vm_mm=${owner}`,
  );
  if (moved !== null)
    log.probe(
      "mm_migrate_pages",
      `nr_succeeded=${moved} nr_failed=0 mode=MIGRATE_ASYNC reason=numa_misplaced`,
    );
  return log
    .probe("promote_ret", `(kmmscand_migrate_folio+0xf1/0x1b0 <- kmmscand_promote_folio) rc=${rc}`)
    .migrate("a1", printed);
}

const scanned = (): LogWriter => writeLog().enter("a1").scan("a1", { total: 9 });
const SET = "0x800000007fdf2067";
const CLEAR = "0x8000000001e35047";

describe("F01 accessed", () => {
  test.each([
    ["a page whose accessed bit was set", promote(visit(scanned(), SET)), "holds"],
    ["a page whose bit was set at an earlier visit", promote(visit(visit(scanned(), SET), CLEAR)), "holds"],
    ["a page whose bit was clear at its first visit", promote(visit(scanned(), CLEAR)), "violated"],
    [
      "a page promoted twice for one access",
      promote(visit(promote(visit(scanned(), SET)), CLEAR)),
      "violated",
    ],
    ["a page that no visit is known of", promote(visit(scanned(), SET, 5)), "inconclusive"],
    [
      "a page of a file, which its index does not tell",
      promote(visit(scanned(), SET), { mapping: "0xffff888000ba5af8" }),
      "inconclusive",
    ],
    ["nothing, which does not tell whether promotions were recorded", visit(scanned(), SET), "inconclusive"],
  ])("%s: %#", async (_, log, expected) => {
    expect(await verdict(log, "F01")).toBe(expected);
  });
  test("names the defect: an old access, or none at all", async () => {
    expect((await judge(promote(visit(scanned(), CLEAR)), "F01")).reason).toContain("(D60)");
    expect((await judge(promote(visit(visit(scanned(), CLEAR), CLEAR)), "F01")).reason).toContain("(D62)");
  });
  test("tells where the page is and where it was last visited", async () => {
    const { violations } = await judge(promote(visit(scanned(), CLEAR)), "F01");
    expect(violations[0]!.message).toContain(
      "the page at 0x7ff218e01000 is promoted, but its accessed bit was clear",
    );
    expect(violations[0]!.message).toContain("last in line 4");
  });
  test("is violated in a real run in which pages were touched once", async () => {
    const report = await validateFile(fixture("v0-young-cut.txt.gz"));
    expect(property(report, "F01")).toMatchObject({
      verdict: "violated",
      reason: expect.stringContaining("D62"),
    });
    expect(property(report, "F01").violations).toHaveLength(1);
    expect(property(report, "F01").violations[0]).toMatchObject({
      line: 5051,
      count: property(report, "F01").count,
    });
  });
});

describe("F02 own entry", () => {
  test.each([
    ["a folio in use", promote(scanned()), "holds"],
    ["a vma of another mm", promote(scanned(), { owner: "0xffff88800014de00" }), "violated"],
    ["a folio without references that is migrated", promote(scanned(), { references: 0 }), "violated"],
    ["a folio without mappings that is migrated", promote(scanned(), { mappings: -1 }), "violated"],
    [
      "a folio without mappings that the daemon refuses",
      promote(scanned(), { mappings: -1, rc: 2 }),
      "holds",
    ],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "F02")).toBe(expected);
  });
  test("counts what the daemon refuses", async () => {
    expect((await judge(promote(scanned(), { mappings: -1, rc: 2 }), "F02")).reason).toContain(
      "1 stale entries refused",
    );
  });
});

describe("a promotion whose arguments were damaged is never blamed, and keeps the log from holding", () => {
  const edited = (from: string, to: string): string => {
    const text = promote(scanned().scan("a1", { total: 0 })).text();
    expect(text).toContain(from);
    return text.replace(from, to);
  };
  test.each([
    ["mm is gone", ` mm=${MM} vma`, " vma"],
    ["the owner lost digits", `vm_mm=${MM}`, `vm_mm=${MM.slice(0, 9)}`],
    ["the owner is gone", ` vm_mm=${MM}`, ""],
    ["the references are gone", " refcount=1", ""],
    ["the owner could not be read", `vm_mm=${MM}`, "vm_mm=(fault)"],
    ["the mm could not be read", `mm=${MM} vma`, "mm=(fault) vma"],
    ["the references could not be read", "refcount=1", "refcount=(fault)"],
    ["the vma has a letter that is no digit", "vma=0xffff888000b9ea50", "vma=0xffff8880g0b9ea50"],
    [
      "the address is cut",
      "(kmmscand_promote_folio+0x0/0x120) info",
      "(kmmscand_promote_folio+0x0/0x120 info",
    ],
  ])("%s", async (_, from, to) => {
    const whole = promote(scanned().scan("a1", { total: 0 }))
      .text()
      .split("\n");
    const damaged = edited(from, to).split("\n");
    // A promotion that is as it should be stands before it.
    const log = [...whole, ...damaged.slice(2)].join("\n");
    expect(property(await validateText(log, { properties: ["F02"] }), "F02").verdict).toBe("inconclusive");
  });
});

test("F02 is undecided where promote tells nothing of the folio, as in V3", async () => {
  const bare = writeLog("v3")
    .probe("promote", `(kmigrated_promote_folio+0x0/0x120) info=0xffff888000adfc40 mm=${MM} dest=0 pfn=0x42`)
    .probe("promote_ret", "(kmigrated_migrate_mm+0xf1/0x1b0 <- kmigrated_promote_folio) rc=0");
  expect(await verdict(bare, "F02")).toBe("inconclusive");
});

describe("F03 teardown", () => {
  const exited = (): LogWriter =>
    writeLog()
      .probe("enter", `(__kmmscand_enter+0x0/0x150) mm=${MM}`, 50)
      .enter("a1", 50)
      .scan("a1", { total: 9 })
      .probe("exit", `(__kmmscand_exit+0x0/0x180) mm=${MM} users=0x3`, 60);
  const returned = (): LogWriter =>
    exited().probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", 60).wait(1);
  test.each([
    [
      "within the exit",
      promote(exited()).probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", 60),
      "holds",
    ],
    ["after its return", promote(returned()), "violated"],
    ["after its return and a new enter", promote(returned().enter("a1", 50)), "holds"],
    ["without the probe of the return", promote(scanned()), "inconclusive"],
    [
      "after its return, where no mm_enter would tell of a new mm",
      promote(
        writeLog()
          .probe("exit", `(__kmmscand_exit+0x0/0x180) mm=${MM} users=0x3`, 60)
          .probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", 60),
      ),
      "inconclusive",
    ],
  ])("a promotion %s", async (_, log, expected) => {
    expect(await verdict(log, "F03")).toBe(expected);
  });
});

describe("F04 outcome", () => {
  test.each([
    ["0 and a page moved", promote(scanned()), "holds"],
    ["an error and nothing moved", promote(scanned(), { rc: -11, moved: 0 }), "holds"],
    ["a migrate event that prints another result", promote(scanned(), { rc: 0, printed: 2 }), "violated"],
    ["0 and nothing moved", promote(promote(scanned()), { rc: 0, moved: null }), "violated"],
    ["an error and a page moved", promote(scanned(), { rc: -11, moved: 1 }), "violated"],
    [
      "a migrate event of another mm, the hash of the pointer being known",
      writeLog().raw(
        promote(promote(scanned()))
          .lines.join("\n")
          .replace(/a1( rc=0)$/, "b2$1"),
      ),
      "violated",
    ],
    [
      "a migrate event of another mm in a second trace, which may be of another boot",
      writeLog().raw(
        promote(scanned())
          .raw("# tracer: nop")
          .raw(promote(scanned()).lines.join("\n"))
          .lines.join("\n")
          .replace(/a1( rc=0)$/, "b2$1"),
      ),
      "holds",
    ],
    ["0 where moves are not recorded at all", promote(scanned(), { rc: 0, moved: null }), "holds"],
  ])("%s", async (_, log, expected) => {
    expect(await verdict(log, "F04")).toBe(expected);
  });
  test("a promotion that never returns before the next is told", async () => {
    const log = promote(scanned());
    const open = log.lines
      .filter((line) => !line.includes("promote_ret") && !line.includes("scan_mm_migrate"))
      .join("\n");
    expect((await judge(promote(writeLog().raw(open).wait(5)), "F04")).violations[0]!.message).toContain(
      "no promote_ret came",
    );
  });
});

test("S06 is P03 for the migrations of V1", async () => {
  const log = writeLog("v1").enter("a1", 50).scan("a1").exit("a1", 50);
  expect(await verdict(log.migrate("a1"), "S06")).toBe("inconclusive");
  expect(await verdict(log.sched("exit", 50).wait(1).migrate("a1"), "S06")).toBe("violated");
  expect(property(await validateFile(example("v1-storm-calm.txt.gz")), "S06")).toMatchObject({ count: 2 });
});

describe("L02 coverage", () => {
  test("is hinted by a resume address that stays", async () => {
    const log = writeLog("v1");
    for (let i = 0; i < 3; i++) log.scan("a1", { start: "35184439197696" }).wait(500);
    expect(await judge(log, "L02")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/0x200004000000.*D41/),
    });
  });
  test("is not hinted by one that comes round", async () => {
    const log = writeLog("v1")
      .scan("a1", { start: "4096" })
      .scan("a1")
      .scan("a1", { start: "4096" })
      .scan("a1")
      .scan("a1");
    expect((await judge(log, "L02")).reason).toContain("holes that end a walk (D40) do not show");
    const seen = log.start("a1").probe("walk_vma", `(walk+0x0/0x70) vm_start=0x1000 vm_end=0x2000 mm=${MM}`);
    expect(await verdict(seen.end("a1"), "L02")).toBe("holds");
  });
  test("is hinted by a hole that ends each walk of a VMA", async () => {
    const log = writeLog();
    for (let i = 0; i < 3; i++) {
      log
        .start("a1")
        .probe(
          "walk_vma",
          `(kmmscand_walk_page_vma+0x0/0x70) vma=0xf0 vm_start=0x10000 vm_end=0x20000 mm=${MM}`,
        );
      log.probe("pte_entry", `(hot_vma_idle_pte_entry+0x0/0x1d0) pte=0x0 addr=0x12000 vma=0xf0 mm=${MM}`);
      log.probe("pte_entry_ret", "(walk_pgd_range+0x746/0x7c0 <- hot_vma_idle_pte_entry) rc=1").end("a1");
    }
    expect((await judge(log, "L02")).reason).toMatch(/end at the hole at 0x12000.*0x20000.*D40/);
  });
  test("is hinted in a real run with a large area", async () => {
    expect(property(await validateFile(fixture("v1-hole-cut.txt.gz")), "L02").reason).toContain(
      "0x200004000000",
    );
  });
});

describe("S15 destination", () => {
  const moved = writeLog("v1").scan("a1", { total: 3 }).migrate("a1");
  test.each([
    [[0], "holds"],
    [[0, 2], "holds"],
    [[1], "violated"],
  ])("with top-tier nodes %j: %s", async (topTierNodes, expected) => {
    expect(await verdict(moved, "S15", { tunables: { topTierNodes } })).toBe(expected);
  });
  test("needs the nodes, and a version that prints them", async () => {
    expect(await verdict(moved, "S15")).toBe("inconclusive");
    expect(await verdict(scanned().migrate("a1"), "S15", { tunables: { topTierNodes: [0] } })).toBe(
      "inconclusive",
    );
  });
});

describe("P05 sleep", () => {
  const cycles = (visits: number, pause: number): LogWriter => {
    const log = writeLog();
    for (let i = 0; i < 3; i++) {
      for (let v = 0; v < visits; v++) log.start("a1");
      log.wait(pause);
    }
    return log;
  };
  const tunables = { scanSleepMs: 50, mmsToScan: 4 };
  test.each([
    [4, 50, "holds"],
    [4, 35, "holds"],
    [4, 25, "violated"],
    [5, 50, "violated"],
  ])("%i visits and a pause of %i ms: %s", async (visits, pause, expected) => {
    expect(await verdict(cycles(visits, pause), "P05", { tunables })).toBe(expected);
  });
  test("cannot be judged without the knobs, or with a sleep below the error of ticks", async () => {
    expect(await verdict(cycles(4, 50), "P05")).toBe("inconclusive");
    expect(await verdict(cycles(4, 50), "P05", { tunables: { scanSleepMs: 16, mmsToScan: 4 } })).toBe(
      "inconclusive",
    );
  });
  test("holds in a real run with its knobs", async () => {
    const report = await validateFile(example("v0-storm-calm-cut.txt.gz"), {
      tunables: { scanSleepMs: 50, mmsToScan: 32 },
    });
    expect(property(report, "P05")).toMatchObject({ verdict: "holds" });
  });
  test("is undecided in a real run in which one sleep is short after one that was long", async () => {
    const report = await validateFile(example("v0-abench-calm.txt.gz"), {
      tunables: { scanSleepMs: 50, mmsToScan: 32 },
    });
    expect(property(report, "P05")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("line 53228"),
    });
  });
});

test("a finer property is listed where the log has what it needs, or where it is asked for", async () => {
  const ids = async (log: LogWriter, options: ValidateOptions = {}): Promise<readonly string[]> =>
    (await validateText(log.text(), options)).properties.map(({ id }) => id);
  const always = ["A06", "A07", "A10", "B01", "L01", "P01", "P02", "P03", "M01"];
  const scans = ["A06", "A07", "A10", "B01", "B05", "L01", "L03", "P01", "P02", "P03"];
  expect(await ids(scanned())).toEqual(always);
  expect(await ids(promote(scanned()))).toEqual([...scans, "F02", "F04", "M01"]);
  const all = await ids(promote(visit(scanned(), SET)));
  expect(all).toEqual(["A03", "A04", ...scans, "S14", "F01", "F02", "F04", "M01"]);
  expect(await ids(scanned(), { properties: ["F01"] })).toEqual(["F01"]);
});
