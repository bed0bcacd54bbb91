/**
 * L01: every live mm has its turn. The daemon goes round; a round ends when an mm comes that had its turn in it. An mm
 * that others overtake for many rounds is a hint only: a visit prints nothing while the mmap lock is taken, or while
 * the mm's prctl scale is 0. The end of the log ends a wait, too, where exits are shown; elsewhere the mm may be gone.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createRows, type Row } from "../rows.ts";
import { LATE_ENTER } from "./findings.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** An mm may miss so many rounds in a row, or any number within {@link MISSED_TIME}, without a hint. */
export const MISSED_ROUNDS = 16;
/** Nanoseconds; a mmap lock is not taken for longer. */
export const MISSED_TIME = 1e9;

const WHY = "its mmap lock was taken each time, its prctl scale is 0, or it starves (D44)";

export const turn: MonitorEntry = {
  id: "L01",
  title: "every live mm is visited again within a few rounds of the daemon",
  needs: "scan_mm_start (mm_enter and mm_exit for mms that are never visited)",
  applies: (has) => has(Kind.scanStart),
  create,
};

/** Round of the last visit of an mm, of its mm_enter before that, -1 if neither was seen; and its time. */
const BLANK = { round: -1, ns: Number.NaN };
type Turn = Row<keyof typeof BLANK>;

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const turns = createRows(BLANK);
  /** Hints that a mm_enter which comes late would explain. */
  const late = new Map<number, { readonly text: string; readonly ns: number }>();
  let round = 0;
  /** Of the last event; in an object, where the number is changed in place. */
  const clock = { ns: Number.NaN };
  let judged = 0;
  let worst = 0;
  let worstLine = 0;

  function visited(event: TraceEvent): void {
    const { mm } = event;
    const mine = turns.of(mm);
    const { round: last, ns: since } = mine;
    // The visit that its exit waits for is no turn that it will miss.
    if (last < 0 && lives.isLeaving(lives.of(mm))) return;
    mine.round = round;
    mine.ns = event.ns;
    if (last < 0) return;
    judged++;
    if (late.size > 0) settle(mm);
    if (last === round) {
      mine.round = ++round;
      return;
    }
    const missed = round - last - 1;
    if (missed === 0) return;
    if (missed > worst) {
      worst = missed;
      worstLine = event.line;
    }
    if (missed <= MISSED_ROUNDS || event.ns - since <= MISSED_TIME) return;
    const text = `mm ${env.mmText(mm)} has no turn for ${missed} rounds until line ${event.line}: ${WHY}`;
    late.set(mm, { text, ns: event.ns });
  }

  /** No mm_enter has come that would explain the hint. */
  function settle(mm: number): void {
    const hint = late.get(mm);
    if (hint !== undefined && late.delete(mm)) env.findings.doubt(hint.text);
  }

  function entered({ mm, ns }: TraceEvent): void {
    const hint = late.get(mm);
    if (hint !== undefined && !(ns - hint.ns > LATE_ENTER)) late.delete(mm);
    const mine = turns.of(mm);
    mine.round = round;
    mine.ns = ns;
  }

  function exited(mm: number, { line, ns }: TraceEvent): void {
    const mine = turns.of(mm);
    const last = mine.round;
    mine.round = -1;
    if (last >= 0 && round - last > MISSED_ROUNDS && !(ns - mine.ns <= MISSED_TIME))
      env.findings.doubt(
        `mm ${env.mmText(mm)} had no turn in the ${round - last} rounds before its exit in line ${line}: ${WHY}`,
      );
  }

  /** An mm that has not exited when the log ends. */
  function waits({ mm, round: last, ns }: Turn): void {
    if (last < 0 || round - last <= MISSED_ROUNDS || !(clock.ns - ns > MISSED_TIME)) return;
    env.findings.doubt(
      `mm ${env.mmText(mm)} had no turn in the last ${round - last} rounds of the log, and no exit: ${WHY}, or its exit is not in the log`,
    );
  }

  return {
    kinds: [Kind.scanStart, Kind.mmEnter, Kind.mmExit, Kind.probeExit],
    event(event) {
      clock.ns = event.ns;
      if (event.mm < 0) return;
      if (event.kind === Kind.scanStart) visited(event);
      else if (event.kind === Kind.mmEnter) entered(event);
      else exited(lives.resolve(event.mm), event);
    },
    gap() {
      turns.clear();
      late.clear();
    },
    forget(mms) {
      for (const mm of mms) {
        turns.drop(mm);
        late.delete(mm);
      }
    },
    finish() {
      for (const mm of [...late.keys()]) settle(mm);
      if (lives.seen.exits > 0) for (const mine of turns.all()) waits(mine);
      const note = `${round} rounds, ${worst} missed in a row at most${at(worst, worstLine)}`;
      return { judged, undecided: null, note: judged > 0 ? note : null };
    },
  };
}

function at(worst: number, line: number): string {
  return worst > 0 ? ` (line ${line})` : "";
}
