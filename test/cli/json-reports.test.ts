import { resolve } from "node:path";
import { expect, test } from "vitest";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { complaints, schemaNames } from "./support/schemas.ts";

const logs = resolve(import.meta.dirname, "../fixtures/cli/logs");

const config = JSON.stringify({
  baseline: "known.json",
  explore: [{ name: "race", model: "exit-race" }],
  validate: [{ name: "log", logs: [`${logs}/calm.txt`] }],
});

const files = { "kmmcheck.config.json": config, "known.json": '{"findings": []}' };

const commands = [
  ["models", "models --json"],
  ["models", "models exit-race --json"],
  ["explore", "explore exit-race --json"],
  ["explore", "explore exit-race --patch fixed --json"],
  ["explore", "explore turns --json --max-states 2"],
  ["explore", "explore turns --json"],
  ["explore", "explore exit-race --search dfs --json"],
  ["explore", "explore exit-race --search random --swarm 4 --shard 2/2 --json"],
  ["explore", "explore exit-race --store hash-compact --bits 40 --json"],
  ["explore", "explore exit-race --store bitstate --store-memory 1M --swarm 2 --json"],
  ["validate", `validate ${logs}/calm.txt --json`],
  ["validate", `validate ${logs}/calm.txt ${logs}/unpaired.txt --json`],
  ["probes", "probes --patch v2 --json"],
  ["simulate", "simulate --events 50 --loss 4 --format ndjson --json"],
  ["gate", "gate --json"],
  ["mutate", "mutate exit-race --patch fixed --json"],
  ["mutate", "mutate exit-race --patch fixed --max-mutants 3 --seed 2 --every --json"],
  ["graph", "graph exit-race --json"],
  ["graph", "graph turns --of states --format json"],
] as const;

test.each(commands)("the %s report of `%s` is one document that its schema accepts", async (name, line) => {
  const { out, err } = await kmmcheck(line, { files });
  const document = JSON.parse(out);
  expect(complaints(`${name}-report`, document)).toEqual([]);
  expect(document).toMatchObject({ tool: "kmmcheck", version: "0.1.0", command: name });
  expect(err).toBe("");
});

test("the table of explore --all is accepted", async () => {
  const { code, out } = await kmmcheck("explore --all --json");
  expect([code, complaints("findings-report", JSON.parse(out))]).toEqual([1, []]);
  expect((await kmmcheck("explore --all --json")).out).toBe(out);
});

test("the table of explore --all is the same whatever the number of searches at once, and whichever is done first", async () => {
  const { out } = await kmmcheck("explore --all --json");
  for (const [workers, most] of [
    ["", 1],
    ["--workers 2", 2],
    ["--workers 64", 64],
  ] as const) {
    const host = memoryHost();
    const [begun, memory] = [[] as string[], new Set<number | undefined>()];
    let [running, together] = [0, 0];
    const check: typeof host.check = async (model, limits, ...more) => {
      together = Math.max(together, ++running);
      memory.add(limits.maxMemoryBytes);
      const turn = begun.push(model.name);
      // Of searches that run together, the one that began last is done first.
      for (let i = 0; i < 1000 - 10 * turn; i++) await null;
      running--;
      return host.check(model, limits, ...more);
    };
    expect((await kmmcheck(`explore --all --json ${workers}`, { ...host, check })).code).toBe(1);
    expect(host.written.out).toBe(out);
    expect(together).toBe(Math.min(most, begun.length));
    expect([...memory]).toEqual([Math.floor(2 ** 30 / together)]);
  }
});

test.each(["turns", "exit-race"])(
  "saved runs of %s, their replay and explanation are accepted",
  async (model) => {
    const host = memoryHost();
    await kmmcheck(`explore ${model} --save runs.json --json`, host);
    expect(complaints("counterexample", JSON.parse(host.contents.get("/w/runs.json")!))).toEqual([]);
    const { out } = await kmmcheck("replay runs.json --json", host);
    expect(complaints("replay-report", JSON.parse(out))).toEqual([]);
    const explained = await kmmcheck("explain runs.json --json", host);
    expect(complaints("explain-report", JSON.parse(explained.out))).toEqual([]);
  },
);

test("a written baseline is accepted as well", async () => {
  const host = memoryHost({ files });
  await kmmcheck("gate --update-baseline", host);
  expect(complaints("baseline", JSON.parse(host.contents.get("/w/known.json")!))).toEqual([]);
});

test("the same command gives the same bytes", async () => {
  for (const [, line] of commands) {
    const twice = [await kmmcheck(line, { files }), await kmmcheck(line, { files })];
    expect(twice[0]!.out).toBe(twice[1]!.out);
  }
});

test("every schema refuses a document of another kind", () => {
  expect(schemaNames.length).toBeGreaterThan(8);
  for (const name of schemaNames) {
    expect(complaints(name.replace(".schema.json", ""), { tool: 1, x: [] })).not.toEqual([]);
  }
});
