/** The door of simulation: a run of a version under a workload, as the items of a log. */
import { type CaptureFile, captureFiles } from "./capture.ts";
import { type LogItem, RECORDS, type RecordKind, type SimulatedEvent } from "./event.ts";
import { FAULTS } from "./faults.ts";
import { createRandom } from "./random.ts";
import { reordered, skewed, withLoss } from "./recording.ts";
import { runOf } from "./simulate.ts";
import type { SimulatedPatch } from "./throttle.ts";
import type { Workload } from "./workload.ts";

export {
  ASSUMPTIONS,
  type Assumption,
  type CostAssumptions,
  type CostRow,
  costOf,
  PUBLISHED,
  type Published,
  type Work,
} from "./cost.ts";
export { type LogItem, RECORDS, type RecordKind } from "./event.ts";
export { FAULTS, type FaultEntry } from "./faults.ts";
export { SIMULATED_PATCHES, type SimulatedPatch } from "./throttle.ts";
export { WORKLOADS, type Workload } from "./workload.ts";
export { KNOBS } from "./world.ts";

export interface SimulateOptions {
  readonly patch: SimulatedPatch;
  readonly workload: Workload;
  /** The same seed gives the same log. */
  readonly seed: number;
  /** Events of the log, those that are lost included. */
  readonly events: number;
  /** Ids of {@link FAULTS}, each of which is to happen once. */
  readonly faults?: readonly string[];
  /** So many events are lost. */
  readonly loss?: number;
  /** True to begin in the middle: as many events again have come before. */
  readonly fromMiddle?: boolean;
  /** What is recorded besides the events of the daemon and of the scheduler; what the faults need is added. */
  readonly records?: readonly RecordKind[];
  /** Prctl scale of every mm, 0 to 10; it matters in v3. */
  readonly scale?: number;
  /** Largest error of the clock of a CPU, microseconds. */
  readonly skew?: number;
  /** True to let close neighbours of different CPUs change places. */
  readonly reorder?: boolean;
}

export interface Simulation {
  readonly items: readonly LogItem[];
  /** Faults that nothing shows within the events: they found no occasion, or no time to last. */
  readonly missed: readonly string[];
  readonly records: readonly RecordKind[];
  /** What a capture of the run holds beside the log. */
  readonly files: () => readonly CaptureFile[];
}

/** Runs the machine and records what it shows. */
export function simulate(options: SimulateOptions): Simulation {
  const { patch, workload, seed, events, faults = [], fromMiddle = false, scale = 1 } = options;
  const before = fromMiddle ? events : 0;
  const wanted = FAULTS.filter(({ id }) => faults.includes(id));
  const records = new Set([...(options.records ?? []), ...wanted.flatMap((fault) => fault.records)]);
  const inRun = faults.filter((id) => !wanted.some((fault) => fault.id === id && fault.beside));
  const run = runOf({
    patch,
    seed,
    workload,
    faults: inRun,
    events: before + events,
    before,
    records,
    scale,
  });
  const shown: SimulatedEvent[] = [];
  for (;;) {
    const next = run.next();
    if (next.done !== true) {
      shown.push(next.value);
      continue;
    }
    const { missed, knobs } = next.value;
    const items = recorded(shown.slice(before), options);
    const files = () => captureFiles({ patch, shown, before, items, faults, knobs });
    return { items, missed, records: RECORDS.filter((kind) => records.has(kind)), files };
  }
}

function recorded(
  shown: readonly SimulatedEvent[],
  { seed, loss = 0, skew = 0, reorder = false }: SimulateOptions,
): readonly LogItem[] {
  const random = createRandom(seed + 1);
  const ordered = skew > 0 ? skewed(shown, skew * 1000, random) : shown;
  const placed = reorder ? reordered(ordered, random) : ordered;
  return loss > 0 ? withLoss(placed, loss, random) : placed;
}
