/** What holds of every input: no throw, no false alarm under loss, no influence of chunks. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInputError, validateLogs } from "../../traces/validate.ts";
import { runs } from "../runs.ts";
import { fixture, memoryLog, textOf, validateText, verdicts } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const usual = runs(60);
const realLines = textOf(fixture("v0-abench-calm-cut.txt.gz"))
  .trimEnd()
  .split("\n")
  .filter((line) => !line.startsWith("#"));
const oddLines = textOf(fixture("odd-names-tgid.txt")).trimEnd().split("\n");

/** A short log that keeps every property: fresh mms, each scanned by the law, with migrations that were counted. */
const goodLog = fc
  .array(fc.record({ total: fc.nat(50), rest: fc.nat(300), twice: fc.boolean() }), {
    minLength: 2,
    maxLength: 12,
  })
  .map((lives) => {
    const log = writeLog();
    lives.forEach(({ total, rest, twice }, i) => {
      const mm = (i % 3 === 0 ? 0xa0 : 0xb0 + i).toString(16);
      log
        .on(i % 2)
        .enter(mm)
        .scan(mm, { total })
        .migrate(mm, 0, total)
        .wait(rest);
      if (twice)
        log
          .start(mm)
          .wait(2300)
          .scan(mm, { period: 2300, size: 2 ** 31 });
    });
    return log.lines;
  });

describe("reading never throws", () => {
  test("on bytes of any kind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        async (bytes, chunk) => {
          await validateLogs([memoryLog(bytes, chunk)]);
        },
      ),
      usual,
    );
  });
  test("on records with bytes changed, cut out and put in", async () => {
    const damage = fc.record({ at: fc.nat(4000), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(realLines.slice(0, 60), oddLines.slice(0, 60)),
        fc.array(damage, { maxLength: 8 }),
        async (lines, damages) => {
          let bytes = Buffer.from(`${lines.join("\n")}\n`, "latin1");
          for (const { at, cut, put } of damages)
            bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
          const result = await validateLogs([memoryLog(bytes, 777)]);
          if (isInputError(result)) return;
          const [log] = result.logs;
          expect(log!.events + log!.skipped).toBeLessThanOrEqual(log!.lines);
        },
      ),
      usual,
    );
  });
});

test("chunks of any size give the same report", async () => {
  const content = `${[...oddLines, ...realLines.slice(0, 100)].join("\n")}\n`;
  const whole = await validateText(content);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (chunk) => {
      expect(await validateText(content, {}, chunk)).toEqual(whole);
    }),
    runs(15),
  );
});

describe("of a good log", () => {
  test("nothing is violated", async () => {
    await fc.assert(
      fc.asyncProperty(goodLog, async (lines) => {
        expect(Object.values(verdicts(await validateText(`${lines.join("\n")}\n`)))).not.toContain(
          "violated",
        );
      }),
      usual,
    );
  });

  const cpuOf = (line: string): number => Number(/\[(\d+)\]/.exec(line)![1]);

  test("lines of one CPU may be lost where a marker says so, and nothing is violated or holds", async () => {
    const args = [goodLog, fc.nat(), fc.integer({ min: 1, max: 12 })] as const;
    await fc.assert(
      fc.asyncProperty(...args, async (lines, seed, wanted) => {
        const first = seed % lines.length;
        const cpu = cpuOf(lines[first]!);
        const mine = lines
          .map((line, i) => ({ i, mine: cpuOf(line) === cpu }))
          .filter((entry) => entry.mine && entry.i >= first)
          .slice(0, wanted)
          .map(({ i }) => i);
        const lost = new Set(mine);
        const next = lines.findIndex((line, i) => i > mine.at(-1)! && cpuOf(line) === cpu);
        const kept: string[] = [];
        lines.forEach((line, i) => {
          if (i === next) kept.push(`CPU:${cpu} [LOST ${lost.size} EVENTS]`);
          if (!lost.has(i)) kept.push(line);
        });
        if (next < 0) kept.push(`CPU:${cpu} [LOST ${lost.size} EVENTS]`);
        const said = new Set(Object.values(verdicts(await validateText(`${kept.join("\n")}\n`))));
        expect(said.has("violated")).toBe(false);
        expect(said.has("holds")).toBe(false);
      }),
      runs(150),
    );
  });

  test("lines may be missing where the header tells, and nothing is violated or holds", async () => {
    await fc.assert(
      fc.asyncProperty(goodLog, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), async (lines, seeds) => {
        const lost = new Set(seeds.map((seed) => seed % lines.length));
        const kept = lines.filter((_, i) => !lost.has(i));
        fc.pre(kept.length > 0);
        const header = `# tracer: nop\n#\n# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:2\n#\n`;
        const said = new Set(Object.values(verdicts(await validateText(`${header}${kept.join("\n")}\n`))));
        expect([...said]).toEqual(["inconclusive"]);
      }),
      usual,
    );
  });

  test("the beginning may be missing, and nothing is violated", async () => {
    await fc.assert(
      fc.asyncProperty(goodLog, fc.nat(), async (lines, seed) => {
        const kept = lines.slice(seed % lines.length);
        expect(Object.values(verdicts(await validateText(`${kept.join("\n")}\n`)))).not.toContain("violated");
      }),
      usual,
    );
  });
});
