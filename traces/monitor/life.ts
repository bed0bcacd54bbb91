/** One life of an mm pointer, and the few numbers that are left of it once it is over. */

import { type Archive, createArchive } from "../archive.ts";

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

export interface Life {
  readonly id: number;
  /** Grows with every mm_enter, and when the life is over. */
  incarnation: number;
  /** Line of the mm_enter of this incarnation, 0 if not in the log. */
  enterLine: number;
  enterNs: number;
  /** Epoch in which this incarnation was entered; -1 if it was not. */
  enterEpoch: number;
  startLine: number;
  startNs: number;
  startEpoch: number;
  /** Line of mm_exit of this incarnation, 0 if none. */
  exitLine: number;
  exitNs: number;
  /** Epoch in which its exit was shown, by mm_exit or by the probe; -1 if none was. */
  exitEpoch: number;
  gone: Gone | null;
  /** Line by which the incarnation before this one was gone, 0 if that is not known. */
  previousGone: number;
  /** True if it ended so long ago that no event of it can come any more, late or out of order. */
  over: boolean;
  /** Time of the last scan or migrate event that named it after its exit. */
  lateNs: number;
  /** True while it stands in a queue to be over. */
  queued: boolean;
}

export function newLife(id: number): Life {
  return {
    id,
    incarnation: 0,
    enterLine: 0,
    enterNs: 0,
    enterEpoch: -1,
    startLine: 0,
    startNs: 0,
    startEpoch: -1,
    exitLine: 0,
    exitNs: 0,
    exitEpoch: -1,
    gone: null,
    previousGone: 0,
    over: false,
    lateNs: Number.NEGATIVE_INFINITY,
    queued: false,
  };
}

export interface Tombs {
  /** Keeps what is left of a life that is over. */
  readonly put: (life: Life) => void;
  /** The life as it was put, null if it was not. */
  readonly raise: (id: number) => Life | null;
  readonly drop: (id: number) => void;
}

export function createTombs(): Tombs {
  const archive: Archive = createArchive(17);
  return {
    put(life) {
      const { gone } = life;
      archive.put(life.id, [
        life.incarnation,
        life.enterLine,
        life.enterNs,
        life.startLine,
        life.startNs,
        life.startEpoch,
        life.exitLine,
        life.exitNs,
        life.exitEpoch,
        life.previousGone,
        life.lateNs,
        gone === null ? 0 : 1,
        gone?.line ?? 0,
        gone?.ns ?? 0,
        gone?.cpu ?? 0,
        gone?.epoch ?? 0,
        gone === null ? 0 : EVIDENCE.indexOf(gone.how),
      ]);
    },
    raise(id) {
      const numbers = archive.get(id);
      if (numbers === null) return null;
      const at = (column: number): number => numbers[column] ?? 0;
      archive.drop(id);
      return {
        ...newLife(id),
        incarnation: at(0),
        enterLine: at(1),
        enterNs: at(2),
        startLine: at(3),
        startNs: at(4),
        startEpoch: at(5),
        exitLine: at(6),
        exitNs: at(7),
        exitEpoch: at(8),
        previousGone: at(9),
        lateNs: at(10),
        gone:
          at(11) === 0
            ? null
            : { line: at(12), ns: at(13), cpu: at(14), epoch: at(15), how: EVIDENCE[at(16)] ?? EVIDENCE[0] },
        over: true,
      };
    },
    drop: archive.drop,
  };
}
