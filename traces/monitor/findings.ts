/**
 * The violations of one property, as long as they may still be taken back.
 *
 * A marker of lost events stands before the next event of its CPU, so the hole began after that CPU's previous event,
 * possibly before lines of other CPUs that have been judged meanwhile. A violation is therefore kept pending until
 * every CPU has delivered a later event without a loss, and is dropped if a hole turns up that could explain it.
 */

import { actorOf, EVENT_NAMES, type TraceEvent, timeOf } from "../event.ts";
import type { QuotedText, Violation } from "./violation.ts";

/** A violation as a monitor reports it. */
export interface Finding {
  /** One sentence: what was expected and what was seen. */
  readonly message: string;
  /** Findings of one group are shown once, with their count. */
  readonly group: string;
  /** First line the argument rests on; the whole stretch from there must be free of holes. */
  readonly since: number;
  /** True if this line alone proves it: no loss can explain it. */
  readonly alone?: boolean;
  /** The mm, if a mm_enter of it within a moment would explain the finding (the event may come late). */
  readonly lateEnter?: number;
  /** The mm, if its collection by the daemon later on would explain the finding. */
  readonly lateCollect?: number;
}

export interface Findings {
  readonly report: (event: TraceEvent, finding: Finding) => void;
  /** Something that would be a violation but may have another explanation. */
  readonly doubt: (reason: string) => void;
  /** Takes back what a hole on `cpu` (all if -1) after line `known` could explain. */
  readonly revoke: (known: number) => void;
  readonly enter: (mm: number, ns: number) => void;
  readonly collect: (mm: number) => void;
  readonly settle: (known: number, ns: number) => void;
  /** Ends the log. `keep` false drops what is still pending, for a log with losses. */
  readonly finish: (keep: boolean) => FindingResult;
}

export interface FindingResult {
  readonly count: number;
  readonly violations: readonly Violation[];
  readonly doubts: readonly { readonly reason: string; readonly count: number }[];
  readonly revoked: number;
}

interface Group {
  violation: Omit<Violation, "count">;
  count: number;
}

interface Pending {
  readonly line: number;
  readonly ns: number;
  readonly group: string;
  readonly lateEnter: number;
  readonly lateCollect: number;
  readonly violation: Omit<Violation, "count"> | null;
}

const GROUPS = 50;
const QUOTES = 60;
const PENDING = 5000;
/** How long after an event of an mm its mm_enter may still come, nanoseconds. */
export const LATE_ENTER = 100e6;

export function createFindings(log: string, quote: () => QuotedText[]): Findings {
  const groups = new Map<string, Group>();
  const doubts = new Map<string, number>();
  let pending: Pending[] = [];
  let count = 0;
  let revoked = 0;
  let overflow = 0;
  let quoted = 0;
  let described = new Set<string>();

  function drop(keep: (entry: Pending) => boolean): void {
    pending = pending.filter(keep);
    described = new Set(groups.keys());
    for (const entry of pending) if (entry.violation !== null) described.add(entry.group);
  }

  function confirm(entry: Pending): void {
    count++;
    const group = groups.get(entry.group);
    if (group !== undefined) group.count++;
    else if (groups.size < GROUPS && entry.violation !== null)
      groups.set(entry.group, { violation: entry.violation, count: 1 });
  }

  function describe(event: TraceEvent, finding: Finding): Omit<Violation, "count"> | null {
    if (described.has(finding.group) || quoted >= QUOTES) return null;
    quoted++;
    described.add(finding.group);
    return {
      log,
      line: event.line,
      event: EVENT_NAMES[event.kind] ?? "other",
      time: timeOf(event),
      actor: actorOf(event),
      message: finding.message,
      context: quote(),
    };
  }

  return {
    report(event, finding) {
      const entry: Pending = {
        line: event.line,
        ns: event.ns,
        group: finding.group,
        lateEnter: finding.lateEnter ?? -1,
        lateCollect: finding.lateCollect ?? -1,
        violation: describe(event, finding),
      };
      if (finding.alone === true) confirm(entry);
      else if (pending.length >= PENDING) overflow++;
      else pending.push(entry);
    },
    doubt(reason) {
      doubts.set(reason, (doubts.get(reason) ?? 0) + 1);
    },
    revoke(known) {
      if (known === 0) {
        revoked += count;
        count = 0;
        groups.clear();
      }
      revoked += pending.length + overflow;
      overflow = 0;
      drop((entry) => entry.line <= known);
      revoked -= pending.length;
    },
    enter(mm, ns) {
      if (pending.length === 0) return;
      drop((entry) => entry.lateEnter !== mm || ns - entry.ns > LATE_ENTER);
    },
    collect(mm) {
      if (pending.length === 0) return;
      drop((entry) => entry.lateCollect !== mm);
    },
    settle(known, ns) {
      if (pending.length < 64) return;
      pending = pending.filter((entry) => {
        const open =
          entry.line >= known ||
          entry.lateCollect >= 0 ||
          (entry.lateEnter >= 0 && !(ns - entry.ns > LATE_ENTER));
        if (!open) confirm(entry);
        return open;
      });
    },
    finish(keep) {
      if (keep) {
        pending.forEach(confirm);
        count += overflow;
      } else revoked += pending.length + overflow;
      pending = [];
      const violations = [...groups.values()].map((group) => ({ ...group.violation, count: group.count }));
      violations.sort((a, b) => a.line - b.line);
      return { count, violations, doubts: [...doubts].map(([reason, n]) => ({ reason, count: n })), revoked };
    },
  };
}
