import { expect, test } from "vitest";
import type { CheckResult } from "../../checker/result.ts";
import { exploreText } from "../../cli/report/explore-text.ts";
import { colours, plain } from "../../cli/report/style.ts";
import { reportCheck } from "../../cli/report-check.ts";
import type { Model } from "../../models/language/index.ts";
import { exitRace } from "./support/exit-race.ts";
import { kmmcheck } from "./support/memory-host.ts";
import { exitRaceResult, propertyOf, raceEvents, resultOf, runOf } from "./support/stub-result.ts";
import { turns } from "./support/turns.ts";

const race = exitRace.build({ patch: "v0", features: {}, parameters: { mms: 2 } });
const pingPong = turns.build({ patch: null, features: {}, parameters: {} });

function report(model: Model, result: CheckResult, changedFeatures: readonly string[] = []) {
  const features = { exitWaitsForInFlight: true };
  const subject = { model: model.name, title: model.title, patch: "v0", parameters: { mms: 2 }, features };
  return reportCheck({ model, subject, changedFeatures, fromFile: false }, result);
}

function text(model: Model, result: CheckResult, { width = 80, full = false } = {}): string {
  return exploreText(report(model, result), { width, style: plain, full });
}

function golden(name: string): string {
  return `../fixtures/cli/${name}.txt`;
}

function lasso(): CheckResult {
  const events = ["ping.look", "ping.again", "ping.look", "ping.again"];
  const run = runOf(pingPong, events, "Pong waits for a turn that never comes.", 2);
  const violated = {
    verdict: "violated",
    reason: "a fair run never gets there",
    counterexample: run,
  } as const;
  return resultOf([propertyOf(pingPong, "L01", violated), propertyOf(pingPong, "I01")]);
}

test("shows a violation as one column an actor", async () => {
  await expect(text(race, exitRaceResult(race, false))).toMatchFileSnapshot(golden("explore-violated"));
});

test("shows three actors in 80 columns", async () => {
  const events = ["exit_mm(mm1).lock", "exit_mm(mm1).wait", "exit_mm(mm0).lock", "exit_mm(mm0).look"];
  const run = runOf(race, [...raceEvents.slice(0, 2), ...events.slice(2)], "Both exits are done.");
  const violated = {
    verdict: "violated",
    counterexample: { ...run, steps: [...run.steps, ...wide(run.steps)] },
  } as const;
  const shown = text(race, resultOf([propertyOf(race, "S06", violated)]));
  await expect(shown).toMatchFileSnapshot(golden("explore-four-actors"));
});

/** The same steps as if two other actors had taken them, one with a long name. */
function wide(steps: readonly ReturnType<typeof runOf>["steps"][number][]) {
  return [
    ...steps.slice(0, 2).map((step) => ({ ...step, actor: "memory_subsystem(folio0)" })),
    ...steps.slice(2, 4).map((step) => ({ ...step, actor: "sysfs" })),
  ];
}

test.each([
  ["no run", null],
  ["a run without steps", runOf(pingPong, [], "Stuck.")],
  ["a loop behind the end", runOf(pingPong, ["ping.look"], "Stuck.", 7)],
])("shows a violation of any kind with %s", (_what, counterexample) => {
  for (const kind of ["reachable", "alwaysPossible", "ltl", "unheard-of" as "ltl"] as const) {
    const rest = { kind, verdict: "violated", reason: "it is so", counterexample } as const;
    expect(text(pingPong, resultOf([propertyOf(pingPong, "L01", rest)]))).toContain("L01 violated");
  }
});

test("marks the loop of a lasso", async () => {
  await expect(text(pingPong, lasso())).toMatchFileSnapshot(golden("explore-lasso"));
});

test("says that nothing moves where a run ends for ever", () => {
  const run = runOf(pingPong, ["ping.look"], "Pong waits for ever.", 1);
  const shown = text(
    pingPong,
    resultOf([propertyOf(pingPong, "L01", { verdict: "violated", counterexample: run })]),
  );
  expect(shown).toContain("--- nothing moves any more ---");
});

test("shows what holds, what is vacuous and what a cut search left open", async () => {
  const cut = "stopped after 1,000 states (--max-states)";
  const properties = [
    propertyOf(race, "S06", { verdict: "inconclusive", reason: `not decided: ${cut}` }),
    propertyOf(race, "R01", { vacuous: true, reason: "its premise is never true" }),
  ];
  const coverage = {
    stepsNeverTaken: ["kmmscand.promote at migrate:promote"],
    pointsNeverEntered: [],
    detail: null,
    cut: null,
  };
  const shown = text(race, resultOf(properties, { cut, coverage }));
  await expect(shown).toMatchFileSnapshot(golden("explore-inconclusive"));
});

test("shows switched features, all variables with --full, and leaves out the middle of a long run without", async () => {
  const events = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? "ping.look" : "ping.again"));
  const run = runOf(pingPong, events, "Round and round.");
  const result = resultOf([propertyOf(pingPong, "L01", { verdict: "violated", counterexample: run })]);
  const short = exploreText(report(pingPong, result, ["exitWaitsForInFlight"]), {
    width: 80,
    style: plain,
    full: false,
  });
  expect(short).toContain("  features    exitWaitsForInFlight=on");
  expect(short).toContain("--- 40 steps left out; --full shows them ---");
  expect(short.split("\n").length).toBeLessThan(120);
  const full = text(pingPong, result, { full: true });
  expect(full).not.toContain("left out");
  expect(full).toContain("  variables   turn = ping; served = false");
});

test.each([60, 80, 100, 132])("keeps every line within %i columns", (width) => {
  for (const [model, result] of [
    [race, exitRaceResult(race, false)],
    [pingPong, lasso()],
  ] as const) {
    const lines = text(model, result, { width }).split("\n");
    expect(lines.filter((line) => [...line].length > width)).toEqual([]);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  }
});

test("colours change nothing but colours", () => {
  const shown = exploreText(report(race, exitRaceResult(race, false)), {
    width: 80,
    style: colours,
    full: false,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const stripped = shown.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "");
  expect(shown).not.toBe(stripped);
  expect(stripped).toBe(text(race, exitRaceResult(race, false)));
});

test("a model cannot drive the terminal", () => {
  const evil = { ...race, title: "\u001b[2J\u0007gone\u202e" };
  const result = resultOf([
    propertyOf(race, "R01", { title: "a\u001b]0;title\u0007b\r\nc", says: "\u009b31m" }),
  ]);
  const shown = text(evil, result);
  expect(shown).toContain("\\x1b[2J\\x07gone\\u{202e}");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test("--all shows every version side by side, and can be narrowed", async () => {
  const { code, out } = await kmmcheck("explore --all");
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot("../fixtures/cli/explore-all.txt");
  const fixed = await kmmcheck("explore exit-race --all --patch fixed --property S06");
  expect([fixed.code, fixed.out.includes("v0 ")]).toEqual([0, false]);
  expect((await kmmcheck("explore --all --property S06 --max-states 1")).code).toBe(3);
});
