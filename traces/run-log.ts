/** One log through all monitors. */

import { type Gap, Kind, type TraceEvent } from "./event.ts";
import { type Health, isOfOneCpu, judgeHealth } from "./health.ts";
import { type InputError, isInputError } from "./input-error.ts";
import { knownTunables } from "./known-tunables.ts";
import { createFindings, type FindingResult, LATE_ENTER } from "./monitor/findings.ts";
import type { Patch } from "./monitor/law.ts";
import { createLives } from "./monitor/lives.ts";
import type { Judgement, MonitorEntry, MonitorEnv, Tunables } from "./monitor/monitor.ts";
import { CPU_SKEW } from "./monitor/p03-gone.ts";
import { createThrottle, type Throttle } from "./monitor/throttle.ts";
import type { EventSink } from "./read/delivery.ts";
import type { LogFacts } from "./read/facts.ts";
import { type OpenLog, type ReadOptions, type ReadResult, readLog } from "./read/log-reader.ts";
import type { LogInput } from "./read/source.ts";
import { createStations, type Stations } from "./stations.ts";
import {
  decreedPatch,
  likelyVersions,
  patchConflict,
  patchOf,
  possibleVersions,
  versionNote,
} from "./version.ts";

/** What is known of a log while it is read. */
export interface LogProgress {
  readonly log: string;
  readonly bytes: number;
  /** Records so far. */
  readonly events: number;
  /** Properties of which a violation is certain, and how many. */
  readonly violated: readonly { readonly id: string; readonly count: number }[];
}

export interface RunOptions extends Omit<ReadOptions, "onProgress"> {
  readonly onProgress: ((progress: LogProgress) => void) | null;
  /** True to stop at the first violation that is certain. */
  readonly failFast: boolean;
  readonly entries: readonly MonitorEntry[];
  /** True if the user asked for these entries: then none is left out. */
  readonly asked: boolean;
  readonly patch: Patch | null;
  readonly hz: number;
  readonly hzGiven: boolean;
  /** True if the log is that of all CPUs, though all its records may be of one. */
  readonly allCpus: boolean;
  readonly tunables: Tunables;
}

/** What one property's monitor found in one log. */
export interface PropertyRun {
  readonly entry: MonitorEntry;
  readonly judgement: Judgement;
  readonly found: FindingResult;
}

export interface LogRun {
  readonly name: string;
  /** Files of the capture that were read besides the log. */
  readonly beside: readonly string[];
  readonly read: ReadResult;
  readonly health: Health;
  readonly patch: Patch | null;
  readonly properties: readonly PropertyRun[];
  /** Events of the daemon, all kinds. */
  readonly daemonEvents: number;
}

/** Reads `input` and lets every monitor judge it. */
export async function runLog(input: LogInput, options: RunOptions): Promise<LogRun | InputError> {
  let stations: Stations | null = null;
  const lastLine: number[] = [];
  const capture = input.capture ?? null;
  const known = { ...knownTunables(options, capture), capture };
  const stop = new AbortController();
  const signals = [stop.signal, ...(options.signal === null ? [] : [options.signal])];
  let facts: LogFacts | null = null;
  const reading: ReadOptions = {
    ...options,
    signal: AbortSignal.any(signals),
    onProgress: ({ log, bytes }) =>
      options.onProgress?.({ log, bytes, events: facts?.records ?? 0, violated: stations?.certain() ?? [] }),
  };
  let given = options.patch;
  let open: (() => EventSink) | null = null;
  const result = await readLog(input, reading, (log) => {
    facts = log.facts;
    let sink: EventSink | null = null;
    // By the first event the header of a trace in JSON has been read.
    open = () => {
      if (sink !== null) return sink;
      given = decreedPatch(log.facts, options.patch);
      const opened = connect(input.name, log, { ...options, patch: given }, known, lastLine, stop);
      stations = opened.stations;
      sink = opened.sink;
      return sink;
    };
    const connected = open;
    return {
      event: (event) => (sink ?? connected()).event(event),
      gap: (gap) => (sink ?? connected()).gap(gap),
    };
  });
  if (isInputError(result)) return result;
  (open as (() => EventSink) | null)?.();
  const read = stop.signal.aborted ? { ...result, interrupted: true } : result;
  const health = judgeHealth(read, patchConflict(read.facts, given), capture, options.allCpus);
  const has = (kind: Kind): boolean => (read.facts.countByKind[kind] ?? 0) > 0;
  const outcomes =
    (stations as Stations | null)?.finish(likelyVersions(read.facts), health.ending, settledLine(lastLine)) ??
    [];
  const properties = outcomes
    .filter(({ entry }) => options.asked || entry.applies?.(has, known.tunables, capture) !== false)
    .map(({ entry, judgement, found }) => ({
      entry,
      judgement: withNeeds(entry, judgement, entry.applies?.(has, known.tunables, capture) !== false),
      found,
    }))
    .filter(({ judgement }) => options.asked || judgement.moot !== true);
  const daemonEvents = [1, 2, 3, 4, 5].reduce((sum, kind) => sum + (read.facts.countByKind[kind] ?? 0), 0);
  const note = versionNote(read.facts, given);
  return {
    name: input.name,
    beside: capture?.files ?? [],
    read,
    health: note === null || daemonEvents === 0 ? health : { ...health, notes: [...health.notes, note] },
    patch: patchOf(read.facts, given),
    properties,
    daemonEvents,
  };
}

