/** All properties that logs can be judged by, in the order of reports. */

import { entries } from "./a01-entries.ts";
import { migrated } from "./a02-migrated.ts";
import { ranges } from "./a06-ranges.ts";
import { throttleLaw } from "./a07-throttle.ts";
import { wellFormed } from "./a10-well-formed.ts";
import { agreement } from "./c01-counters.ts";
import { accessed } from "./f01-accessed.ts";
import { ownEntry } from "./f02-own-entry.ts";
import { teardown } from "./f03-teardown.ts";
import { outcome } from "./f04-outcome.ts";
import { kernel } from "./k01-kernel.ts";
import { coverage } from "./l02-coverage.ts";
import type { MonitorEntry } from "./monitor.ts";
import { spacing } from "./p01-spacing.ts";
import { conservation } from "./p02-conservation.ts";
import { gone } from "./p03-gone.ts";
import { sleep } from "./p05-sleep.ts";
import { inFlight } from "./s06-in-flight.ts";
import { destination } from "./s15-destination.ts";

export const monitorCatalogue: readonly MonitorEntry[] = [
  entries,
  migrated,
  ranges,
  throttleLaw,
  wellFormed,
  spacing,
  conservation,
  gone,
  sleep,
  inFlight,
  destination,
  coverage,
  accessed,
  ownEntry,
  teardown,
  outcome,
  agreement,
  kernel,
];
