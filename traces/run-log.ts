/** One log through all monitors. */

import { type Gap, KIND_COUNT, Kind, type TraceEvent } from "./event.ts";
import { type Health, judgeHealth } from "./health.ts";
import { type InputError, isInputError } from "./input-error.ts";
import { knownTunables } from "./known-tunables.ts";
import { createFindings, type FindingResult, type Findings } from "./monitor/findings.ts";
import type { Patch } from "./monitor/law.ts";
import { createLives } from "./monitor/lives.ts";
import type { Judgement, Monitor, MonitorEntry, MonitorEnv, Tunables } from "./monitor/monitor.ts";
import type { EventSink } from "./read/delivery.ts";
import type { LogFacts } from "./read/facts.ts";
import { type OpenLog, type ReadOptions, type ReadResult, readLog } from "./read/log-reader.ts";
import type { LogInput } from "./read/source.ts";

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

interface Station {
  readonly entry: MonitorEntry;
  readonly monitor: Monitor;
  readonly findings: Findings;
}

/** Reads `input` and lets every monitor judge it. */
export async function runLog(input: LogInput, options: RunOptions): Promise<LogRun | InputError> {
  const stations: Station[] = [];
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
      options.onProgress?.({ log, bytes, events: facts?.records ?? 0, violated: violatedSoFar(stations) }),
  };
  const result = await readLog(input, reading, (log) => {
    facts = log.facts;
    return connect(input.name, log, options, known, stations, lastLine, stop);
  });
  if (isInputError(result)) return result;
  const read = stop.signal.aborted ? { ...result, interrupted: true } : result;
  const health = judgeHealth(read, patchConflict(read.facts, options.patch), capture);
  const has = (kind: Kind): boolean => (read.facts.countByKind[kind] ?? 0) > 0;
  const properties = stations
    .filter(({ entry }) => options.asked || entry.applies?.(has, known.tunables, capture) !== false)
    .map(({ entry, monitor, findings }) => ({
      entry,
      judgement: withNeeds(entry, monitor.finish(), entry.applies?.(has, known.tunables, capture) !== false),
      found: findings.finish(health.ending, settledLine(lastLine)),
    }))
    .filter(({ judgement }) => options.asked || judgement.moot !== true);
  const patch = patchOf(read.facts, options.patch);
  const daemonEvents = [1, 2, 3, 4, 5].reduce((sum, kind) => sum + (read.facts.countByKind[kind] ?? 0), 0);
  return {
    name: input.name,
    beside: capture?.files ?? [],
    read,
    health: patch === null && daemonEvents > 0 ? { ...health, notes: [...health.notes, NO_VERSION] } : health,
    patch,
    properties,
    daemonEvents,
  };
}

const NO_VERSION =
  "no event tells the version of the series: the log is compared with no model unless --patch is given";

function violatedSoFar(stations: readonly Station[]): LogProgress["violated"] {
  return stations
    .map(({ entry, findings }) => ({ id: entry.id, count: findings.certain() }))
    .filter(({ count }) => count > 0);
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
  stations: Station[],
  lastLine: number[],
  stop: AbortController,
): EventSink {
  const { facts } = log;
  const lives = createLives();
  const byKind: Monitor["event"][][] = Array.from({ length: KIND_COUNT }, () => []);
  const foreignTo: Monitor["event"][][] = Array.from({ length: KIND_COUNT }, () => []);
  for (const entry of options.entries) {
    const findings = createFindings(
      name,
      log.context.quote,
      log.context.sourceOf,
      options.failFast ? () => stop.abort() : undefined,
      () => facts.doubtfulLine,
    );
    const env: MonitorEnv = {
      lives,
      findings,
      ...known,
      patch: () => lawOf(facts, options.patch),
      timed: () => facts.sawFraction || (facts.sawTicks && options.clockHz !== null),
      mmText: (mm) => (mm < 0 ? "unknown" : log.table.text(mm)),
    };
    const monitor = entry.create(env);
    stations.push({ entry, monitor, findings });
    for (const kind of monitor.kinds) {
      byKind[kind]?.push(monitor.event);
      if (entry.anyVersion === true) foreignTo[kind]?.push(monitor.event);
    }
  }

  function onEvent(event: TraceEvent): void {
    if (event.cpu >= 0 && event.cpu < 65536) lastLine[event.cpu] = event.line;
    // Whose rules hold is not known then; the conflict is told of, and of a version that was given it is judged whether
    // the log is of that version.
    if (patchConflict(facts, options.patch) !== null) {
      if (options.patch !== null) for (const judge of foreignTo[event.kind] ?? []) judge(event);
      return;
    }
    if (event.line === facts.openLine) return;
    lives.observe(event);
    if (event.kind === Kind.mmEnter) for (const { findings } of stations) findings.enter(event.mm, event.ns);
    const judges = byKind[event.kind] ?? [];
    for (let i = 0; i < judges.length; i++) judges[i]?.(event);
  }

  log.table.onForget = (mms) => {
    lives.forget(mms);
    for (const { monitor } of stations) monitor.forget?.(mms);
  };

  function onGap(gap: Gap): void {
    if (gap.reason === "cpu-started") started.add(gap.cpu);
    const whole = facts.entries !== null && facts.entries === facts.written;
    if (gap.reason === "cpu-started" && whole) return;
    const lossy = gap.reason === "lost" || gap.reason === "cpu-started";
    for (const { findings } of stations) if (lossy) findings.revoke(lastLine[gap.cpu] ?? 0);
    lives.gap(gap);
    for (const { monitor } of stations) monitor.gap?.(gap);
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
  return {
    event(event) {
      // What comes after the first violation is not judged if that was to be the end.
      if (options.failFast && stop.signal.aborted) return;
      if (event.cpu >= 0 && lastLine[event.cpu] === undefined) onFirst(event);
      onEvent(event);
      if ((++sweep & often) === 0)
        for (const { findings } of stations)
          findings.settle(settledLine(lastLine), event.ns, options.failFast);
    },
    gap: onGap,
  };
}

/** The version of the series that printed the log, as far as its events tell. */
export function patchOf(facts: LogFacts, given: Patch | null): Patch | null {
  if (given !== null) return given;
  if (facts.sawTaskName) return "v0";
  if (facts.sawCounts) return "v3";
  if (facts.sawNode) return facts.daemon === "kscand" ? "v2" : "v1";
  return null;
}

/** The version whose rules are applied: without a migrate event V2 looks like V3, which allows more. */
function lawOf(facts: LogFacts, given: Patch | null): Patch | null {
  const patch = patchOf(facts, given);
  return patch === "v2" && given === null && !facts.sawPlainMigrate ? "v3" : patch;
}

function patchConflict(facts: LogFacts, given: Patch | null): string | null {
  if (facts.sawTaskName && facts.sawNode) return "events of V0 and of later versions stand in one log";
  const first = facts.sawTaskName ? "v0" : facts.sawNode ? "later" : null;
  if (given === null || first === null || (given === "v0") === (first === "v0")) return null;
  return `the option says ${given}, but the events have the layout of ${first === "v0" ? "v0" : "v1 or later"}`;
}
