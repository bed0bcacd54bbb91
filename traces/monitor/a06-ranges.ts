/** A06: the scan period and size in scan_mm_end lie within the limits of the version. */

import { Kind } from "../event.ts";
import { LAWS } from "./law.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const ranges: MonitorEntry = {
  id: "A06",
  title: "scan period and size stay within their documented limits",
  needs: "scan_mm_end",
  byVersion: true,
  differsInP1: true,
  create,
};

function create(env: MonitorEnv): Monitor {
  let judged = 0;
  let swapped = 0;
  return {
    kinds: [Kind.scanEnd],
    event(event) {
      const patch = env.patch ?? "v0";
      const law = LAWS[patch];
      judged++;
      if (event.swapped) swapped++;
      const check = (what: string, value: bigint, min: number, max: number, unit: string): void => {
        if (value >= BigInt(min) && value <= BigInt(max)) return;
        env.findings.report(event, {
          message: `${what} must lie between ${min} and ${max} ${unit} in ${patch}, but is ${value}`,
          group: what,
          since: event.line,
          alone: true,
        });
      };
      check("scan_period", event.period, law.minPeriod, law.maxPeriod, "ms");
      check("scan_size", event.size, law.minSize, law.maxSize, "bytes");
    },
    finish: () => ({
      judged,
      undecided: null,
      note:
        swapped > 0
          ? `the labels scan_period and scan_size are exchanged in ${swapped} of ${judged} lines`
          : null,
    }),
  };
}
