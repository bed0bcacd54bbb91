/** The small texts of a capture directory, each from its content to data. */

import type { Counter, Knobs } from "../../capture.ts";

/** `name value` a line, as /proc/vmstat prints it. */
export function parseCounters(text: string): ReadonlyMap<string, Counter> {
  const counters = new Map<string, Counter>();
  text.split("\n").forEach((line, i) => {
    const found = /^([\w.]+)[ \t:=]+(\d+)\s*$/.exec(line);
    if (found !== null) counters.set(found[1] ?? "", { value: Number(found[2]), line: i + 1 });
  });
  return counters;
}

/** `/sys/kernel/mm/kmmscand/scan_sleep_ms 50`, or `scan_sleep_ms: 50` a line. */
export function parseKnobs(text: string): Knobs {
  const knobs: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const found = /^(?:\S*\/)?([a-z]\w*)[ \t:=]+(-?\d+)\s*$/.exec(line);
    if (found !== null) knobs[found[1] ?? ""] = Number(found[2]);
  }
  return knobs;
}

/** Seconds since boot. */
export function parseUptime(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\b/.exec(text);
  return found === null ? null : Number(found[1]);
}

/** Events of one CPU that were overwritten or dropped, from per_cpu/cpuN/stats; null if it has no count of them. */
export function parseOverruns(text: string): number | null {
  const counts = [...text.matchAll(/^(?:overrun|commit overrun|dropped events):\s*(\d+)\s*$/gm)];
  return counts.length === 0 ? null : counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** `exit_ret 123 5` a line, as kprobe_profile prints it: name, hits, misses. */
export function parseMissedHits(text: string): Readonly<Record<string, number>> {
  const missed: Record<string, number> = {};
  for (const [, name = "", count] of text.matchAll(/^\s*(\w+)\s+\d+\s+(\d+)\s*$/gm))
    if (Number(count) > 0) missed[name] = (missed[name] ?? 0) + Number(count);
  return missed;
}

/** CONFIG_HZ, where a text states it. */
export function parseHz(text: string): number | null {
  const found = /(?:^|[\s,(])(?:CONFIG_)?HZ=(\d{2,4})\b/m.exec(text);
  return found === null ? null : Number(found[1]);
}

/**
 * Nodes of the top tier: those of the tiers that are no slower than the slowest tier with a CPU, from
 * `.../memory_tierN/nodelist: 0` and `has_cpu: 0`.
 */
export function parseTopTier(text: string): readonly number[] | null {
  const cpus = nodeList(/^has_cpu:\s*([\d,-]+)/m.exec(text)?.[1]);
  const tiers = [...text.matchAll(/memory_tier(\d+)\/nodelist:\s*([\d,-]+)/g)].map((found) => ({
    rank: Number(found[1]),
    nodes: nodeList(found[2]),
  }));
  const slowest = Math.max(
    ...tiers.filter(({ nodes }) => nodes.some((n) => cpus.includes(n))).map(({ rank }) => rank),
  );
  if (cpus.length === 0 || !Number.isFinite(slowest)) return null;
  return tiers
    .filter(({ rank }) => rank <= slowest)
    .flatMap(({ nodes }) => nodes)
    .sort((a, b) => a - b);
}

function nodeList(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  return text.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    const count = Number.isInteger(first) && Number.isInteger(last) ? Math.min(1024, last - first + 1) : 0;
    return Array.from({ length: Math.max(0, count) }, (_, i) => first + i);
  });
}

/** The last words of perf record. */
export function parsePerfRecord(text: string): { readonly samples: number; readonly lost: boolean } | null {
  const found = /Captured and wrote .*\((\d+) samples\)/.exec(text);
  return found === null ? null : { samples: Number(found[1]), lost: /\blost\b/i.test(text) };
}
