/**
 * The life cycle of each mm pointer, shared by all monitors.
 *
 * A pointer is no identity: slabs hand the same address to the next process. A mm_enter begins a new incarnation.
 * Kprobes print raw pointers and trace events hashed ones; neighbouring lines of one task map one to the other.
 */

import { type Gap, Kind, type TraceEvent } from "../event.ts";
import { LATE_ENTER } from "./findings.ts";
import { createLifeRows, type Evidence, end, endOf, type Gone, type Life } from "./life.ts";

/**
 * Nanoseconds after the end of an mm after which nothing of it can come any more: a mm_enter may be late by half of it.
 * How far the clocks of the CPUs are apart comes on top.
 */
const AFTER_END = 2 * LATE_ENTER;
/** The same after mm_exit, where the log does not tell when the exit has ended: who takes longer is stuck. */
const AFTER_EXIT = 10e9;

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
  /** True after the exit of a life, as long as no mm_enter and no hole follow; never in a log without mm_enter. */
  readonly isLeaving: (life: Life) => boolean;
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
  /** True if the kprobe showed it, whose pointer is raw. */
  readonly isProbe: boolean;
}

/** Lives that have ended, in the order of their ends. */
interface Ended {
  readonly after: number;
  readonly waiting: { readonly mm: number; readonly line: number; readonly ns: number }[];
  head: number;
}

/**
 * @param skew how far the clocks of the CPUs are apart, nanoseconds
 * @param onOver told each mm, as trace events and as probes print it, whose life is over: what is kept for it may go
 */
