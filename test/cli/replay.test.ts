import { expect, test } from "vitest";
import { kmmcheck, type MemoryHost, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";

async function saved(model: string): Promise<MemoryHost> {
  const host = memoryHost();
  await kmmcheck(`explore ${model} --save runs.json`, host);
  return host;
}

/** Edits the saved file as a person would, and replays it. */
async function replayEdited(model: string, edit: (text: string) => string) {
  const host = await saved(model);
  const text = host.contents.get("/w/runs.json")!;
  const edited = edit(text);
  expect(edited).not.toBe(text);
  host.contents.set("/w/runs.json", edited);
  return kmmcheck("replay runs.json", host);
}

test("prints a finite run step by step", async () => {
  const { code, out } = await kmmcheck("replay runs.json", await saved("exit-race"));
  expect(code).toBe(1);
  await expect(out).toMatchFileSnapshot("../fixtures/cli/replay-race.txt");
});

test("prints a lasso with its loop", async () => {
  const { out } = await kmmcheck("replay runs.json --property L01", await saved("turns"));
  expect(out).toContain("from here on the loop repeats for ever");
  expect(out).toMatch(/ {2}fair to {2,}pong \(never able in the loop\)/);
  expect(out.replace(/\s+/g, " ")).toContain(
    "replayed on the reference evaluator and on XState: L01 violated",
  );
});

const edits = [
  [
    "another step",
    '"event": "kmmscand.take"',
    '"event": "kmmscand.tape"',
    "at step 2, the model has no step kmmscand.tape; did you mean kmmscand.take?",
  ],
  [
    "a step out of order",
    '"event": "kmmscand.lock"',
    '"event": "kmmscand.take"',
    "at step 1, kmmscand.take cannot be taken here: kmmscand stands at migrate:idle",
  ],
  [
    "a step whose guard is false",
    '"event": "kmmscand.take"',
    '"event": "exit_mm(mm0).lock"',
    "at step 2, exit_mm(mm0).lock cannot be taken here: its guard is false",
  ],
  [
    "another value",
    '"after": "daemon"',
    '"after": "exit"',
    'at step 1, migrate_lock is recorded as "exit" after the step, but is "daemon"',
  ],
  [
    "another point",
    '"to": "migrate:take"',
    '"to": "migrate:idle"',
    "at step 1, to is recorded as migrate:idle, but is migrate:take",
  ],
  [
    "another initial state",
    '"migrate_lock": "free",',
    '"migrate_lock": "daemon",',
    'at step 0, the initial state differs: migrate_lock is recorded as "daemon"',
  ],
  ["another property", '"id": "S06"', '"id": "S07"', "unknown property of exit-race S07; did you mean S06?"],
  [
    "a property that this run does not violate",
    '"id": "S06"',
    '"id": "R01"',
    "the run of R01 replays, but cannot show that something is unreachable",
  ],
  ["another version of the tool", '"version": "0.1.0"', '"version": "0.0.9"', null],
  [
    "an unknown model",
    '"model": "exit-race"',
    '"model": "exit-rave"',
    "unknown model exit-rave; did you mean exit-race?",
  ],
  ["a value out of range", '"mms": 1', '"mms": 9', "parameter mms is 9, but exit-race takes 1 to 3"],
  ["a missing field", '"loopStart": null,', "", "entry 1 has no loopStart"],
  ["an unknown field", '"loopStart": null,', '"loopStart": null, "lop": 1,', "unknown key lop"],
] as const;

test.each(edits)("an edited file, %s", async (_what, from, to, message) => {
  const { code, err, out } = await replayEdited("exit-race", (text) => text.replace(from, to));
  if (message === null) {
    expect(code).toBe(1);
    return;
  }
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
  expect(err).not.toMatch(/\n./);
});

test("says which step and where in the file", async () => {
  const { err } = await replayEdited("exit-race", (text) => text.replace("kmmscand.take", "kmmscand.tape"));
  expect(err).toMatch(/^kmmcheck: runs\.json:\d+:\d+: the run of S06 does not replay: at step 2, /);
});

test("names the version that wrote a file which does not replay", async () => {
  const { err } = await replayEdited("exit-race", (text) =>
    text.replace('"version": "0.1.0"', '"version": "0.0.9"').replace("kmmscand.take", "kmmscand.tape"),
  );
  expect(err).toContain("(recorded by kmmcheck 0.0.9, this is 0.1.0)");
});

test("a loop that does not close, and one that is not fair, are found out", async () => {
  const open = await replayEdited("turns", (text) => text.replace('"loopStart": 0', '"loopStart": 1'));
  expect(open.err).toContain("the run of L01 replays, but does not close its loop");
});

test("a version whose features are recorded otherwise is shown as what it is", async () => {
  const { code, out } = await replayEdited("exit-race", (text) =>
    text.replace('"patch": "v0"', '"patch": "fixed"'),
  );
  expect(code).toBe(1);
  expect(out).toMatch(/^exit-race fixed: .*\n(.*\n)? {2}features {4}exitWaitsForInFlight=off\n/);
});

test("a file without runs judges nothing", async () => {
  const host = memoryHost();
  await kmmcheck("explore exit-race --patch fixed --save runs.json", host);
  const { code, out } = await kmmcheck("replay runs.json", host);
  expect([code, out.split("\n").at(-2)]).toEqual([
    3,
    "verdict       inconclusive (nothing was judged: the file has no runs)",
  ]);
  const json = await kmmcheck("replay runs.json --json", host);
  expect(complaints("replay-report", JSON.parse(json.out))).toEqual([]);
});

test("a step is told in the model's own words", async () => {
  const { out } = await replayEdited("exit-race", (text) => text.replace("take migrate_lock", "do nothing"));
  expect(out).not.toContain("do nothing");
});
