/**
 * The benchmark: ours beside its peers, in turn in one run, as a table with ratios.
 *
 *     npm run bench                                      all parts, about 80 seconds on an idle machine without TLC
 *     npm run --silent bench -- validate start           some of explore, growth, validate, conform, start
 *     npm run --silent bench -- growth --large           up to 10^8 states (2.0 GB), 29.9 million states, a log of 1 GB
 *     npm run --silent bench -- explore --json           for a machine
 *     npm run --silent bench -- conform --events all --mms 23   TLC on so many mms of a log, one after the other
 *
 * TLC_JAR names a tla2tools.jar, PEER_JS a folder with the hand-written JavaScript, KMMCHECK_LOG another log to judge.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchConform, waysOf } from "./conform/conform.ts";
import { sourceOf } from "./contenders.ts";
import { benchExplore, benchGrowth } from "./explore.ts";
import { benchStart } from "./start.ts";
import { reportText, type Section } from "./table.ts";
import { benchValidate } from "./validate.ts";

const parts = ["explore", "growth", "validate", "conform", "start"];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      large: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      repeat: { type: "string", default: "3" },
      events: { type: "string", default: "10000" },
      mms: { type: "string", default: "3" },
      from: { type: "string", default: "1" },
      tlc: { type: "string", default: "depth,thinned,breadth" },
    },
    allowPositionals: true,
  });
  const unknown = positionals.find((part) => !parts.includes(part));
  if (unknown !== undefined) throw new Error(`no part ${unknown}: the parts are ${parts.join(", ")}`);
  const repetitions = count("repeat", values.repeat, "of repetitions");
  const mms = count("mms", values.mms, "of mms");
  const from = count("from", values.from, "of an mm");
  const events =
    values.events === "all" ? Number.POSITIVE_INFINITY : count("events", values.events, "of events, or all");
  const ways = waysOf(values.tlc);
  const wanted = (part: string) => positionals.length === 0 || positionals.includes(part);
  const log = process.env["KMMCHECK_LOG"] ?? sourceOf("examples/v0-storm-calm-cut.txt.gz");
  const before = loadavg()[0] ?? 0;
  const sections: Section[] = [];
  if (wanted("explore")) sections.push(...(await benchExplore(values.large, repetitions)));
  if (wanted("growth")) sections.push(await benchGrowth(values.large));
  if (wanted("validate")) sections.push(await benchValidate(log, values.large ? 1e9 : 1e8, repetitions));
  if (wanted("conform")) {
    const file = process.env["KMMCHECK_LOG"] ?? sourceOf("examples/v1-storm-calm.txt.gz");
    const jar = process.env["TLC_JAR"];
    sections.push(await benchConform({ log: file, events, from, mms, jar, ways }, repetitions));
  }
  if (wanted("start")) sections.push(await benchStart(repetitions));
  const report = {
    node: process.versions.node,
    processors: cpus().length,
    load: [before, loadavg()[0] ?? 0],
    repetitions,
    sections,
  } as const;
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return 0;
}

function count(option: string, text: string, of: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} ${text} is not a number ${of}`);
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
