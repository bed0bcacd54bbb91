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
}

/** What to make, at the end of a log, of violations that a loss could still explain. */
export type Ending =
  /** The log is whole: they are certain. */
  | "keep"
  /** Events were lost: only those are certain after which every CPU went on without a loss. */
  | "settle"
  /** Lines are missing at unknown places: none is certain but those that one line proves. */
  | "drop"
  /** The lines may not be what was written: none is certain. */
  | "void";

export interface Findings {
  readonly report: (event: TraceEvent, finding: Finding) => void;
  /** A violation that something beside the log proves; those of one group count as one kind. */
  readonly state: (violation: Omit<Violation, "count">, group?: string) => void;
  /** Something that would be a violation but may have another explanation. */
  readonly doubt: (reason: string) => void;
  /** Takes back what a hole after line `known` could explain; 0 stands for the whole log. */
  readonly revoke: (known: number) => void;
  /** Takes back what the mm_enter of `mm` at `ns` explains. */
  readonly enter: (mm: number, ns: number) => void;
  /**
   * Makes certain what no hole can explain any more, `known` being the line up to which no CPU can have lost events;
   * put off until there is much to look at, unless `now` says so.
   */
  readonly settle: (known: number, ns: number, now?: boolean) => void;
  /** The last line that may be the copy of another, 0 if none. */
  readonly copied: () => number;
  /** Violations that are certain so far. */
  readonly certain: () => number;
  readonly finish: (ending: Ending, known: number) => FindingResult;
}

export interface FindingResult {
  readonly count: number;
  readonly violations: readonly Violation[];
  readonly doubts: readonly { readonly reason: string; readonly count: number }[];
  /** Violations taken back because of holes, and the first of them. */
  readonly revoked: number;
  readonly revokedExample: string | null;
}

interface Group {
  readonly violation: Omit<Violation, "count">;
  readonly alone: boolean;
  /** Something beside the log proves it. */
  readonly beside: boolean;
  count: number;
}

interface Overflow {
  count: number;
  lastLine: number;
}

interface Pending {
  readonly line: number;
  readonly ns: number;
  readonly group: string;
  readonly alone: boolean;
  readonly lateEnter: number;
  readonly message: string;
  readonly violation: Omit<Violation, "count"> | null;
}

const GROUPS = 50;
const QUOTES = 60;
const PENDING = 5000;
const DOUBTS = 8;
/** How long after an event of an mm its mm_enter may still come, nanoseconds. */
export const LATE_ENTER = 100e6;

/**
 * @param sourceOf where a line really stands, in a log that was sorted or merged
 * @param onCertain called for each violation that becomes certain
 * @param copied the last line that may be the copy of another, 0 if none
 */
