import { expect, test } from "vitest";
import type { GateReport } from "../../cli/report/gate-report.ts";
import type { ModelEntry } from "../../models/index.ts";
import { exitRace } from "./support/exit-race.ts";
import { kmmcheck, type MemoryOptions, memoryHost } from "./support/memory-host.ts";

const race = { name: "race", model: "exit-race" };
const fingerprint = "race/S06/exit-race@v0";

function files(
  entries: readonly object[] | null,
  explore: readonly object[] = [race],
): MemoryOptions["files"] & {} {
  const config = { baseline: "known.json", explore };
  return {
    "kmmcheck.config.json": JSON.stringify(config),
    ...(entries === null ? {} : { "known.json": JSON.stringify({ findings: entries }) }),
  };
}

const seriesFile = {
  "kmmcheck.config.json": JSON.stringify({ baseline: "known.json", series: ["exit-race-v0"] }),
};
const known = { fingerprint, reason: "the posted code has it" };

test("a known finding passes, with its reason", async () => {
  const { code, out } = await kmmcheck("gate", { files: files([known]) });
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot("../fixtures/cli/gate-known.txt");
});

test("a new finding fails", async () => {
  const { code, out } = await kmmcheck("gate", { files: files([]) });
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot("../fixtures/cli/gate-new.txt");
});

test("a finding of another version or of other features is new", async () => {
  const features = { exitWaitsForInFlight: false };
  const { code, out } = await kmmcheck("gate", {
    files: files([known], [{ ...race, patch: "fixed", features }]),
  });
  expect(code).toBe(1);
  expect(out).toContain("new        race/S06/exit-race@fixed-exitWaitsForInFlight");
  expect(out).toContain(`gone       ${fingerprint}`);
});

const scoped: ModelEntry = {
  ...exitRace,
  parameters: { unused: { default: 1, min: 1, max: 1, doc: "one" } },
  scopes: [{ name: "as usual", patches: ["v0"], properties: ["R01"], parameters: { unused: 1 } }],
};

/** The gate over a catalogue of one model that has a scope. */
function scopedGate(config: object) {
  const host = memoryHost({ files: { "kmmcheck.config.json": JSON.stringify(config) } });
  return kmmcheck("gate --json", { ...host, catalogue: async () => [scoped] });
}

test("a run of the series has the name, the scope and the properties that explore --all gives it", async () => {
  const { out, code } = await scopedGate({ series: ["exit-race-v0-as-usual", "exit-race-fixed"] });
  const { runs } = JSON.parse(out) as GateReport;
  expect(code).toBe(0);
  expect(runs.map(({ name, subject }) => [name, subject])).toEqual([
    ["exit-race-v0-as-usual", "exit-race@v0"],
    ["exit-race-fixed", "exit-race@fixed"],
  ]);
  expect(runs[0]?.properties.map(({ id }) => id)).toEqual(["R01"]);
  expect(runs[1]?.properties.length).toBeGreaterThan(1);
  // What is judged in the scope is not judged at the default sizes as well.
  const rest = JSON.parse((await scopedGate({ series: ["exit-race-v0"] })).out) as GateReport;
  const ids = rest.runs[0]?.properties.map(({ id }) => id) ?? [];
  expect([ids.includes("S06"), ids.includes("R01")]).toEqual([true, false]);
});

test("a scope gives an exploration its sizes, and leaves the properties as they are", async () => {
  const run = { name: "sized", model: "exit-race", scope: "as usual" };
  const { out } = await scopedGate({ explore: [run] });
  const [sized] = (JSON.parse(out) as GateReport).runs;
  expect(sized?.properties.map(({ id }) => id)).toContain("S06");
});

test("a run of the series violates what the baseline does not know under its name", async () => {
  const { code, out } = await kmmcheck("gate", { files: { ...files([known], []), ...seriesFile } });
  expect(code).toBe(1);
  expect(out).toContain("new        exit-race-v0/S06/exit-race@v0");
});

