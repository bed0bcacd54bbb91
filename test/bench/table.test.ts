/** The arithmetic and the table of the benchmark, on given numbers. */
import { expect, test } from "vitest";
import { median, ratio } from "../../bench/arithmetic.ts";
import { statesOfTlc } from "../../bench/peers.ts";
import { cpuSeconds, type Measured, runInTurn } from "../../bench/run.ts";
import { ratiosOf, reportText, type Section, threeDigits } from "../../bench/table.ts";

const row = (name: string, amount: number, seconds: readonly number[], memory: number): Measured => ({
  name,
  amount,
  seconds,
  cpu: seconds.map((s) => s / 2),
  memory: seconds.map(() => memory),
});

const section: Section = {
  title: "explore kmm",
  unit: { name: "kstates", size: 1000 },
  rows: [row("kmmcheck", 4_000_000, [2, 4, 10], 1e8), row("SPIN", 4_000_000, [6, 8, 15], 4.2e8)],
  byRate: false,
  notes: ["TLC: left out"],
};

test("the median is the middle value, and the mean of two where there are two", () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([10, 2, 100, 4])).toBe(7);
  expect(median([])).toBeNaN();
});

test("a ratio is the median of the repetitions' ratios, not the ratio of medians", () => {
  // 3, 2 and 1.5; the medians are 8 and 4, the fastest runs 6 and 2.
  expect(ratio([6, 8, 15], [2, 4, 10])).toBe(2);
  expect(ratio([30, 1, 1], [10, 10, 10])).toBe(0.1);
  expect(ratio([6, 8], [2])).toBe(3);
});

test("where amounts differ, the ratio is that of rates", () => {
  const grown: Section = { ...section, byRate: true, rows: [row("a", 10, [1], 0), row("b", 1000, [200], 0)] };
  // Ten a second and five a second.
  expect(ratiosOf(grown, grown.rows[1]!)).toEqual([2, 2]);
});

test("the CPU time is that of the children", () => {
  expect(cpuSeconds("warning\n0m0.001s 0m0.002s\n1m2.250000s 0m0.750000s\n")).toBe(63);
  expect(cpuSeconds("")).toBe(0);
});

test("three digits count", () => {
  expect([1234, 123.4, 12.34, 1.234, 0.01234, 0, Number.NaN].map(threeDigits)).toEqual([
    "1234",
    "123",
    "12.3",
    "1.23",
    "0.0123",
    "-",
    "-",
  ]);
});

test("the table has a line for each contender, its medians, and who is how many times as fast", () => {
  const report = {
    node: "20.1.0",
    processors: 2,
    load: [0.1, 1.2],
    repetitions: 3,
    sections: [section],
  } as const;
  expect(reportText(report)).toBe(`Node.js 20.1.0, 2 processors, load 0.1 before and 1.2 after.
Medians of 3, run in turn. The last two columns are a row's time, or its CPU
time, divided by that of the first row: above 1, the first row is faster.

explore kmm
            kstates/s  seconds  CPU s   MB  wall   CPU
  kmmcheck       1000     4.00   2.00  100     1     1
  SPIN            500     8.00   4.00  420  2.00  2.00
  TLC: left out
`);
});

test("a busy machine is told of", () => {
  const report = { node: "20.1.0", processors: 2, load: [0.1, 2.2], repetitions: 1, sections: [] } as const;
  expect(reportText(report)).toContain("Others used this machine");
});

test("contenders run in turn, and one that answers wrong ends the benchmark", async () => {
  const order: string[] = [];
  const echo = (name: string) => ({
    name,
    command: "echo",
    args: [name],
    read: (output: string) => {
      order.push(output.trim());
      if (name === "wrong") throw new Error("3 states instead of 4");
      return { amount: 4, seconds: 2 };
    },
  });
  const [a, b] = await runInTurn([echo("a"), echo("b")], 2);
  expect(order).toEqual(["a", "b", "a", "b"]);
  expect(a).toMatchObject({ name: "a", amount: 4, seconds: [2, 2] });
  expect(b?.cpu).toHaveLength(2);
  await expect(runInTurn([echo("wrong")], 1)).rejects.toThrow("wrong: 3 states instead of 4");
});

test("TLC's states are those of its last line, not those of a search that goes on", () => {
  const output = `Progress(9) at 2026-01-01: 1,234 states generated (9 s/min), 567 distinct states found (8 ds/min), 89 states left on queue.
12384095 states generated, 4032890 distinct states found, 0 states left on queue.`;
  expect(statesOfTlc(output)).toBe(4_032_890);
  expect(statesOfTlc("Error: Could not find or load main class")).toBeNaN();
});
