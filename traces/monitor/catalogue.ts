/** All properties that logs can be judged by, in the order of reports. */

import { ranges } from "./a06-ranges.ts";
import { throttleLaw } from "./a07-throttle.ts";
import { wellFormed } from "./a10-well-formed.ts";
import type { MonitorEntry } from "./monitor.ts";
import { spacing } from "./p01-spacing.ts";
import { conservation } from "./p02-conservation.ts";
import { gone } from "./p03-gone.ts";

export const monitorCatalogue: readonly MonitorEntry[] = [
  ranges,
  throttleLaw,
  wellFormed,
  spacing,
  conservation,
  gone,
];
