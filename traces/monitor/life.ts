/** One life of an mm pointer. */

import { createRows, type Row, type Rows } from "../rows.ts";

/** When an incarnation ended, by evidence. */
export interface Gone {
  readonly line: number;
  readonly ns: number;
  readonly cpu: number;
  readonly epoch: number;
  /** The evidence, to complete "after ...". */
  readonly how: Evidence;
}

const EVIDENCE = [
  "a later event of the exiting task",
  "the return of its exit hook",
  "the daemon freed its slot",
] as const;
export type Evidence = (typeof EVIDENCE)[number];

const BLANK = {
  /** Grows with every mm_enter, and when the life is over. */
  incarnation: 0,
  /** Line of the mm_enter of this incarnation, 0 if not in the log. */
  enterLine: 0,
  enterNs: 0,
  /** Epoch in which this incarnation was entered; -1 if it was not. */
  enterEpoch: -1,
  startLine: 0,
  startNs: 0,
  startEpoch: -1,
  /** Line of mm_exit of this incarnation, 0 if none. */
  exitLine: 0,
  exitNs: 0,
  /** Epoch in which its exit was shown, by mm_exit or by the probe; -1 if none was. */
  exitEpoch: -1,
  /** Line by which it was gone, 0 if that is not known, and the rest of {@link Gone}. */
  goneLine: 0,
  goneNs: 0,
  goneCpu: -1,
  goneEpoch: -1,
  goneHow: 0,
  /** Line by which the incarnation before this one was gone, 0 if that is not known. */
  previousGone: 0,
  /** 1 if it ended so long ago that no event of it can come any more, late or out of order. */
  over: 0,
  /** Time of the last scan or migrate event that named it after its exit. */
  lateNs: Number.NEGATIVE_INFINITY,
  /** 1 while it stands in a queue to be over. */
  queued: 0,
};

export type Life = Row<keyof typeof BLANK>;

export const createLifeRows = (): Rows<keyof typeof BLANK> => createRows(BLANK);

/** Takes down when the present incarnation ended. */
export function end(life: Life, { line, ns, cpu, epoch, how }: Gone): void {
  life.goneLine = line;
  life.goneNs = ns;
  life.goneCpu = cpu;
  life.goneEpoch = epoch;
  life.goneHow = EVIDENCE.indexOf(how);
}

/** When the present incarnation ended, null if that is not known. */
export function endOf({ goneLine, goneNs, goneCpu, goneEpoch, goneHow }: Life): Gone | null {
  if (goneLine === 0) return null;
  return {
    line: goneLine,
    ns: goneNs,
    cpu: goneCpu,
    epoch: goneEpoch,
    how: EVIDENCE[goneHow] ?? EVIDENCE[0],
  };
}