export function createFindings(
  log: string,
  quote: () => QuotedText[],
  sourceOf: (line: number) => Violation["source"] | null = () => null,
  onCertain: () => void = () => undefined,
  copied: () => number = () => 0,
): Findings {
  const groups = new Map<string, Group>();
  const doubts = new Map<string, number>();
  let pending: Pending[] = [];
  let certain = 0;
  let settled = 0;
  let stated = 0;
  const overflow = new Map<string, Overflow>();
  let revoked = 0;
  let revokedExample: string | null = null;
  let quoted = 0;
  let described = new Set<string>();

  function drop(keep: (entry: Pending) => boolean): number {
    const dropped = pending.filter((entry) => !keep(entry));
    if (dropped.length === 0) return 0;
    pending = pending.filter(keep);
    described = new Set(groups.keys());
    for (const entry of pending) if (entry.violation !== null) described.add(entry.group);
    return dropped.length;
  }

  function confirm(entry: Pending): void {
    onCertain();
    if (entry.alone) certain++;
    else settled++;
    const group = groups.get(entry.group);
    if (group !== undefined) group.count++;
    else if (groups.size < GROUPS && entry.violation !== null) {
      groups.set(entry.group, { violation: entry.violation, alone: entry.alone, beside: false, count: 1 });
    }
  }

  function describe(event: TraceEvent, finding: Finding): Omit<Violation, "count"> | null {
    if (described.has(finding.group) || quoted >= QUOTES) return null;
    quoted++;
    described.add(finding.group);
    const source = sourceOf(event.line);
    return {
      log,
      line: event.line,
      event: EVENT_NAMES[event.kind] ?? "other",
      time: timeOf(event),
      actor: actorOf(event),
      message: finding.message,
      ...(source == null ? {} : { source }),
      context: quote(),
    };
  }

  function revoke(known: number): void {
    if (known === 0 && settled > 0) {
      revoked += settled;
      settled = 0;
      for (const [key, group] of groups) {
        if (group.alone) continue;
        revokedExample ??= group.violation.message;
        groups.delete(key);
      }
    }
    for (const [group, more] of overflow) {
      if (more.lastLine <= known) continue;
      revoked += more.count;
      overflow.delete(group);
    }
    revokedExample ??= pending.find((entry) => entry.line > known)?.message ?? null;
    revoked += drop((entry) => entry.line <= known);
  }

  /** Takes back what single lines prove. */
  function forgetAll(): void {
    revoked += certain;
    certain = 0;
    for (const [key, group] of groups) {
      if (group.beside) continue;
      revokedExample ??= group.violation.message;
      groups.delete(key);
    }
  }

  /** Beyond a number of pending violations only their count is kept. */
  function overflowed(entry: Pending): void {
    const more = overflow.get(entry.group);
    if (more !== undefined) {
      more.count++;
      more.lastLine = entry.line;
    } else if (overflow.size < GROUPS) overflow.set(entry.group, { count: 1, lastLine: entry.line });
  }

  function settle(known: number, ns: number): void {
    pending = pending.filter((entry) => {
      const open = entry.line >= known || (entry.lateEnter >= 0 && !(ns - entry.ns > LATE_ENTER));
      if (!open) confirm(entry);
      return open;
    });
  }

  function doubt(reason: string): void {
    if (doubts.size < DOUBTS || doubts.has(reason)) doubts.set(reason, (doubts.get(reason) ?? 0) + 1);
  }

  return {
    report(event, finding) {
      const copy = copied();
      if (finding.alone !== true && copy >= finding.since && copy > 0)
        return doubt(`${finding.message}; but line ${copy}, which this rests on, may be the copy of another`);
      const entry: Pending = {
        line: event.line,
        ns: event.ns,
        group: finding.group,
        alone: finding.alone === true,
        lateEnter: finding.lateEnter ?? -1,
        message: finding.message,
        violation: describe(event, finding),
      };
      if (entry.alone) confirm(entry);
      else if (pending.length >= PENDING) overflowed(entry);
      else pending.push(entry);
    },
    state(violation, group = violation.message) {
      onCertain();
      stated++;
      const known = groups.get(group);
      if (known !== undefined) known.count++;
      else if (groups.size < GROUPS) groups.set(group, { violation, alone: true, beside: true, count: 1 });
    },
    doubt,
    copied,
    revoke,
    enter(mm, ns) {
      if (pending.length > 0) drop((entry) => entry.lateEnter !== mm || ns - entry.ns > LATE_ENTER);
    },
    settle(known, ns, now = false) {
      if (pending.length >= 64 || (now && pending.length > 0)) settle(known, ns);
    },
    certain: () => certain + settled + stated,
    finish(ending, known) {
      if (ending === "drop" || ending === "void") revoke(0);
      if (ending === "void") forgetAll();
      if (ending === "settle") {
        settle(known, Number.POSITIVE_INFINITY);
        revoke(known);
      }
      pending.forEach(confirm);
      for (const [group, more] of overflow) {
        settled += more.count;
        const shown = groups.get(group);
        if (shown !== undefined) shown.count += more.count;
      }
      pending = [];
      const violations = [...groups.values()].map((group) => ({ ...group.violation, count: group.count }));
      violations.sort((a, b) => a.line - b.line);
      return {
        count: certain + settled + stated,
        violations,
        doubts: [...doubts].map(([reason, n]) => ({ reason, count: n })),
        revoked,
        revokedExample,
      };
    },
  };
}
