/** What the recording script would have found beside the log: counters, knobs, the ring buffers, the kernel's own log. */
import type { LogItem, SimulatedEvent } from "./event.ts";
import type { SimulatedPatch } from "./throttle.ts";
import { KNOBS } from "./world.ts";

export interface CaptureFile {
  readonly name: string;
  readonly text: string;
}

export interface CaptureOptions {
  readonly patch: SimulatedPatch;
  /** All events of the run. */
  readonly shown: readonly SimulatedEvent[];
  /** So many of them came before the log. */
  readonly before: number;
  readonly items: readonly LogItem[];
  /** Ids of faults; those that concern counters and the kernel log happen here. */
  readonly faults: readonly string[];
  readonly knobs: { readonly mm_scan_period_ms: number; readonly scan_enabled: number };
}

/** The files of a capture but the log, in the order of their names. */
export function captureFiles(options: CaptureOptions): readonly CaptureFile[] {
  const { shown, before, patch, faults, knobs } = options;
  const first = shown[before]?.ns ?? 0;
  const last = shown.at(-1)?.ns ?? first;
  const daemon = patch === "v0" || patch === "v1" ? "kmmscand" : "kscand";
  const start = { mm_scan_period_ms: 2000, scan_enabled: 1 };
  const files: CaptureFile[] = [
    { name: "config", text: "CONFIG_HZ=250\n" },
    { name: "dmesg.txt", text: kernelLog(faults.includes("K01"), last) },
    { name: "knobs.before", text: knobText(daemon, start) },
    { name: "knobs.after", text: knobText(daemon, knobs) },
    ...stats(options.items),
    { name: "sysinfo.txt", text: SYSTEM },
    { name: "uptime.before", text: `${(first / 1e9 - 1).toFixed(2)} 0.00\n` },
    { name: "uptime.after", text: `${(last / 1e9 + 1).toFixed(2)} 0.00\n` },
    { name: "vmstat.before", text: vmstat(daemon, counted(shown.slice(0, before))) },
    { name: "vmstat.after", text: vmstat(daemon, distorted(counted(shown), faults)) },
  ];
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Counters {
  readonly scans: number;
  readonly added: number;
  readonly migrated: number;
  readonly failed: number;
  /** Pages that the kernel moved. */
  readonly moved: number;
}

function counted(events: readonly SimulatedEvent[]): Counters {
  let [scans, added, migrated, failed] = [0, 0, 0, 0];
  for (const { name, args } of events) {
    if (name === "kmem_scan_mm_end") {
      scans++;
      added += Number(args["total"]);
    } else if (name === "kmem_scan_mm_migrate") {
      if (args["rc"] === 0) migrated++;
      else failed++;
    }
  }
  return { scans, added, migrated, failed, moved: migrated };
}

/** How far counters are wrong: more than the daemon may be ahead of them. */
const WRONG = 10;

function distorted(right: Counters, faults: readonly string[]): Counters {
  let { scans, added, migrated } = right;
  if (faults.includes("A02")) {
    migrated += WRONG;
    added += WRONG;
  }
  if (faults.includes("A01")) added = Math.max(0, migrated + right.failed - WRONG);
  if (faults.includes("C01")) scans = Math.max(0, scans - WRONG);
  return { ...right, scans, added, migrated };
}

function vmstat(daemon: string, { scans, added, migrated, failed, moved }: Counters): string {
  const own = { mm_scans: scans, migadded: added, migrated, migrate_failed: failed };
  const lines = Object.entries(own).map(([name, value]) => `nr_${daemon}_${name} ${value}`);
  return `${[...lines, `pgmigrate_success ${moved}`].join("\n")}\n`;
}

function knobText(daemon: string, { mm_scan_period_ms, scan_enabled }: CaptureOptions["knobs"]): string {
  const { mms_to_scan, scan_sleep_ms } = KNOBS;
  const knobs = { mm_scan_period_ms, mms_to_scan, scan_enabled, scan_sleep_ms, target_node: 0 };
  return Object.entries(knobs)
    .map(([name, value]) => `/sys/kernel/mm/${daemon}/${name} ${value}\n`)
    .join("");
}

/** Statistics of the ring buffers, which know what was lost. */
function stats(items: readonly LogItem[]): readonly CaptureFile[] {
  const cpus = items.reduce((most, { cpu }) => Math.max(most, cpu + 1), 1);
  return Array.from({ length: cpus }, (_, cpu) => {
    const own = items.filter((item) => item.cpu === cpu);
    const lost = own.reduce((sum, item) => sum + (item.name === "lost" ? item.lost : 0), 0);
    const entries = own.filter(({ name }) => name !== "lost").length;
    const text = `entries: ${entries}\noverrun: ${lost}\ncommit overrun: 0\ndropped events: 0\n`;
    return { name: `stats.cpu${cpu}.after`, text };
  });
}

const SYSTEM = [
  "Linux simulated by kmmcheck",
  "/sys/devices/virtual/memory_tiering/memory_tier4/nodelist: 0",
  "/sys/devices/virtual/memory_tiering/memory_tier450/nodelist: 1",
  "has_cpu: 0 has_memory: 0-1",
  "",
].join("\n");

function kernelLog(hasReport: boolean, ns: number): string {
  const at = `[${(ns / 1e9).toFixed(6).padStart(12)}]`;
  const report = [
    "INFO: task sh:91 blocked for more than 10 seconds.",
    "Call Trace:",
    " <TASK>",
    " down_write+0x3e/0x60",
    " __kmmscand_exit+0xf1/0x180",
    " bprm_execve+0x2c1/0x5d0",
    " do_execveat_common+0x1ad/0x250",
    " </TASK>",
  ];
  const lines = ["[    0.000000] Linux version 6.12.0-simulated", "[    0.100000] kmmcheck: a simulation"];
  return `${[...lines, ...(hasReport ? report.map((line) => `${at} ${line}`) : [])].join("\n")}\n`;
}
