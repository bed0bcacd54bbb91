/** Every log that a run of the model leaves is accepted, also where clocks disagree, events are lost, or recording began late. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validateText } from "../support/logs.ts";
import { choices, type Line, linesOf, logOf } from "./walk.ts";

const m01 = async (patch: "v0" | "v1" | "v3", log: string) => {
  const report = await validateText(log, { patch, properties: ["M01"] });
  return report.properties[0];
};

const accepted = async (patch: "v0" | "v1" | "v3", log: string) => {
  const property = await m01(patch, log);
  expect(property?.violations.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  expect(property?.verdict).not.toBe("violated");
};

describe.each(["v0", "v1", "v3"] as const)("%s", (patch) => {
  test("a run is accepted", async () => {
    await fc.assert(
      fc.asyncProperty(choices, (picks) => accepted(patch, logOf(patch, linesOf(patch, picks)))),
      { numRuns: 8 },
    );
  });

  test("a run is accepted from any line on, and with any kind of event missing", async () => {
    await fc.assert(
      fc.asyncProperty(
        choices,
        fc.nat(40),
        fc.constantFrom("start", "end", "migrate", "enter"),
        async (picks, from, kind) => {
          const log = logOf(patch, linesOf(patch, picks))
            .split("\n")
            .slice(4 + from);
          await accepted(
            patch,
            ["# tracer: nop", ...log].filter((line) => !line.includes(`mm_${kind}:`)).join("\n"),
          );
        },
      ),
      { numRuns: 8 },
    );
  });

  test("a run is accepted where neighbours of different CPUs changed places", async () => {
    await fc.assert(
      fc.asyncProperty(choices, fc.infiniteStream(fc.boolean()), (picks, coins) =>
        accepted(patch, logOf(patch, swapped(linesOf(patch, picks), coins))),
      ),
      { numRuns: 8 },
    );
  });

  test("a run is accepted where a stretch of one CPU is lost, and nothing is said to hold", async () => {
    await fc.assert(
      fc.asyncProperty(choices, fc.nat(30), fc.integer({ min: 1, max: 20 }), async (picks, from, count) => {
        const lines = linesOf(patch, picks);
        const at = lines.findIndex(({ cpu }, i) => i >= from && cpu === 0);
        if (at < 0) return;
        const lost = lines.filter(({ cpu }, i) => cpu !== 0 || i < at || i >= at + count);
        const resume = lost.findIndex(({ cpu }, i) => i >= at && cpu === 0);
        if (resume < 0) return;
        const mark: Line = { cpu: 0, task: "", write: (log) => log.raw(`CPU:0 [LOST ${count} EVENTS]`) };
        const log = logOf(patch, lost.toSpliced(resume, 0, mark));
        await accepted(patch, log);
        expect((await m01(patch, log))?.verdict).toBe("inconclusive");
      }),
      { numRuns: 8 },
    );
  });
});

function swapped(lines: readonly Line[], coins: Iterator<boolean>): readonly Line[] {
  const out = [...lines];
  for (let i = 0; i + 1 < out.length; i++) {
    const [one, two] = [out[i], out[i + 1]];
    if (one === undefined || two === undefined || one.cpu === two.cpu || one.task === two.task) continue;
    if (coins.next().value !== true) continue;
    out[i] = two;
    out[++i] = one;
  }
  return out;
}