export function createLives(
  skew: () => number = () => 0,
  onOver: (mm: number) => void = () => undefined,
): Lives {
  const lives = createLifeRows();
  const { of } = lives;
  const alias = new Map<number, number>();
  /** The last raw pointer of each hashed one whose life is not over. */
  const raws = new Map<number, number>();
  const gone: Ended = { after: AFTER_END, waiting: [], head: 0 };
  const left: Ended = { after: AFTER_EXIT, waiting: [], head: 0 };
  const entering = new Map<number, number>();
  const promoting = new Map<number, number>();
  const exiting = new Map<number, OpenExit>();
  const lastScan: LastScan = { mm: -1, isStart: false, line: 0, known: false };
  const previousScan: LastScan = { mm: -1, isStart: false, line: 0, known: false };
  const seen = { enters: 0, exits: 0, starts: 0, ends: 0, migrations: 0, exitReturns: 0, probeExits: 0 };
  let epoch = 0;

  const resolve = (mm: number): number => alias.get(mm) ?? mm;

  function link(from: Map<number, number>, event: TraceEvent): void {
    const raw = from.get(event.pid);
    if (raw === undefined || event.mm < 0 || event.pid < 0) return;
    from.delete(event.pid);
    if (raw !== event.mm) same(raw, event.mm);
  }

  function same(raw: number, hashed: number): void {
    alias.set(raw, hashed);
    raws.set(hashed, raw);
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
    life.exitEpoch = -1;
    life.previousGone = life.goneLine;
    life.goneLine = 0;
    life.over = 0;
    life.queued = 0;
  }

  function exit(event: TraceEvent): void {
    seen.exits++;
    const open = event.pid < 0 ? undefined : exiting.get(event.pid);
    if (open?.isProbe === true) {
      if (open.mm !== event.mm) same(open.mm, event.mm);
    } else if (open?.mm !== event.mm) closeExit(event, "a later event of the exiting task");
    const life = of(event.mm);
    life.exitLine = event.line;
    life.exitNs = event.ns;
    life.exitEpoch = epoch;
    if (life.goneLine === 0) life.queued = 0;
    wait(life, left, event.ns);
    exiting.set(event.pid, { mm: event.mm, line: event.line, isProbe: false });
  }

  function closeExit(event: TraceEvent, how: Evidence): void {
    if (exiting.size === 0) return;
    const open = exiting.get(event.pid);
    if (open === undefined || event.pid < 0) return;
    exiting.delete(event.pid);
    // A task may show nothing until long after its exit of one mm: by then the pointer may be that of another.
    if (open.mm >= 0 && of(resolve(open.mm)).enterLine > open.line) return;
    die(open.mm, event, how);
  }

  function die(mm: number, event: TraceEvent, how: Evidence): void {
    if (mm < 0) return;
    const life = of(resolve(mm));
    end(life, { line: event.line, ns: event.ns, cpu: event.cpu, epoch, how });
    life.queued = 0;
    wait(life, gone, event.ns);
  }

  /** Line by which a life has ended, or begun to. */
  const endLine = (life: Life): number => life.goneLine || life.exitLine;

  function wait(life: Life, queue: Ended, ns: number): void {
    if (life.queued === 1 || Number.isNaN(ns)) return;
    life.queued = 1;
    queue.waiting.push({ mm: life.mm, line: endLine(life), ns });
  }

  /** Lives that ended long enough before `ns` are over. */
  function bury(queue: Ended, ns: number): void {
    const { waiting, after } = queue;
    for (let next = waiting[queue.head]; next !== undefined; next = waiting[queue.head]) {
      if (!(ns - next.ns > after + skew())) break;
      queue.head++;
      const life = lives.find(next.mm);
      if (life === null || life.queued === 0 || endLine(life) !== next.line) continue;
      life.queued = 0;
      const isVisited = lastScan.isStart && lastScan.mm === life.mm;
      if (isVisited) wait(life, gone, ns);
      else if (ns - life.lateNs > AFTER_END + skew()) over(life);
      else wait(life, gone, life.lateNs);
    }
    if (queue.head < 1024 || queue.head * 2 < waiting.length) return;
    waiting.splice(0, queue.head);
    queue.head = 0;
  }

  function over(life: Life): void {
    const { mm } = life;
    life.over = 1;
    life.incarnation++;
    life.enterEpoch = -1;
    onOver(mm);
    const raw = raws.get(mm);
    if (raw === undefined) return;
    raws.delete(mm);
    lives.drop(raw);
    onOver(raw);
  }

  /** An event that names an mm whose exit was shown. */
  function late(life: Life, ns: number): void {
    if (!Number.isNaN(ns)) life.lateNs = ns;
    if (life.over === 1) wait(life, gone, ns);
  }

  function named({ mm, ns }: TraceEvent): void {
    if (mm < 0) return;
    const life = of(mm);
    if (endLine(life) > 0) late(life, ns);
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
      if (gone.head < gone.waiting.length) bury(gone, event.ns);
      if (left.head < left.waiting.length) bury(left, event.ns);
      switch (event.kind) {
        case Kind.scanStart: {
          seen.starts++;
          scan(event, true);
          if (event.mm < 0) return;
          const life = of(event.mm);
          life.startLine = event.line;
          life.startNs = event.ns;
          life.startEpoch = epoch;
          if (endLine(life) > 0) late(life, event.ns);
          return;
        }
        case Kind.scanEnd:
          seen.ends++;
          named(event);
          return scan(event, false);
        case Kind.migrate:
          seen.migrations++;
          named(event);
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
          if (event.mm >= 0) of(resolve(event.mm)).exitEpoch = epoch;
          exiting.set(event.pid, { mm: event.mm, line: event.line, isProbe: true });
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
      for (const mm of mms) {
        lives.drop(mm);
      }
      for (const [raw, hashed] of alias) if (mms.has(raw) || mms.has(hashed)) alias.delete(raw);
      for (const [hashed, raw] of raws) if (mms.has(raw) || mms.has(hashed)) raws.delete(hashed);
      for (const [pid, { mm }] of exiting) if (mms.has(mm)) exiting.delete(pid);
      for (const of of [entering, promoting]) for (const [pid, mm] of of) if (mms.has(mm)) of.delete(pid);
      if (mms.has(lastScan.mm)) lastScan.known = false;
    },
    of,
    resolve,
    isLeaving: (life) => life.exitEpoch === epoch && seen.enters > 0,
    goneOf: (life) => (life.goneEpoch === epoch ? endOf(life) : null),
    epoch: () => epoch,
    lastScan,
    previousScan,
    seen,
  };
}