test("coverage below what is demanded is a finding, and can be accepted", async () => {
  const run = { name: "turns", model: "turns", properties: ["I01"], coverage: { steps: 100, values: 50 } };
  const enough = await kmmcheck("gate --json", { files: files([], [run]) });
  expect(JSON.parse(enough.out).runs[0].properties.at(-1)).toMatchObject({
    id: "COVERAGE",
    verdict: "holds",
  });
  const short = { ...run, model: "exit-race", properties: ["R01"], coverage: { values: 100 } };
  const { code, out } = await kmmcheck("gate", { files: files([], [short]) });
  expect(code).toBe(1);
  expect(out.replace(/\s+/g, " ")).toContain("values assumed, 100 % demanded; not: length(migrate_list) = 2");
  const accepted = [{ fingerprint: "turns/COVERAGE/exit-race@v0", reason: "small scope" }];
  expect((await kmmcheck("gate", { files: files(accepted, [short]) })).code).toBe(0);
});

test("a vanished finding is told, and fails with --strict-baseline only", async () => {
  const fixed = { files: files([known], [{ ...race, patch: "fixed" }]) };
  const lenient = await kmmcheck("gate", fixed);
  expect([lenient.code, lenient.out.includes(`gone       ${fingerprint}`)]).toEqual([0, true]);
  expect((await kmmcheck("gate --strict-baseline", fixed)).code).toBe(1);
});

test("an entry is accepted up to and including its last day", async () => {
  const entry = files([{ ...known, expires: "2026-11-24" }]);
  expect((await kmmcheck("gate", { files: entry, today: "2026-11-24" })).code).toBe(0);
  const late = await kmmcheck("gate", { files: entry, today: "2026-11-25" });
  expect(late.code).toBe(1);
  expect(late.out).toContain("accepted until 2026-11-24 only");
});

test("what is undecided is not ok, unless the baseline says so by its verdict", async () => {
  const cut = [{ ...race, properties: ["S06"], maxStates: 1 }];
  expect((await kmmcheck("gate", { files: files([], cut) })).code).toBe(3);
  expect((await kmmcheck("gate", { files: files([known], cut) })).code).toBe(3);
  const accepted = { ...known, verdict: "inconclusive" };
  expect((await kmmcheck("gate", { files: files([accepted], cut) })).code).toBe(0);
  expect((await kmmcheck("gate", { files: files([accepted]) })).code).toBe(1);
});

test("--update-baseline adds what is new, keeps reasons, takes out what is gone", async () => {
  const gone = { fingerprint: "race/X/exit-race@v0", reason: "old" };
  const turns = { name: "turns", model: "turns" };
  const host = memoryHost({ files: files([{ ...known, expires: "2027-01-01" }, gone], [race, turns]) });
  expect((await kmmcheck("gate --update-baseline --reason later", host)).code).toBe(0);
  expect(JSON.parse(host.contents.get("/w/known.json")!)).toEqual({
    findings: [
      { ...known, expires: "2027-01-01" },
      { fingerprint: "turns/L01/turns", reason: "later" },
    ],
  });
  const again = await kmmcheck("gate --strict-baseline", host);
  expect(again.code).toBe(0);
});

test("--update-baseline writes a first baseline, and names the defects as reasons", async () => {
  const host = memoryHost({ files: files(null) });
  expect((await kmmcheck("gate --update-baseline", host)).code).toBe(0);
  expect(JSON.parse(host.contents.get("/w/known.json")!).findings).toEqual([
    { fingerprint, reason: "known defects D06, D07" },
  ]);
});

test("--update-baseline accepts nothing undecided and forgets nothing that it could not see", async () => {
  const host = memoryHost({ files: files([known], [{ ...race, properties: ["S06"], maxStates: 1 }]) });
  expect((await kmmcheck("gate --update-baseline", host)).code).toBe(3);
  expect(JSON.parse(host.contents.get("/w/known.json")!).findings).toEqual([known]);
});

