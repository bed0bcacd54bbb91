/**
 * Whether each exit of an mm is shown once: one `mm_exit` between the probes `exit` and `exit_ret` of its task. Without
 * them, an exit after an exit, with no `mm_enter` between, is a doubt: a fork that fails before its mm is entered shows
 * the same (D81).
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createRows, type Row } from "../rows.ts";
import type { MonitorEnv } from "./monitor.ts";

/** A call of the exit hook. */
interface Call {
  readonly mm: number;
  readonly line: number;
  readonly cpu: number;
  /** Line of its `mm_exit`, 0 if none so far. */
  shown: number;
}

/** An `mm_exit` that no later `mm_enter` of its pointer has followed. */
const SHOWN = { line: 0, pid: -1, ns: Number.NaN, cpu: -1 };
type Shown = Row<keyof typeof SHOWN>;

const TASKS = 100_000;

export interface ExitLines {
  readonly event: (event: TraceEvent) => void;
  readonly gap: () => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
}

export const EXIT_LINE_EVENTS = [
  Kind.mmEnter,
  Kind.mmExit,
  Kind.probeExit,
  Kind.probeExitRet,
  Kind.exit,
] as const;

export function createExitLines(env: MonitorEnv): ExitLines {
  const { lives, findings } = env;
  /** The last call of each task. */
  const calls = new Map<number, Call>();
  /** By mm. */
  const exits = createRows(SHOWN);

  /** A task may go to another CPU, whose clock is behind, between the probe and the event. */
  const isEarly = (before: Shown | null, { pid, cpu, ns }: TraceEvent): boolean =>
    before?.pid === pid && before.cpu !== cpu && !(Math.abs(ns - before.ns) > env.skew());

  function called(event: TraceEvent): void {
    if (calls.size >= TASKS) calls.clear();
    const before = exits.find(lives.resolve(event.mm));
    const shown = isEarly(before, event) ? (before?.line ?? 0) : 0;
    calls.set(event.pid, { mm: event.mm, line: event.line, cpu: event.cpu, shown });
  }

  function returned(event: TraceEvent): void {
    const call = calls.get(event.pid);
    if (call === undefined || call.shown > 0 || call.cpu !== event.cpu || lives.seen.exits === 0) return;
    calls.delete(event.pid);
    findings.report(event, {
      message: `the exit hook shows mm_exit, but the call that began in line ${call.line} has returned without one`,
      group: "exit-not-shown",
      since: call.line,
    });
  }

  function shown(event: TraceEvent): void {
    const { mm, line, pid, cpu, ns } = event;
    const call = pid < 0 ? undefined : calls.get(pid);
    const before = exits.find(mm);
    const again = before === null || isEarly(before, event) ? 0 : before.line;
    Object.assign(exits.of(mm), { line, pid, ns, cpu });
    if (call !== undefined && call.shown === 0) {
      call.shown = line;
      return;
    }
    if (again === 0) return;
    const what = `mm ${env.mmText(mm)} exits again after its exit in line ${again}, with no mm_enter between`;
    if (call?.shown === again)
      findings.report(event, {
        message: `the exit hook shows mm_exit once, but ${what}, and its task has called the hook once, in line ${call.line}`,
        group: "exit-twice",
        since: again,
      });
    // From V3 on every fork that fails has not been entered.
    else if (env.patch !== "v3")
      findings.doubt(`${what} (line ${line}): a fork that failed before it was entered, or a line too many`);
  }

  return {
    event(event) {
      if (event.kind === Kind.probeExitRet) return returned(event);
      if (event.kind === Kind.exit) return void calls.delete(event.pid);
      if (event.mm < 0) return;
      if (event.kind === Kind.mmEnter) exits.drop(event.mm);
      else if (event.kind === Kind.mmExit) shown(event);
      else if (event.pid >= 0) called(event);
    },
    gap() {
      calls.clear();
      exits.clear();
    },
    forget(mms) {
      for (const mm of mms) exits.drop(mm);
      for (const [pid, call] of calls) if (mms.has(call.mm)) calls.delete(pid);
    },
  };
}