/** A property that was asked for holds nothing where the log lacks what it needs. */
function withNeeds(entry: MonitorEntry, judgement: Judgement, applies: boolean): Judgement {
  if (applies) return judgement;
  return { ...judgement, undecided: judgement.undecided ?? `it needs ${entry.needs}` };
}

/** Line up to which no CPU can still turn out to have lost events. */
function settledLine(lastLine: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lastLine) if (line !== undefined && line < least) least = line;
  return least;
}

function connect(
  name: string,
  log: OpenLog,
  options: RunOptions,
  known: Pick<MonitorEnv, "tunables" | "assumed" | "hz" | "hzGiven" | "capture">,
  lastLine: number[],
  stop: AbortController,
): { readonly sink: EventSink; readonly stations: Stations } {
  const { facts } = log;
  const lives = createLives(
    () => facts.skew,
    (mm) => {
      for (const { monitor } of stations.all()) monitor.release?.(mm);
    },
  );
  const throttles = new Map<Patch, Throttle>();
  const stations = createStations(options.entries, options.patch, (patch) => ({
    lives,
    findings: createFindings(
      name,
      log.context.quote,
      log.context.sourceOf,
      options.failFast ? stopIfCertain : undefined,
      () => facts.doubtfulLine,
    ),
    throttle: throttleOf(patch ?? "v0"),
    ...known,
    patch,
    skew: () => Math.max(CPU_SKEW, facts.skew),
    timed: () => facts.sawFraction || (facts.sawTicks && options.clockHz !== null),
    mmText: (mm) => (mm < 0 ? "unknown" : log.table.text(mm)),
  }));

  function throttleOf(patch: Patch): Throttle {
    const throttle = throttles.get(patch) ?? createThrottle(lives, patch);
    throttles.set(patch, throttle);
    return throttle;
  }

  /** A violation that is certain in one version is certain only if it is in each that the log may be of. */
  function stopIfCertain(): void {
    certain = true;
  }
  let certain = false;

  function onEvent(event: TraceEvent): void {
    if (event.cpu >= 0 && event.cpu < 65536) lastLine[event.cpu] = event.line;
    // Whose rules hold is not known then; the conflict is told of, and of a version that was given it is judged whether
    // the log is of that version.
    if (patchConflict(facts, options.patch) !== null) {
      if (options.patch !== null && facts.toldOther === null)
        for (const judge of stations.judges(event.kind, true)) judge(event);
      return;
    }
    if (event.line === facts.openLine) return;
    if (returning.size > 0 || returned.size > 0) comeBack(event);
    stations.narrow(possibleVersions(facts));
    lives.observe(event);
    if (event.kind === Kind.mmEnter)
      for (const { findings } of stations.all()) findings.enter(event.mm, event.ns);
    const judges = stations.judges(event.kind, false);
    for (let i = 0; i < judges.length; i++) judges[i]?.(event);
  }

  /** Pointers that were forgotten and are there again, before their first event. */
  const returning = new Set<number>();
  log.table.onReturn = (mm) => returning.add(mm);

  /** When those came back whose mm_enter may still come. */
  const returned = new Map<number, number>();

  /** A mm_enter, which may be late, begins a new life, of which nothing was forgotten. */
  function comeBack({ mm, kind, ns }: TraceEvent): void {
    const isEnter = kind === Kind.mmEnter || kind === Kind.probeEnter;
    if (returning.delete(mm)) {
      if (isEnter) return;
      facts.returned++;
      returned.set(mm, ns);
    } else if (isEnter) {
      const since = returned.get(mm);
      if (since !== undefined && returned.delete(mm) && !(ns - since > LATE_ENTER)) facts.returned--;
    }
  }

  log.table.onForget = (mms) => {
    for (const mm of mms) {
      returning.delete(mm);
      returned.delete(mm);
    }
    lives.forget(mms);
    for (const { monitor } of stations.all()) monitor.forget?.(mms);
  };

  function onGap(gap: Gap): void {
    if (gap.reason === "cpu-started") started.add(gap.cpu);
    const whole = facts.entries !== null && facts.entries === facts.written;
    if (gap.reason === "cpu-started" && whole) return;
    const lossy = gap.reason === "lost" || gap.reason === "cpu-started";
    for (const { findings } of stations.all()) if (lossy) findings.revoke(lastLine[gap.cpu] ?? 0);
    lives.gap(gap);
    for (const { monitor } of stations.all()) monitor.gap?.(gap);
  }

  /** Where the oldest events were overwritten, a CPU begins late in the log, and no mark need tell of that. */
  function onFirst({ cpu, line }: TraceEvent): void {
    const overwritten = facts.entries !== null && facts.written !== null && facts.entries < facts.written;
    if (overwritten && lastLine.length > 0 && !started.has(cpu))
      onGap({ reason: "cpu-started", line, cpu, lost: -1 });
  }

  const started = new Set<number>();
  let sweep = 0;
  const often = options.failFast ? 15 : 1023;
  const sink: EventSink = {
    event(event) {
      // What comes after the first violation is not judged if that was to be the end.
      if (options.failFast && stop.signal.aborted) return;
      if (event.cpu >= 0 && lastLine[event.cpu] === undefined) onFirst(event);
      onEvent(event);
      if ((++sweep & often) === 0)
        for (const { findings } of stations.all())
          findings.settle(
            isOfOneCpu(facts, log.detection.format, options.allCpus) ? 0 : settledLine(lastLine),
            event.ns,
            options.failFast,
          );
      if (certain && stations.certain().length > 0) stop.abort();
    },
    gap: onGap,
  };
  return { sink, stations };
}
