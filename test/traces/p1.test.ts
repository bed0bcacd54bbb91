/** P1, the patch between V0 and V1: it has the events of V1, and other limits, sizes and thresholds. */
import { describe, expect, test } from "vitest";
import { property, validateText } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

const GIB = 2 ** 30;

/** One mm, scanned by the law of P1 with so many pages each time: it starts with 2 GiB, and 150 pages are many. */
function p1Log(): LogWriter {
  const log = writeLog("v1").enter("a1").wait(1000);
  const scan = (period: number, size: number, total: number, rest: number) =>
    log.scan("a1", { period, size, total }).wait(rest);
  scan(2000, 2 * GIB, 0, 2305);
  scan(2300, GIB, 150, 400);
  scan(400, 8 * GIB, 150, 405);
  scan(400, 8 * GIB, 150, 405);
  return scan(400, 8 * GIB, 0, 100);
}

const SAID = ["A06", "A07", "P01"];
const verdictsOf = async (log: LogWriter, patch?: "p1" | "v1") => {
  const report = await validateText(log.whole(), patch === undefined ? {} : { patch });
  return [report.logs[0]!.patch, ...SAID.map((id) => property(report, id).verdict)];
};

describe("a log of P1", () => {
  test("is not said to break the rules of V1", async () => {
    expect(await verdictsOf(p1Log())).toEqual(["v1", "inconclusive", "inconclusive", "inconclusive"]);
    const { reason } = property(await validateText(p1Log().whole()), "A06");
    expect(reason).toContain("in v1 this is violated, but the log may be of another version");
  });
  test("is not said to break them where a loss explains what breaks its own", async () => {
    const reused = p1Log()
      .on(1)
      .enter("b2")
      .on(0)
      .wait(50)
      .scan("a1", { size: 2 * GIB });
    const lossy = reused.raw("CPU:1 [LOST 1 EVENTS]").on(1).enter("c3").text();
    const report = await validateText(lossy);
    expect(SAID.map((id) => property(report, id).verdict)).toEqual(SAID.map(() => "inconclusive"));
  });
  test("keeps its own rules, and breaks those of V1 where V1 is said to have written it", async () => {
    expect(await verdictsOf(p1Log(), "p1")).toEqual(["p1", "holds", "holds", "holds"]);
    expect(await verdictsOf(p1Log(), "v1")).toEqual(["v1", "violated", "violated", "violated"]);
  });
  test("that breaks its own rules is wrong in both", async () => {
    const wrong = p1Log().scan("a1", { period: 300, size: 8 * GIB });
    expect(await verdictsOf(wrong)).toEqual(["v1", "violated", "violated", "violated"]);
    expect((await verdictsOf(wrong, "p1"))[1]).toBe("violated");
  });
});

test("a log of V1 whose first scan tells that it is none of P1 breaks its rules all the same", async () => {
  const log = writeLog("v1").enter("a1").wait(1000).scan("a1", { size: GIB }).wait(2305);
  expect(await verdictsOf(log)).toEqual(["v1", "holds", "holds", "holds"]);
  log.scan("a1", { period: 450, size: GIB / 2 });
  expect((await verdictsOf(log)).slice(1)).toEqual(["violated", "violated", "holds"]);
});

describe("events in JSON whose header says P1", () => {
  const inJson = (log: LogWriter, patch: string): string => {
    const header = { format: "kmmcheck-trace", version: 1, clock: "local", timeUnit: "ns", patch };
    const events = log.lines.map((line) => {
      const [, comm, pid, cpu, sec, usec, name, text] =
        /^ *(\S+)-(\d+) +\[(\d+)\] \S+ +(\d+)\.(\d+): (\w+): (.*)$/.exec(line)!;
      const args = Object.fromEntries(
        [...text!.matchAll(/(\w+) ?= ?(\w+)/g)].map(([, key, value]) => [key, value]),
      );
      return { event: { name, ts: `${sec}${usec}000`, cpu: Number(cpu), pid: Number(pid), comm, args } };
    });
    return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
  };
  const said = async (patch: string, log = p1Log()) => {
    const report = await validateText(inJson(log, patch));
    return [report.logs[0]!.patch, ...[...SAID, "M01"].map((id) => property(report, id).verdict)];
  };
  test("are judged by its rules and its model", async () => {
    expect(await said("p1")).toEqual(["p1", "holds", "holds", "holds", "holds"]);
    expect((await said("p1", p1Log().scan("a1", { period: 300, size: 8 * GIB })))[1]).toBe("violated");
  });
});