const config = (text: string, known = '{"findings": []}') => ({
  "kmmcheck.config.json": text,
  "known.json": known,
});
const bad: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "an unknown key",
    config('{\n  "exlpore": []\n}'),
    "kmmcheck.config.json:2:3: unknown key exlpore; did you mean explore?",
  ],
  [
    "an unknown key of a run",
    config('{"explore": [\n{"name": "a", "model": "turns", "path": "v0"}]}'),
    "kmmcheck.config.json:2:33: unknown key path; did you mean patch?",
  ],
  [
    "a value of the wrong kind",
    config('{"explore": {}}'),
    "kmmcheck.config.json:1:2: explore is an object, but must be array",
  ],
  ["bad syntax", config('{\n  "explore": [,]\n}'), "kmmcheck.config.json:2:15: not JSON: "],
  ["an empty file", config(""), "kmmcheck.config.json: the file is empty, JSON is expected"],
  ["nothing to run", config("{}"), "kmmcheck.config.json: there is nothing to run"],
  [
    "an unknown model",
    config('{"explore": [\n  {"name": "a", "model": "turn"}]}'),
    "kmmcheck.config.json:2:3: unknown model turn; did you mean turns?",
  ],
  [
    "an unknown property",
    config('{"explore": [{"name": "a", "model": "turns", "properties": ["L02"]}]}'),
    "unknown property of turns L02; did you mean L01?",
  ],
  [
    "two runs of one name",
    config('{"explore": [{"name": "a", "model": "turns"},\n{"name": "a", "model": "turns"}]}'),
    "kmmcheck.config.json:2:2: there are two runs of the name a",
  ],
  [
    "a run that explore --all does not have",
    config('{"series": ["exit-race-v0",\n"exit-race-fixd"]}'),
    "kmmcheck.config.json:2:1: unknown run of explore --all exit-race-fixd; did you mean exit-race-fixed?",
  ],
  [
    "a run of the series twice",
    config('{"series": ["exit-race-v0"],\n"explore": [{"name": "exit-race-v0", "model": "turns"}]}'),
    "kmmcheck.config.json:2:14: there are two runs of the name exit-race-v0",
  ],
  [
    "an unknown scope",
    config('{"explore": [\n{"name": "a", "model": "exit-race", "scope": "two mms"}]}'),
    "kmmcheck.config.json:2:1: unknown scope of exit-race v0 two mms; there are none here",
  ],
  [
    "a scope of an unknown model",
    config('{"explore": [\n{"name": "a", "model": "turn", "scope": "two mms"}]}'),
    "kmmcheck.config.json:2:1: unknown model turn; did you mean turns?",
  ],
  ["a missing log", config('{"validate": [\n{"name": "a", "logs": ["none.txt"]}]}'), "none.txt"],
  [
    "a missing baseline",
    { "kmmcheck.config.json": '{"baseline": "gone.json", "explore": [{"name": "a", "model": "turns"}]}' },
    "gone.json: there is no such baseline; kmmcheck gate --update-baseline writes it",
  ],
  [
    "a baseline without reasons",
    config(
      '{"baseline": "known.json", "explore": [{"name": "a", "model": "turns"}]}',
      '{"findings": [{"fingerprint": "x"}]}',
    ),
    "known.json:1:15: entry 1 has no reason",
  ],
  [
    "an impossible day",
    config(
      '{"baseline": "known.json", "explore": [{"name": "a", "model": "turns"}]}',
      '{"findings": [{"fingerprint": "x", "reason": "y",\n"expires": "2026-02-30"}]}',
    ),
    "known.json:2:1: 2026-02-30 is not a day",
  ],
  [
    "an entry twice",
    config(
      '{"baseline": "known.json", "explore": [{"name": "a", "model": "turns"}]}',
      '{"findings": [{"fingerprint": "x", "reason": "y"},\n{"fingerprint": "x", "reason": "z"}]}',
    ),
    "known.json:2:2: x is violated twice",
  ],
];

test.each(bad)("%s is one sentence with its place", async (_what, given, message) => {
  const { code, err, out } = await kmmcheck("gate", { files: given });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
  expect(err).toMatch(/^kmmcheck: .*\n$/);
});

test("--reason without --update-baseline, and an update without a baseline, are refused", async () => {
  expect((await kmmcheck("gate --reason x", { files: files([]) })).code).toBe(2);
  const plain = { "kmmcheck.config.json": JSON.stringify({ explore: [race] }) };
  expect((await kmmcheck("gate --update-baseline", { files: plain })).code).toBe(2);
});
