/**
 * A10: the log is well formed. Every scan_mm_end closes the scan_mm_start of the same mm with no other scan event
 * between, one task scans, an exit is shown once, rc is one of the version's, and events name an mm.
 *
 * Legal and therefore not reported: a start without an end (a visit before the scan was due), mm_exit of an mm that
 * was never entered, a mm_enter after the first start of its mm, the end of a scan that began before the log.
 */

import { Kind, NoMm, type TraceEvent } from "../event.ts";
import { createExitLines, EXIT_LINE_EVENTS } from "./exit-lines.ts";
import type { Patch } from "./law.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** Largest positive rc of each version; below zero only -EAGAIN (-11) comes out of the migration. */
export const MAX_RC: Readonly<Record<Patch, number>> = { v0: 6, p1: 10, v1: 10, v2: 11, v3: 11 };

export const wellFormed: MonitorEntry = {
  id: "A10",
  title: "scan events pair up, one scan is open at a time, return codes are in range",
  needs: "scan_mm_start, scan_mm_end, scan_mm_migrate",
  byVersion: true,
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives, findings } = env;
  const exits = createExitLines(env);
  let judged = 0;
  let daemon = -1;
  let early = 0;

  function named(event: TraceEvent): boolean {
    if (event.mm >= 0 || event.mm === NoMm.unknown) return true;
    const what = event.mm === NoMm.nil ? "a NULL mm" : "an error code in place of an mm";
    findings.report(event, {
      message: `the event names ${what}`,
      group: `no-mm-${event.kind}`,
      since: event.line,
      alone: true,
    });
    return false;
  }

  function scanner(event: TraceEvent): void {
    if (event.pid < 0 || event.pid === daemon) return;
    if (daemon >= 0) {
      findings.report(event, {
        message: `one task scans, but pid ${event.pid} scans where pid ${daemon} did before`,
        group: "two-scanners",
        since: event.line,
        alone: true,
      });
    }
    daemon = event.pid;
  }

  function end(event: TraceEvent): void {
    judged++;
    if (event.total < 0n) {
      findings.report(event, {
        message: `total counts accessed pages, but is ${event.total}`,
        group: "total",
        since: event.line,
        alone: true,
      });
    }
    const before = lives.previousScan;
    if (!before.known) return;
    if (lives.seen.starts === 0) {
      early++;
      return;
    }
    if (event.mm === NoMm.unknown || (before.isStart && before.mm === event.mm)) return;
    const seen = before.isStart
      ? `the open scan is that of mm ${env.mmText(before.mm)} (line ${before.line})`
      : `the event before it, in line ${before.line}, ended another scan`;
    findings.report(event, {
      message: `scan_mm_end of mm ${env.mmText(event.mm)} must follow its own scan_mm_start, but ${seen}`,
      group: before.isStart ? "end-of-other" : "end-without-start",
      since: before.line,
    });
  }

  function migrate(event: TraceEvent): void {
    judged++;
    const patch = env.patch;
    const max = MAX_RC[patch ?? "v3"];
    if (event.rc === -11 || (event.rc >= 0 && event.rc <= max)) return;
    findings.report(event, {
      message: `rc must be -11 or 0 to ${max}${patch === null ? "" : ` in ${patch}`}, but is ${event.rc}`,
      group: `rc-${event.rc}`,
      since: event.line,
      alone: true,
    });
  }

  return {
    kinds: [Kind.scanStart, Kind.scanEnd, Kind.migrate, ...EXIT_LINE_EVENTS],
    event(event) {
      if (event.kind > Kind.migrate) return exits.event(event);
      if (event.mm < 0 && !named(event)) return;
      if (event.kind === Kind.scanStart) return scanner(event);
      if (event.kind === Kind.migrate) return migrate(event);
      if (event.kind === Kind.scanEnd) {
        scanner(event);
        return end(event);
      }
      exits.event(event);
    },
    gap(gap) {
      if (gap.reason === "segment") daemon = -1;
      exits.gap();
    },
    forget: exits.forget,
    finish: () => ({
      judged,
      undecided:
        lives.seen.ends > 1 && lives.seen.starts === 0
          ? "the log has no scan_mm_start at all, so ends cannot be paired"
          : early > 1
            ? `${early} ends come before the first scan_mm_start of the log`
            : null,
      note: null,
    }),
  };
}
