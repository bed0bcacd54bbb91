/** Parts of explorations and gates: together they are the whole, and nothing else is taken for it. */
import { describe, expect, test } from "vitest";
import { kmmcheck, type MemoryHost, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";

const config = JSON.stringify({
  baseline: "known.json",
  explore: [
    { name: "race", model: "exit-race" },
    { name: "mended", model: "exit-race", patch: "fixed" },
    { name: "turns", model: "turns" },
  ],
});
const gone = { fingerprint: "elsewhere/S01/system@v0", reason: "vanished" };
const known = JSON.stringify({
  findings: [{ fingerprint: "race/S06/exit-race@v0", reason: "known" }, gone],
});
const files = { "kmmcheck.config.json": config, "known.json": known };

/** Runs all parts, each into a file of its own; gives their names. */
async function makeParts(host: MemoryHost, line: string, count: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let index = 1; index <= count; index++) {
    const { out } = await kmmcheck(`${line} --shard ${index}/${count} --json`, host);
    names.push(`part${index}.json`);
    host.contents.set(`/w/part${index}.json`, out);
  }
  return names;
}

/** A document without what it has cost: parts cost more than the whole. */
function withoutCost(text: string): object {
  return { ...JSON.parse(text), statistics: null };
}

describe("all parts make the whole", () => {
  test.each([
    ["explore exit-race", 2],
    ["explore turns", 2],
    ["explore turns --max-states 2", 2],
    ["explore exit-race --search dfs", 2],
    ["explore exit-race --coverage", 2],
    ["explore turns --coverage", 2],
    ["explore turns --coverage --max-states 2", 2],
    ["explore exit-race --coverage --search dfs --max-depth 4 --swarm 3", 3],
    ["explore exit-race --no-continue --search dfs --swarm 4", 1],
    ["explore exit-race --search random --walks 1 --max-depth 9 --swarm 5", 1],
    ["explore exit-race --search random --walks 1 --max-depth 9 --swarm 5", 3],
    ["explore exit-race --search random --walks 1 --max-depth 9 --swarm 5", 5],
    ["explore exit-race --store bitstate --store-memory 1K --bits 1 --swarm 4", 2],
    ["explore turns --store hash-compact --bits 8 --swarm 3", 3],
    ["explore turns --store hash-compact --bits 8", 2],
    ["gate", 2],
    ["gate --strict-baseline", 3],
  ])("%s, in %i", async (line, count) => {
    const host = memoryHost({ files });
    const whole = await kmmcheck(`${line} --json`, host);
    const parts = await makeParts(host, line, count);
    // The order in which the files are given is of no account.
    const merged = await kmmcheck(`merge ${[...parts].reverse().join(" ")} --json`, host);
    expect(merged.err).toBe("");
    expect(withoutCost(merged.out)).toEqual(withoutCost(whole.out));
    expect(merged.code).toBe(whole.code);
    expect(complaints(`${line.split(" ")[0]}-report`, JSON.parse(merged.out))).toEqual([]);
  });
});

test("parts may be explored by different numbers of threads", async () => {
  const host = memoryHost({ files });
  const whole = await kmmcheck("explore exit-race --json", host);
  for (const part of [1, 2]) {
    const { out } = await kmmcheck(`explore exit-race --shard ${part}/2 --workers ${part} --json`, host);
    host.contents.set(`/w/part${part}.json`, out);
  }
  const merged = await kmmcheck("merge part1.json part2.json --json", host);
  expect(withoutCost(merged.out)).toEqual(withoutCost(whole.out));
});

test("properties are dealt out, seeds are cut into runs of neighbours", async () => {
  const host = memoryHost();
  await makeParts(host, "explore exit-race", 2);
  const judged = [1, 2].map((index) =>
    JSON.parse(host.contents.get(`/w/part${index}.json`)!).properties.map((p: { id: string }) => p.id),
  );
  expect(judged).toEqual([["S06"], ["R01"]]);
  await makeParts(host, "explore turns --search random --walks 9 --seed 7 --swarm 5", 2);
  const seeds = [1, 2].map((index) => JSON.parse(host.contents.get(`/w/part${index}.json`)!).search.seeds);
  expect(seeds).toEqual([
    [7, 8],
    [9, 10, 11],
  ]);
});

test("seconds are added up, sizes are those of the largest part", async () => {
  const host = memoryHost();
  const whole = JSON.parse((await kmmcheck("explore exit-race --json", host)).out).statistics;
  const parts = await makeParts(host, "explore exit-race", 2);
  const merged = JSON.parse((await kmmcheck(`merge ${parts.join(" ")} --json`, host)).out).statistics;
  const { states, transitions, depth } = whole;
  expect(merged).toMatchObject({ states, transitions, depth });
});

