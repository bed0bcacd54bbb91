/**
 * The life cycle of each mm pointer, shared by all monitors.
 *
 * A pointer is no identity: slabs hand the same address to the next process. A mm_enter begins a new incarnation.
 * Kprobes print raw pointers and trace events hashed ones; neighbouring lines of one task map one to the other.
 */

import { type Gap, Kind, type TraceEvent } from "../event.ts";

/** When an incarnation ended, by evidence. */
export interface Gone {
  readonly line: number;
  readonly ns: number;
  readonly cpu: number;
  readonly epoch: number;
  /** The evidence, to complete "after ...". */
  readonly how: string;
}

export interface Life {
  readonly id: number;
  /** Grows with every mm_enter. */
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
  gone: Gone | null;
  /** Line by which the incarnation before this one was gone, 0 if that is not known. */
  previousGone: number;
}

/** The last scan event of the daemon. */
export interface LastScan {
  mm: number;
  isStart: boolean;
  line: number;
  /** False after a hole: an unseen event may have followed. */
  known: boolean;
}

/** Counts of events seen so far. */
export interface SeenCounts {
  enters: number;
  exits: number;
  starts: number;
  ends: number;
  migrations: number;
  exitReturns: number;
  probeExits: number;
}

export interface Lives {
  readonly observe: (event: TraceEvent) => void;
  readonly gap: (gap: Gap) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
  /** How and when the present incarnation ended, if that is known and no hole followed. */
  readonly goneOf: (life: Life) => Gone | null;
  /** Life of a pointer, created on first sight. Raw pointers of probes lead to the hashed ones where known. */
  readonly of: (mm: number) => Life;
  readonly resolve: (mm: number) => number;
  /** Grows with every hole; knowledge of an earlier epoch is incomplete. */
  readonly epoch: () => number;
  readonly lastScan: LastScan;
  /** The last scan event before the one being observed. */
  readonly previousScan: LastScan;
  readonly seen: SeenCounts;
}

interface OpenExit {
  readonly mm: number;
  readonly line: number;
}

export function createLives(): Lives {
  const lives: (Life | undefined)[] = [];
  const alias = new Map<number, number>();
  const entering = new Map<number, number>();
  const promoting = new Map<number, number>();
  const exiting = new Map<number, OpenExit>();
  const lastScan: LastScan = { mm: -1, isStart: false, line: 0, known: false };
  const previousScan: LastScan = { mm: -1, isStart: false, line: 0, known: false };
  const seen = { enters: 0, exits: 0, starts: 0, ends: 0, migrations: 0, exitReturns: 0, probeExits: 0 };
  let epoch = 0;

  const resolve = (mm: number): number => alias.get(mm) ?? mm;

  function of(mm: number): Life {
    const known = lives[mm];
    if (known !== undefined) return known;
    const life: Life = {
      id: mm,
      incarnation: 0,
      enterLine: 0,
      enterNs: 0,
      enterEpoch: -1,
      startLine: 0,
      startNs: 0,
      startEpoch: -1,
      exitLine: 0,
      exitNs: 0,
      gone: null,
      previousGone: 0,
    };
    lives[mm] = life;
    return life;
  }

  function link(from: Map<number, number>, event: TraceEvent): void {
    const raw = from.get(event.pid);
    if (raw === undefined || event.mm < 0 || event.pid < 0) return;
    from.delete(event.pid);
    if (raw !== event.mm) alias.set(raw, event.mm);
  }

  function enter(event: TraceEvent): void {
    seen.enters++;
    link(entering, event);
    closeExit(event, "a later event of the exiting task");
    const life = of(event.mm);
    life.incarnation++;
    life.enterLine = event.line;
    life.enterNs = event.ns;
    life.enterEpoch = epoch;
    life.exitLine = 0;
    life.previousGone = life.gone?.line ?? 0;
    life.gone = null;
  }

  function exit(event: TraceEvent): void {
    seen.exits++;
    const open = event.pid < 0 ? undefined : exiting.get(event.pid);
    if (open !== undefined && open.mm !== event.mm) alias.set(open.mm, event.mm);
    const life = of(event.mm);
    life.exitLine = event.line;
    life.exitNs = event.ns;
    exiting.set(event.pid, { mm: event.mm, line: event.line });
  }

  function closeExit(event: TraceEvent, how: string): void {
    if (exiting.size === 0) return;
    const open = exiting.get(event.pid);
    if (open === undefined || event.pid < 0) return;
    exiting.delete(event.pid);
    die(open.mm, event, how);
  }

  function die(mm: number, event: TraceEvent, how: string): void {
    if (mm < 0) return;
    const life = of(resolve(mm));
    life.gone = { line: event.line, ns: event.ns, cpu: event.cpu, epoch, how };
  }

  function scan(event: TraceEvent, isStart: boolean): void {
    previousScan.mm = lastScan.mm;
    previousScan.isStart = lastScan.isStart;
    previousScan.line = lastScan.line;
    previousScan.known = lastScan.known;
    lastScan.mm = event.mm;
    lastScan.isStart = isStart;
    lastScan.line = event.line;
    lastScan.known = true;
  }

  return {
    observe(event) {
      switch (event.kind) {
        case Kind.scanStart: {
          seen.starts++;
          scan(event, true);
          if (event.mm < 0) return;
          const life = lives[event.mm] ?? of(event.mm);
          life.startLine = event.line;
          life.startNs = event.ns;
          life.startEpoch = epoch;
          return;
        }
        case Kind.scanEnd:
          seen.ends++;
          return scan(event, false);
        case Kind.migrate:
          seen.migrations++;
          return link(promoting, event);
        case Kind.mmEnter:
          return event.mm < 0 ? undefined : enter(event);
        case Kind.mmExit:
          return event.mm < 0 ? undefined : exit(event);
        case Kind.probeEnter:
          entering.set(event.pid, event.mm);
          return;
        case Kind.probeExit:
          seen.probeExits++;
          exiting.set(event.pid, { mm: event.mm, line: event.line });
          return;
        case Kind.probeExitRet:
          seen.exitReturns++;
          return closeExit(event, "the return of its exit hook");
        case Kind.probeCollect:
          return die(event.mm, event, "the daemon freed its slot");
        case Kind.promote:
          promoting.set(event.pid, event.mm);
          return;
        case Kind.fork:
        case Kind.exec:
        case Kind.exit:
          return closeExit(event, "a later event of the exiting task");
        default:
          return;
      }
    },
    gap({ reason, cpu }) {
      epoch++;
      // Another boot hashes pointers in another way.
      if (reason === "segment" || (reason === "clock" && cpu < 0)) alias.clear();
      entering.clear();
      promoting.clear();
      exiting.clear();
      lastScan.known = false;
    },
    forget(mms) {
      for (const mm of mms) lives[mm] = undefined;
      for (const [raw, hashed] of alias) if (mms.has(raw) || mms.has(hashed)) alias.delete(raw);
      if (mms.has(lastScan.mm)) lastScan.known = false;
    },
    of,
    resolve,
    goneOf: (life) => (life.gone !== null && life.gone.epoch === epoch ? life.gone : null),
    epoch: () => epoch,
    lastScan,
    previousScan,
    seen,
  };
}
