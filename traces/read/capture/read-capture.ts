/** Reads what stands beside the log in the directory of a capture. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Capture, KernelLog, Knobs, Snapshot } from "../../capture.ts";
import { readSmall } from "./small-file.ts";
import {
  parseCounters,
  parseHz,
  parseKnobs,
  parseMissedHits,
  parseOverruns,
  parsePerfRecord,
  parseTopTier,
  parseUptime,
} from "./text.ts";

const KERNEL_LOG = /^(?:dmesg|console|kern)(?:\.[\w-]+)*?(?:\.(?:txt|log))?(?:\.gz)?$/;
const STATS = /^stats\.cpu(\d+)(?:\.after)?(?:\.txt)?$/;

type Moment = "before" | "after";

/** Reads a capture; `shown` is how its directory is called in reports. */
export async function readCapture(folder: string, shown: string): Promise<Capture> {
  const names = (await readdir(folder)).sort();
  const files: string[] = [];
  const notes: string[] = [];

  async function text(name: string): Promise<string | null> {
    const content = await readSmall(join(folder, name));
    if (content === null) notes.push(`${name} is too large or cannot be read`);
    else files.push(name);
    return content;
  }

  /** The first of these files that is there. */
  async function first(...candidates: readonly string[]): Promise<readonly [string, string] | null> {
    const name = candidates.find((candidate) => names.includes(candidate));
    const content = name === undefined ? null : await text(name);
    return name === undefined || content === null ? null : [name, content];
  }

  /** Tells of a file that is there and says nothing. */
  function expectSome(name: string, isSome: boolean, what: string): void {
    if (!isSome) notes.push(`${name} has no ${what}, it is left out`);
  }

  async function uptimeAt(moment: Moment): Promise<number | null> {
    const found = await first(`uptime.${moment}`, `uptime.${moment}.txt`);
    if (found === null) return null;
    const seconds = parseUptime(found[1]);
    expectSome(found[0], seconds !== null, "seconds since boot");
    return seconds;
  }

  async function snapshot(moment: Moment, uptime: number | null): Promise<Snapshot | null> {
    const found = await first(`vmstat.${moment}`, `vmstat.${moment}.txt`);
    if (found === null) return null;
    const counters = parseCounters(found[1]);
    expectSome(found[0], counters.size > 0, "counters");
    return counters.size === 0 ? null : { file: join(shown, found[0]), counters, uptime };
  }

  async function kernelLogs(): Promise<readonly KernelLog[]> {
    const logs: KernelLog[] = [];
    const plain = (name: string): number => (name.startsWith("dmesg.txt") || name === "dmesg" ? 0 : 1);
    const found = names.filter((name) => KERNEL_LOG.test(name)).sort((a, b) => plain(a) - plain(b));
    for (const name of found) {
      const content = await text(name);
      if (content !== null) logs.push({ file: join(shown, name), lines: content.split(/\r?\n/) });
    }
    return logs;
  }

  async function overruns(): Promise<number | null> {
    const found = names.filter((name) => STATS.test(name));
    let sum = 0;
    let isTold = false;
    for (const name of found) {
      const content = await text(name);
      if (content === null) continue;
      const lost = parseOverruns(content);
      expectSome(name, lost !== null, "count of lost events");
      isTold ||= lost !== null;
      sum += lost ?? 0;
    }
    return isTold ? sum : null;
  }

  const [begun, ended] = [await uptimeAt("before"), await uptimeAt("after")];
  const [before, after] = [await snapshot("before", begun), await snapshot("after", ended)];
  const isOfOneBoot = begun === null || ended === null || begun <= ended;
  if (!isOfOneBoot)
    notes.push(
      `uptime.before is ${begun} s and uptime.after ${ended} s: the machine was started anew between them, or one is of another run; they and the counters are left out`,
    );
  const knobs = await bothEnds(first);
  const system = [await first("sysinfo.txt", "sysinfo"), await first("config", "config.txt")]
    .map((found) => found?.[1] ?? "")
    .join("\n");
  const record = await first("perf.record.log", "perf-record.log");
  return {
    before: isOfOneBoot ? before : null,
    after: isOfOneBoot ? after : null,
    kernelLogs: await kernelLogs(),
    begun: isOfOneBoot ? begun : null,
    ...knobs,
    topTierNodes: parseTopTier(system),
    hz: parseHz(system),
    overruns: await overruns(),
    missedHits: parseMissedHits((await first("kprobe_profile.txt", "kprobe_profile"))?.[1] ?? ""),
    perf: record === null ? null : parsePerfRecord(record[1]),
    notes,
    files,
  };
}

async function bothEnds(
  first: (...names: readonly string[]) => Promise<readonly [string, string] | null>,
): Promise<Pick<Capture, "knobs" | "changed">> {
  const before = parseKnobs((await first("knobs.before", "knobs.before.txt"))?.[1] ?? "");
  const after = parseKnobs((await first("knobs.after", "knobs.after.txt"))?.[1] ?? "");
  const entries = Object.entries(after);
  const same: Knobs = Object.fromEntries(entries.filter(([name, value]) => before[name] === value));
  const changed = entries.filter(([name, value]) => before[name] !== undefined && before[name] !== value);
  return { knobs: same, changed: changed.map(([name, value]) => `${name} from ${before[name]} to ${value}`) };
}