test("the figures of a swarm are those of its largest search", async () => {
  const line = "explore exit-race --search dfs --max-depth 4";
  const figures = async (words: string) => {
    const { statistics } = JSON.parse((await kmmcheck(`${line} ${words} --json`, memoryHost())).out);
    const { states, transitions, bytesPerState } = statistics;
    return { states, transitions, bytesPerState };
  };
  const each = await Promise.all([1, 2, 3, 4].map((seed) => figures(`--seed ${seed}`)));
  const largest = each.reduce((a, b) => (b.states > a.states ? b : a));
  expect(largest.transitions).toBeGreaterThan(0);
  expect(await figures("--swarm 4")).toEqual(largest);
  const { out } = await kmmcheck(`${line} --swarm 4`, memoryHost());
  expect(out.replace(/\s+/g, " ")).toMatch(/ explored .*; in the largest search cost .* together, /);
});

test("the text of a part and of the whole", async () => {
  const host = memoryHost({ files });
  const part = await kmmcheck("explore turns --search random --walks 9 --swarm 4 --shard 2/2", host);
  expect(part.out).toContain("  part        2 of 2: 2 of 4 seeds\n");
  const parts = await makeParts(host, "explore turns --search random --walks 9 --swarm 4", 2);
  const merged = await kmmcheck(`merge ${parts.join(" ")}`, host);
  expect(merged.out).toContain("seeds 1 to 4;");
  expect(merged.out).not.toContain("  part  ");
  expect(merged.code).toBe(part.code);
  const gate = await kmmcheck("gate --shard 1/3", host);
  expect(gate.out).toContain("part 1 of 3: 1 of 3 runs\n");
});

describe("what is not the whole is refused in one sentence:", () => {
  async function refusal(line: string, change: (host: MemoryHost) => Promise<void> | void) {
    const host = memoryHost({ files });
    await makeParts(host, "explore exit-race", 2);
    await change(host);
    const { code, out, err } = await kmmcheck(line, host);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^kmmcheck: [^\n]+\n$/);
    return err;
  }
  const both = "merge part1.json part2.json";
  const put = (name: string, line: string) => async (host: MemoryHost) => {
    host.contents.set(`/w/${name}`, (await kmmcheck(line, host)).out);
  };
  const edit = (name: string, from: string, to: string) => (host: MemoryHost) => {
    const text = host.contents.get(`/w/${name}`)!;
    expect(text).toContain(from);
    host.contents.set(`/w/${name}`, text.replaceAll(from, to));
  };

  test.each<[string, string, (host: MemoryHost) => Promise<void> | void, string]>([
    ["a missing part", "merge part2.json", () => {}, "part 1 of 2 is missing"],
    [
      "a part that is there twice",
      `${both} again.json`,
      (host) => void host.contents.set("/w/again.json", host.contents.get("/w/part2.json")!),
      "again.json: part 2 of 2 is there twice: part2.json has it as well",
    ],
    [
      "another version of the model",
      both,
      put("part2.json", "explore exit-race --patch fixed --shard 2/2 --json"),
      'part2.json: not a part of the same whole as part1.json: patch is "fixed", and there "v0"',
    ],
    [
      "another model",
      both,
      put("part2.json", "explore turns --shard 2/2 --json"),
      'model is "turns", and there "exit-race"',
    ],
    [
      "another search",
      both,
      put("part2.json", "explore exit-race --search dfs --shard 2/2 --json"),
      'order is "dfs", and there "bfs"',
    ],
    [
      "another number of parts",
      both,
      put("part2.json", "explore exit-race --shard 1/1 --json"),
      "count is 1, and there 2",
    ],
    [
      "other limits",
      both,
      put("part2.json", "explore exit-race --max-states 5 --shard 2/2 --json"),
      "the model itself, the limits or the files that were judged differ",
    ],
    [
      "another version of the program",
      both,
      edit("part2.json", '"version": "0.1.0"', '"version": "0.2.0"'),
      'version is "0.2.0", and there "0.1.0"',
    ],
    ["a whole", both, put("part2.json", "explore exit-race --json"), "part2.json: this is a whole"],
    [
      "a part of a gate",
      both,
      put("part2.json", "gate --shard 2/3 --json"),
      "part2.json: a part of kmmcheck gate",
    ],
    ["another report", both, put("part2.json", "models --json"), "part2.json:4:3: this is no report of"],
    [
      "a property that no part has judged",
      both,
      edit("part2.json", '"id": "R01"', '"id": "R02"'),
      "R01 is judged in no part",
    ],
    [
      "a report that its schema does not accept",
      both,
      edit("part2.json", '"verdict": "holds"', '"verdict": "fine"'),
      "part2.json:",
    ],
    ["no JSON", both, (host) => void host.contents.set("/w/part2.json", "{"), "part2.json:1:2: not JSON"],
    ["no file", "merge part1.json part9.json", () => {}, "part9.json: cannot read"],
  ])("%s", async (_, line, change, says) => {
    expect(await refusal(line, change)).toContain(says);
  });

  test("updating the baseline from a part", async () => {
    const { code, err } = await kmmcheck("gate --shard 1/2 --update-baseline", { files });
    expect(code).toBe(2);
    expect(err).toContain("--update-baseline needs the findings of all runs");
  });
});
