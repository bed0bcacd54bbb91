/** Complaints of the kernel in its log: where each begins, whom it concerns, and which functions its trace names. */

import type { KernelLog } from "../capture.ts";

export interface KernelReport {
  readonly file: string;
  readonly line: number;
  /** What it is, such as "hung task". */
  readonly what: string;
  /** First line without its time. */
  readonly text: string;
  /** Time as the log prints it, null if it prints none. */
  readonly time: string | null;
  /** `task-pid`, "" if the report names none. */
  readonly task: string;
  /** Functions of the instruction pointer and the call trace, innermost first. */
  readonly functions: readonly string[];
}

interface Opening {
  readonly what: string;
  readonly pattern: RegExp;
}

/** First lines of reports; groups 1 and 2 are task and pid where the line names them. */
const OPENINGS: readonly Opening[] = [
  {
    what: "soft lockup",
    pattern: /^(?:watchdog: )?BUG: soft lockup - CPU#\d+ stuck for \d+s! \[(.*):(\d+)\]/,
  },
  { what: "hard lockup", pattern: /^(?:NMI )?watchdog: .*hard LOCKUP/ },
  { what: "hung task", pattern: /^INFO: task (.*):(\d+) blocked (?:in \S+ )?for more than \d+ seconds/ },
  {
    what: "RCU stall",
    pattern: /^(?:rcu: )?INFO: \w+ (?:self-detected stall|detected (?:expedited )?stalls)/,
  },
  { what: "KASAN report", pattern: /^BUG: KASAN: / },
  { what: "data race", pattern: /^BUG: KCSAN: / },
  { what: "undefined behaviour", pattern: /^UBSAN: / },
  {
    what: "sleep in atomic context",
    pattern: /^BUG: (?:sleeping function called from invalid context|scheduling while atomic)/,
  },
  {
    what: "lockdep report",
    pattern:
      /^WARNING: (?:possible (?:circular|recursive|irq)|inconsistent lock|suspicious RCU|bad unlock|held lock freed|lock held|.*lock order inversion)/,
  },
  { what: "BUG", pattern: /^(?:kernel BUG at|BUG: )/ },
  {
    what: "oops",
    pattern:
      /^(?:Oops|general protection fault|Unable to handle kernel|Internal error|int3:|stack segment:|divide error:|invalid opcode:)/,
  },
  { what: "warning", pattern: /^WARNING: / },
  { what: "panic", pattern: /^Kernel panic/ },
];

const PREFIX = /^(?:<\d+>)?(?:\[ *(\d+\.\d+)\](?:\[[\sTC]*\d+\])? ?)?/;
const ENDED = /^---\[ end (?:trace|Kernel panic)/;
const COMM = /\bPID: (\d+) Comm: (.{1,15}?) (?:Not tainted|Tainted|Kdump)/;
const FUNCTION = /^(?:RIP: 0010:| |(?:pc|lr) : )([\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+/;
/** Lines after its first that a report may have. */
const LONGEST = 120;

/** All reports, each once: logs that overlap tell the same ones. */
export function kernelReports(logs: readonly KernelLog[]): readonly KernelReport[] {
  const seen = new Set<string>();
  const reports: KernelReport[] = [];
  for (const log of logs) {
    for (const report of reportsIn(log)) {
      const key = `${report.time} ${report.text}`;
      if (report.time !== null && seen.has(key)) continue;
      seen.add(key);
      reports.push(report);
    }
  }
  return reports;
}

function reportsIn(log: KernelLog): readonly KernelReport[] {
  const reports: KernelReport[] = [];
  let last = -1;
  for (let i = 0; i < log.lines.length; i++) {
    const text = withoutPrefix(log.lines[i]);
    if (i <= last && ENDED.test(text)) last = -1;
    const opening = OPENINGS.find(({ pattern }) => pattern.test(text));
    if (opening === undefined || (i <= last && (opening.what === "oops" || opening.what === "panic")))
      continue;
    reports.push(report(log, i, opening, text));
    last = i + 40;
  }
  return reports;
}

function report(log: KernelLog, at: number, opening: Opening, text: string): KernelReport {
  const [, name, pid] = opening.pattern.exec(text) ?? [];
  const functions: string[] = [];
  let task = name === undefined || pid === undefined ? "" : `${name}-${pid}`;
  for (let i = at + 1; i < Math.min(log.lines.length, at + LONGEST); i++) {
    const line = withoutPrefix(log.lines[i]);
    if (ENDED.test(line) || OPENINGS.some(({ pattern, what }) => what !== "oops" && pattern.test(line)))
      break;
    // What other CPUs did at that moment is none of this report.
    if (/^(?:NMI backtrace|Sending NMI)/.test(line) && functions.length > 0) break;
    const comm = COMM.exec(line);
    if (task === "" && comm !== null) task = `${comm[2]}-${comm[1]}`;
    const found = FUNCTION.exec(line)?.[1];
    if (found !== undefined) functions.push(found);
  }
  const time = PREFIX.exec(log.lines[at] ?? "")?.[1] ?? null;
  return { file: log.file, line: at + 1, what: opening.what, text: text.trimEnd(), time, task, functions };
}

function withoutPrefix(line: string | undefined): string {
  return (line ?? "").replace(PREFIX, "");
}
