/** What runs on the simulated machine. */
import type { Random } from "./random.ts";

/** What one process does with its memory. */
export interface Behaviour {
  readonly comm: string;
  /** How long it lives, milliseconds; null for ever. */
  readonly life: ((random: Random) => number) | null;
  /** Accessed pages of the slow tier that a scan finds. */
  readonly accessed: (random: Random, second: number) => number;
  /** True if one scan does not reach the end of its address space. */
  readonly large: boolean;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Processes that start at the beginning. */
  readonly first: readonly Behaviour[];
  /** Those that come later, and after how many milliseconds the next one does. */
  readonly later: { readonly behaviour: Behaviour; readonly every: (random: Random) => number } | null;
  /** Whether scan_enabled and mm_scan_period_ms are written now and then. */
  readonly writesKnobs: boolean;
}

const idle: Behaviour = { comm: "sleep", life: null, accessed: () => 0, large: false };

const light: Behaviour = {
  comm: "cron",
  life: null,
  accessed: (random) => random.int(0, 40),
  large: false,
};

/** Twenty seconds of work, ten of rest. */
const bench: Behaviour = {
  comm: "abench",
  life: null,
  accessed: (random, second) => (second % 30 < 20 ? random.int(280, 420) : 0),
  large: true,
};

const worker: Behaviour = {
  comm: "worker",
  life: (random) => random.int(2500, 9000),
  accessed: (random) => (random.oneIn(3) ? 0 : random.int(260, 330)),
  large: false,
};

const short: Behaviour = {
  comm: "true",
  life: (random) => (random.oneIn(6) ? random.int(1500, 6000) : random.int(5, 400)),
  accessed: (random) => (random.oneIn(2) ? random.int(1, 40) : 0),
  large: false,
};

export const WORKLOADS: readonly Workload[] = [
  {
    name: "abench",
    title: "a benchmark that works and rests, a worker now and then, and idle tasks",
    first: [bench, idle, light],
    later: { behaviour: worker, every: (random) => random.int(2000, 5000) },
    writesKnobs: false,
  },
  {
    name: "idle",
    title: "tasks that touch nothing, or next to nothing",
    first: [idle, idle, light, light],
    later: null,
    writesKnobs: false,
  },
  {
    name: "fork-storm",
    title: "tasks that fork, exec and exit all the time, so that pointers come again",
    first: [bench, idle],
    later: { behaviour: short, every: (random) => random.int(10, 60) },
    writesKnobs: false,
  },
  {
    name: "sysfs",
    title: "as abench, while scan_enabled and mm_scan_period_ms are written",
    first: [bench, light, idle],
    later: { behaviour: worker, every: (random) => random.int(2000, 5000) },
    writesKnobs: true,
  },
];
