/** `validate --follow` and `--fail-fast`: slow pipes, growing, replaced and cut off files, an interrupt. */
import { spawn } from "node:child_process";
import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ValidateReport } from "../../traces/validate.ts";
import { fixture } from "../traces/support/logs.ts";
import { writeLog } from "../traces/support/writer.ts";
import { ensureBuilt, program, scratch } from "./support/built.ts";
import { runHere } from "./support/here.ts";

/** For tests that wait for a process of their own by the clock, which a busy machine may not keep to. */
const patient = { retry: 2 };
let cwd = "";
beforeAll(() => {
  ensureBuilt();
  cwd = scratch();
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const good = writeLog("v1").enter("a1").scan("a1", { total: 2 }).migrate("a1", 0, 2);
const bad = writeLog("v1").scan("b2").migrate("b2", 99).scan("c3").migrate("c3", 98);

/** Starts the program; `end` waits for it and reads its report. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, "validate", "--json", ...args], { cwd });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  return {
    child,
    async end(): Promise<{ code: number | null; report: ValidateReport }> {
      const code = await ended;
      if (out === "") throw new Error(err);
      return { code, report: JSON.parse(out) };
    },
  };
}

const moment = (ms = 700): Promise<void> => new Promise((done) => setTimeout(done, ms));
const verdictOf = (report: ValidateReport, id: string) => report.properties.find((p) => p.id === id)?.verdict;

// Most of their time is waiting, so they wait together.
describe.concurrent("a pipe", () => {
  test("that goes on is judged as it comes, and left at the first violation", async () => {
    const run = start("--follow", "--fail-fast", "-");
    run.child.stdin.write(good.text());
    run.child.stdin.write(bad.text());
    // The pipe stays open.
    const { code, report } = await run.end();
    expect(code).toBe(1);
    expect(report.interrupted).toBe(true);
    expect(report.properties.find((p) => p.id === "A10")).toMatchObject({ verdict: "violated", count: 1 });
    expect(verdictOf(report, "P02")).toBe("inconclusive");
  });
  test("that ends is judged as a whole", async () => {
    const run = start("--follow", "-");
    run.child.stdin.end(good.text());
    const { code, report } = await run.end();
    expect([code, report.interrupted, verdictOf(report, "P02")]).toEqual([3, false, "holds"]);
  });
  test("that is interrupted tells what is known, also if that is nothing", patient, async () => {
    const runs = [good.text(), `${good.text()}${bad.text()}`, ""].map((text) => {
      const run = start("--follow", "-");
      run.child.stdin.write(text);
      return run;
    });
    await moment(2500);
    for (const run of runs) run.child.kill("SIGINT");
    const found = await Promise.all(runs.map((run) => run.end()));
    expect(found.map(({ code }) => code)).toEqual([3, 1, 3]);
    expect(found.map(({ report }) => report.logs[0]!.events)).toEqual([5, 11, 0]);
  });
});

describe.concurrent("a file", () => {
  test("that grows, is replaced and is cut off is followed through all of it", patient, async () => {
    const file = join(cwd, "growing.txt");
    const [first = "", ...more] = good.lines;
    writeFileSync(file, `${first}\n${more[0]}`);
    const run = start("--follow", "growing.txt");
    await moment(2500);
    appendFileSync(file, `\n${more.slice(1).join("\n")}\n`);
    await moment();
    renameSync(file, `${file}.1`);
    writeFileSync(file, writeLog("v1").scan("b2").text());
    await moment();
    truncateSync(file, 0);
    await moment();
    appendFileSync(file, writeLog("v1").start("c3").text());
    await moment();
    run.child.kill("SIGINT");
    const { code, report } = await run.end();
    expect([code, report.interrupted]).toEqual([3, true]);
    expect(report.logs[0]).toMatchObject({ events: 8, lost: null, skipped: 0 });
    expect(report.logs[0]!.notes.join()).toContain("3 traces stand one after the other");
    expect(report.logs[0]!.notes.join()).toContain("an unknown number of events were lost in 1 places");
  });
  test("is left at the first violation", async () => {
    writeFileSync(join(cwd, "bad.txt"), bad.text());
    const { code, report } = await start("--follow", "--fail-fast", "bad.txt").end();
    expect([code, verdictOf(report, "A10")]).toEqual([1, "violated"]);
  });
  test("without --follow is left at the first violation as well, far from the end that its header promises", async () => {
    const rest = good.text().repeat(9000);
    const header = "# tracer: nop\n#\n# entries-in-buffer/entries-written: 45006/45006   #P:2\n#\n";
    writeFileSync(join(cwd, "long.txt"), `${header}${bad.text()}${rest}`);
    const { code, report } = await start("--fail-fast", "long.txt").end();
    expect(code).toBe(1);
    expect(report.logs[0]!.events).toBeLessThan(45_006);
    expect(report.properties.find((p) => p.id === "A10")!.count).toBe(1);
    expect(report.interrupted).toBe(true);
  });
});

describe("what cannot be followed is told:", () => {
  test.each([
    [["--follow", "."], "a directory cannot be followed"],
    [["--follow", fixture("v1-trace.dat")], "a trace.dat cannot be followed"],
    [["--follow", "missing.txt"], "there is no such file"],
    [["--follow", "a.txt", "b.txt"], "--follow reads one log only"],
  ])("%j", async (args, message) => {
    const { code, err } = await runHere(["validate", ...args], { cwd });
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
