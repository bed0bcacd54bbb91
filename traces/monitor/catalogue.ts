/** All properties that logs can be judged by, in the order of reports. */

import { entries } from "./a01-entries.ts";
import { migrated } from "./a02-migrated.ts";
import { idleWindow, window } from "./a03-window.ts";
import { ownAddress } from "./a05-own-address.ts";
import { ranges } from "./a06-ranges.ts";
import { throttleLaw } from "./a07-throttle.ts";
import { store } from "./a08-store.ts";
import { scale } from "./a09-scale.ts";
import { wellFormed } from "./a10-well-formed.ts";
import { visit } from "./b01-visit.ts";
import { exitWait } from "./b04-exit.ts";
import { queueLength, service } from "./b05-queue.ts";
import { agreement } from "./c01-counters.ts";
import { accessed } from "./f01-accessed.ts";
import { ownEntry } from "./f02-own-entry.ts";
import { teardown } from "./f03-teardown.ts";
import { outcome } from "./f04-outcome.ts";
import { kernel } from "./k01-kernel.ts";
import { turn } from "./l01-turn.ts";
import { coverage } from "./l02-coverage.ts";
import { ownLock, release } from "./l04-release.ts";
import { effect } from "./l06-effect.ts";
import type { MonitorEntry } from "./monitor.ts";
import { spacing } from "./p01-spacing.ts";
import { conservation } from "./p02-conservation.ts";
import { gone } from "./p03-gone.ts";
import { scannedBytes } from "./p04-bytes.ts";
import { idleSleep, sleep } from "./p05-sleep.ts";
import { walk } from "./s03-walk.ts";
import { mapped, sameFolio } from "./s05-stale.ts";
import { inFlight } from "./s06-in-flight.ts";
import { present } from "./s14-present.ts";
import { destination } from "./s15-destination.ts";
import { unfinished } from "./s17-unfinished.ts";

export const monitorCatalogue: readonly MonitorEntry[] = [
  entries,
  migrated,
  window,
  idleWindow,
  ownAddress,
  ranges,
  throttleLaw,
  store,
  scale,
  wellFormed,
  visit,
  idleSleep,
  exitWait,
  queueLength,
  turn,
  coverage,
  service,
  release,
  effect,
  spacing,
  conservation,
  gone,
  scannedBytes,
  sleep,
  walk,
  ownLock,
  sameFolio,
  inFlight,
  mapped,
  present,
  destination,
  unfinished,
  accessed,
  ownEntry,
  teardown,
  outcome,
  agreement,
  kernel,
];
