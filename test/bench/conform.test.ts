/**
 * The specification that binds the model to a log, on a log of a few lines. Where TLC_JAR names a `tla2tools.jar` TLC accepts
 * the log and rejects it after an edit.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ACCEPTED, actionsOf, boundModule } from "../../bench/conform/bound-module.ts";
import { together } from "../../bench/conform/conform.ts";
import { daemonLog, textOf } from "../../bench/conform/daemon-log.ts";
import { mmsOf, neededStart, projectionOn, thinned } from "../../bench/conform/projection.ts";
import { acceptedBy, tlcOn } from "../../bench/conform/tlc.ts";
import { tlaText } from "../../checker/export/index.ts";
import { featuresOf, findModel, flatten, type Patch } from "../../models/index.ts";
import { scratch } from "../cli/support/built.ts";

const a = "00000000aaaaaaaa";
const b = "00000000bbbbbbbb";
let us = 0;
const line = (task: string, text: string) =>
  `${task.padStart(16)}-37      [000] .....     4.${String(++us).padStart(6, "0")}: ${text}`;
const start = (mm: string) => line("kmmscand", `kmem_scan_mm_start: mm = ${mm}`);
const end = (mm: string, total: number) =>
  line(
    "kmmscand",
    `kmem_scan_mm_end: mm=${mm}, start = 0, total = ${total}, scan_period = 2000, scan_size = 1073741824 node = 0`,
  );
const migrate = (mm: string, rc: number) =>
  line("kmmmigrated", `kmem_scan_mm_migrate: mm = ${mm} rc = ${rc} node = 0`);

const text = [
  "# tracer: nop",
  "# entries-in-buffer/entries-written: 11/11   #P:2",
  start(a),
  start(b),
  end(b, 0),
  start(b),
  line("bash", "sched_process_exit: comm=bash pid=60 prio=120"),
  start(a),
  end(a, 3),
  start(b),
  migrate(a, 0),
  migrate(b, -5),
  line("bash", `kmem_mm_exit: mm = ${b}`),
  line("bash", `kmem_mm_exit: mm = ${a}`),
  "",
].join("\n");

const { lines, events } = daemonLog(text, 100);

function modelOf(patch: Patch) {
  const entry = findModel("one-mm")!;
  const model = entry.build({ patch, features: featuresOf(entry, patch), parameters: {} });
  const { module } = tlaText(model, "SORTS");
  return { module, actions: actionsOf(module, flatten(model)) };
}

test("a log is cut to its header and the first events of the daemon, and one line can be left out", () => {
  expect(lines).toEqual(text.split("\n").filter((one) => one.includes("kmem") || one === "# tracer: nop"));
  expect(daemonLog(text, 2).lines).toEqual(lines.slice(0, 3));
  expect(textOf({ lines: ["x", "y", "z"], events: [] }, 1)).toBe("x\nz\n");
  expect(mmsOf(events)).toEqual([a, b]);
});

test("an mm sees its own events whole, and of others where scanner and migrator are", () => {
  const { symbols, first } = projectionOn(a, events);
  expect(symbols).toEqual([
    "start",
    "other scan",
    "other scan",
    "other scan",
    "start",
    "end",
    "other scan",
    "migrate 0",
    "other migrate",
    "exit",
  ]);
  // The other mm's exit is the first one, and it is no symbol: from the next one on exits are recorded.
  expect([...first]).toEqual([
    ["start", 1],
    ["end", 3],
    ["migrate", 8],
    ["exit", 10],
  ]);
  expect(projectionOn(b, events).symbols.slice(1, 3)).toEqual(["start", "end 0"]);
  expect(projectionOn(b, events).symbols.at(-2)).toBe("migrate");
});

test("thinned, others show the last scan and the last migration between two own events, in their order", () => {
  const { symbols, events: kept, first } = thinned(projectionOn(a, events));
  expect(symbols).toEqual([
    "start",
    "other scan",
    "start",
    "end",
    "other scan",
    "migrate 0",
    "other migrate",
    "exit",
  ]);
  expect(kept[1]).toBe(events[3]);
  // The first end was another mm's: before the scan that is left, ends may not have been recorded.
  expect(Object.fromEntries(first)).toEqual({ start: 1, end: 2, migrate: 6, exit: 8 });
  const mixed = ["start", "migrate", "end", "migrate"].map((kind) => ({ kind, mm: b, more: true, at: 0 }));
  expect(thinned(projectionOn(a, mixed)).symbols).toEqual(["other scan", "other migrate"]);
});

test("steps that show an event take its line, every other step takes none", () => {
  const { actions } = modelOf("v1");
  const { module, config } = boundModule("bound", "one_mm", actions, projectionOn(a, events));
  expect(module).toContain("EXTENDS one_mm\n");
  expect(module).toContain("Length == 10\n");
  expect(module).toContain('<<"start", "other scan",');
  expect(module).toContain("  \\/ kmmscand_pick /\\ UNCHANGED line\n");
  const taking = (name: string, symbol: string) =>
    `  \\/ ${name} /\\ line \\in 1 .. Length /\\ Log[line] = "${symbol}" /\\ line' = line + 1\n`;
  expect(module).toContain(taking("kmmscand_start", "start"));
  expect(module).toContain(taking("kmmscand_end", "end"));
  expect(module).toContain(taking("kmmscand_end_2", "end 0"));
  expect(module).toContain(taking("kmmmigrated_refused", "migrate"));
  expect(module).toContain(taking("kmmscand_visit_other", "other scan"));
  // Silent until the log has shown one; enters never are shown here.
  expect(module).toContain("  \\/ kmmscand_end /\\ line <= 3 /\\ UNCHANGED line\n");
  expect(module).toContain("  \\/ owner_fork_mmgrab /\\ line <= 11 /\\ UNCHANGED line\n");
  expect(module).not.toContain("kmmscand_visit_other /\\ line <=");
  expect(config).toContain("INIT BoundInit\nNEXT BoundNext\n");
});

test("an exported text of another version is refused", () => {
  const entry = findModel("one-mm")!;
  const v3 = flatten(entry.build({ patch: "v3", features: featuresOf(entry, "v3"), parameters: {} }));
  expect(() => actionsOf(modelOf("v0").module, v3)).toThrow(/actions are written for|is not/);
});

test("the start that is taken away is one that the next end needs", () => {
  const projection = projectionOn(a, events);
  expect(neededStart(projection)).toBe(4);
  expect(neededStart(projectionOn(a, events.slice(0, 5)))).toBe(-1);
  // With a start of its own before it, an end needs no other; nor one where starts may not have been recorded yet.
  const shown = (mm: string, kind: string) => ({ kind, mm, more: false, at: 0 });
  const own = ["start", "start", "end"].map((kind) => shown(a, kind));
  expect(neededStart(projectionOn(a, [shown(b, "start"), ...own]))).toBe(-1);
  expect(neededStart(projectionOn(a, [shown(b, "end"), ...own.slice(1)]))).toBe(-1);
});

test("what TLC prints is an answer only where it has come to an end", () => {
  expect(acceptedBy(`"${ACCEPTED}"\nModel checking completed. No error has been found.`)).toBe(true);
  expect(acceptedBy("Model checking completed. No error has been found.")).toBe(false);
  expect(() => acceptedBy("java.lang.OutOfMemoryError")).toThrow("TLC has not finished");
});

test("runs one after the other take the sum of their times and the most of their memory", () => {
  const run = { name: "x", amount: 10, seconds: [1, 2], cpu: [3, 4], memory: [5, 9] };
  expect(together("both", [run, { ...run, amount: 1, memory: [7, 8] }])).toEqual({
    name: "both",
    amount: 11,
    seconds: [2, 4],
    cpu: [6, 8],
    memory: [7, 9],
  });
});

const jar = process.env["TLC_JAR"] ?? "";

describe.skipIf(jar === "")(
  jar === "" ? "with TLC (skipped: TLC_JAR names no tla2tools.jar)" : "with TLC",
  () => {
    const whole = projectionOn(a, events);
    const needed = whole.events[neededStart(whole)];
    const without = projectionOn(
      a,
      events.filter((event) => event !== needed),
    );

    test.each([
      ["accepts the log", whole, "breadth first", true],
      ["accepts the log depth first", whole, "depth first", true],
      ["accepts the thinned log", thinned(whole), "breadth first", true],
      ["rejects it without a start", without, "breadth first", false],
      ["rejects it without a start depth first", without, "depth first", false],
      ["rejects it without a start, thinned", thinned(without), "breadth first", false],
    ] as const)("TLC %s", { timeout: 120_000 }, (_, projection, order, accepts) => {
      const { module, actions } = modelOf("v1");
      const folder = scratch();
      writeFileSync(join(folder, "one_mm.tla"), module);
      const bench = { jar, folder, model: "one_mm", actions };
      const { command, args } = tlcOn(bench, "bound", projection, order, accepts);
      const { stdout } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
      expect(acceptedBy(stdout)).toBe(accepts);
    });
  },
);
