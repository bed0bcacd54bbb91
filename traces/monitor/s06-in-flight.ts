/**
 * S06, as far as a log of V1 or later shows it: after the exit of an mm has ended, no entry of it is migrated before
 * its pointer is entered anew. mm_exit is printed first thing in the exit, so one migrate line may follow it.
 */

import { Kind } from "../event.ts";
import type { MonitorEntry } from "./monitor.ts";
import { gone } from "./p03-gone.ts";

export const inFlight: MonitorEntry = {
  id: "S06",
  title: "no entry of an mm is queued or in flight once its exit has ended",
  needs: "mm_exit (V1 on), scan_mm_migrate, a later event of the exiting task",
  applies: (has) => has(Kind.mmExit),
  create(env) {
    const all = gone.create(env);
    return { ...all, kinds: all.kinds.filter((kind) => kind !== Kind.scanStart && kind !== Kind.scanEnd) };
  },
};
