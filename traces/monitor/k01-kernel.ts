/**
 * K01: the kernel did not complain while the log was recorded. Every report in the capture's kernel log since then is a
 * violation, with the defect that its functions point to; reports of one kind about one task and place count as one.
 */

import type { KernelLog } from "../capture.ts";
import { escapeText } from "../event.ts";
import { type KernelReport, kernelReports } from "./kernel-report.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const kernel: MonitorEntry = {
  id: "K01",
  title: "the kernel did not complain: no BUG, warning, oops, lockdep, lockup, hung task",
  needs: "dmesg or console of a capture",
  apart: true,
  applies: (_has, _tunables, capture) => capture !== null && capture.kernelLogs.length > 0,
  create,
};

interface Hint {
  readonly what: RegExp;
  readonly functions: RegExp;
  /** All of these, where one function is not enough. */
  readonly also?: RegExp;
  readonly likely: string;
}

const EXIT = /^__?k(?:mm)?scand_exit$|^kscand_exit$/;
const MIGRATE_EVENT = /^(?:trace_event_raw_event|perf_trace)_kmem_(?:scan_mm_|mm_)/;

const HINTS: readonly Hint[] = [
  {
    what: /hung|lockdep/,
    functions: EXIT,
    also: /^(?:do_execveat_common|alloc_bprm|bprm_|begin_new_exec|__bprm)/,
    likely: "D01 (the exit hook takes the mmap lock that the failing exec holds)",
  },
  {
    what: /BUG|oops|KASAN/,
    functions: MIGRATE_EVENT,
    likely: "D29 (the trace event reads the owner of an mm that has none)",
  },
  {
    what: /soft lockup|RCU stall/,
    functions: /cleanup_migration_list/,
    likely:
      "D08 (the exiting task spins until the migration of its mm ends, for ever if the daemon died, as after D29)",
  },
  {
    what: /sleep|lockdep/,
    functions: /^(?:hot_vma_idle_pte_entry|kmmscand_.*pte)/,
    likely: "D24 (an allocation that may sleep under the lock of the page table)",
  },
  {
    what: /BUG|oops|KASAN/,
    functions: /^k(?:mm)?scand_(?:walk_page_vma|scan_mm_slot|walk)/,
    likely: "D27 (the walk of an mm whose fork failed)",
  },
  {
    what: /BUG|oops|KASAN/,
    functions: /^(?:target_node_store|node_is_toptier)/,
    likely: "D75 (a target node that does not exist)",
  },
  { what: /sleep/, functions: /^kscand_/, likely: "D19 (an allocation that may sleep under a spinlock)" },
];

const DAEMON = /k(?:mm)?scand|kmmmigrated|kmigrated|hot_vma|kmem_(?:scan_)?mm_/;

function create(env: MonitorEnv): Monitor {
  const logs = env.capture?.kernelLogs ?? [];
  return {
    kinds: [],
    event: () => undefined,
    finish() {
      const begun = beginOf(env);
      const all = kernelReports(logs);
      const reports = all.filter(({ time }) => time === null || begun === null || Number(time) >= begun);
      for (const report of reports) state(env, report, logs);
      return {
        judged: reports.length + (logs.some(({ lines }) => lines.length > 1) ? 1 : 0),
        undecided: logs.some((log) => fromBoot(log) || (begun !== null && firstTime(log) <= begun))
          ? null
          : "the kernel log does not begin with the boot, earlier reports may be missing",
        note: told(logs, reports, all.length - reports.length, begun),
      };
    },
  };
}

/** Seconds by which the clocks of the kernel log and of the uptime may differ. */
const CLOCK_ERROR = 1;
const TIME = /^(?:<\d+>)?\[ *(\d+\.\d+)\]/;

/** Time of the first line that has one. */
function firstTime({ lines }: KernelLog): number {
  return Number(TIME.exec(lines.find((line) => TIME.test(line)) ?? "")?.[1] ?? Number.NaN);
}

/**
 * When the recording began, by the clock of the kernel log, which stands still while the machine sleeps: after that, and
 * where nothing tells it, null.
 */
function beginOf({ capture }: MonitorEnv): number | null {
  const slept = (capture?.kernelLogs ?? []).some(({ lines }) =>
    lines.some((line) => /\bPM: (?:suspend|hibernation)/.test(line)),
  );
  return slept || capture == null || capture.begun === null ? null : capture.begun - CLOCK_ERROR;
}

function told(
  logs: readonly KernelLog[],
  reports: readonly KernelReport[],
  earlier: number,
  begun: number | null,
): string | null {
  if (earlier > 0)
    return `${earlier} ${earlier === 1 ? "report is" : "reports are"} from before the recording, which do not count`;
  if (reports.length > 0)
    return begun === null ? "nothing tells whether this was before the recording began" : null;
  return `${logs.map(({ lines }) => lines.length - 1).join(" + ")} lines without a report`;
}

function fromBoot({ lines }: KernelLog): boolean {
  return lines.slice(0, 5).some((line) => /^(?:<\d+>)?\[ +0\.000000\]|Linux version /.test(line));
}

function state(env: MonitorEnv, report: KernelReport, logs: readonly KernelLog[]): void {
  const { functions, what, task, text, file, line, time } = report;
  const hint = HINTS.find(
    (entry) =>
      entry.what.test(what) &&
      functions.some((name) => entry.functions.test(name)) &&
      (entry.also === undefined || functions.some((name) => entry.also?.test(name))),
  );
  const place = functions.find((name) => DAEMON.test(name)) ?? functions[0];
  const where = place === undefined ? "" : `, in ${place}`;
  const likely =
    hint !== undefined
      ? `; likely defect ${hint.likely}`
      : functions.some((name) => DAEMON.test(name))
        ? "; no known defect fits its functions"
        : "; its trace has no function of the daemon";
  const source = logs.find((log) => log.file === file)?.lines ?? [];
  env.findings.state(
    {
      log: file,
      line,
      event: what,
      time,
      actor: task === "" ? "unknown task" : escapeText(task),
      message: escapeText(`${text.replace(/\.$/, "")}${where}${likely}`),
      context: source
        .slice(Math.max(0, line - 2), line + 2)
        .map((content, i) => ({ line: Math.max(1, line - 1) + i, text: escapeText(content.slice(0, 400)) })),
    },
    `${what} ${task} ${place ?? text}`,
  );
}
