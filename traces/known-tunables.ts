/** The tunables and the tick rate that hold for a log: what the user gave, then what its capture tells. */

import type { Capture } from "./capture.ts";
import type { MonitorEnv, Tunables } from "./monitor/monitor.ts";

/** What is known, and which tunables only the capture tells. */
export function knownTunables(
  options: { readonly tunables: Tunables; readonly hz: number; readonly hzGiven: boolean },
  capture: Capture | null,
): Pick<MonitorEnv, "tunables" | "assumed" | "hz" | "hzGiven"> {
  const { tunables, hz, hzGiven } = options;
  if (capture === null) return { tunables, hz, hzGiven, assumed: new Set() };
  const fromKnobs = withoutAbsent({
    scanPeriodMs: capture.knobs["mm_scan_period_ms"],
    scanSleepMs: capture.knobs["scan_sleep_ms"],
    mmsToScan: capture.knobs["mms_to_scan"],
  });
  const fromSystem = withoutAbsent({ topTierNodes: capture.topTierNodes ?? undefined });
  const names = Object.keys({ ...fromKnobs, ...fromSystem }) as (keyof Tunables)[];
  return {
    tunables: { ...fromKnobs, ...fromSystem, ...tunables },
    assumed: new Set(names.filter((name) => tunables[name] === undefined)),
    hz: hzGiven ? hz : (capture.hz ?? hz),
    hzGiven: hzGiven || capture.hz !== null,
  };
}

type Absentable<T> = { readonly [K in keyof T]: T[K] | undefined };

function withoutAbsent(values: Absentable<Tunables>): Tunables {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
