/** Runs the machine: its actors take turns by the virtual clock, and what they show is the log. */
import type { RecordKind, SimulatedEvent } from "./event.ts";
import { createFaults } from "./faults.ts";
import { migrator } from "./migrator.ts";
import { createRandom } from "./random.ts";
import { type Process, scanner } from "./scanner.ts";
import { knobWriter, spawner } from "./tasks.ts";
import type { SimulatedPatch } from "./throttle.ts";
import type { Workload } from "./workload.ts";
import { createWorld, MS } from "./world.ts";

export interface RunOptions {
  readonly patch: SimulatedPatch;
  readonly seed: number;
  /** So many events are shown. */
  readonly events: number;
  readonly workload: Workload;
  /** Faults happen only after so many. */
  readonly before: number;
  /** Ids of faults that are to happen, once each. */
  readonly faults: readonly string[];
  readonly records: ReadonlySet<RecordKind>;
  /** Prctl scale of every mm; it matters in v3. */
  readonly scale: number;
}

/** How a run has ended. */
export interface RunEnd {
  /** Faults that nothing shows: they found no occasion, or no time to last. */
  readonly missed: readonly string[];
  /** Knobs that were written. */
  readonly knobs: { readonly mm_scan_period_ms: number; readonly scan_enabled: number };
}

/** The events of one run in the order of time. */
export function* runOf(options: RunOptions): Generator<SimulatedEvent, RunEnd, undefined> {
  const { patch, workload } = options;
  const faults = createFaults(options.faults);
  if (options.before > 0) faults.hold(true);
  const world = createWorld(patch, createRandom(options.seed), faults, options);
  const actors: { readonly turns: Process; at: number }[] = [];
  const start = (process: Process): void => {
    actors.push({ turns: process, at: world.now });
  };
  start(spawner(world, workload, start));
  start(scanner(world));
  if (patch !== "v0") start(migrator(world));
  if (workload.writesKnobs) start(knobWriter(world));
  let shown = 0;
  const end = world.now + LONGEST;
  while (shown < options.events && world.now < end) {
    const next = actors.reduce((first, actor) => (actor.at < first.at ? actor : first));
    world.now = Math.max(world.now, next.at);
    const { done, value } = next.turns.next();
    if (done === true) actors.splice(actors.indexOf(next), 1);
    else next.at = world.now + value;
    for (const event of world.shown()) {
      if (shown++ >= options.events) break;
      if (shown > options.before) faults.hold(false);
      yield event;
    }
  }
  const knobs = { mm_scan_period_ms: world.scanPeriod, scan_enabled: world.enabled ? 1 : 0 };
  return { missed: faults.left(), knobs };
}

/** A run that long shows nothing any more; a day. */
const LONGEST = 24 * 3600 * 1000 * MS;
