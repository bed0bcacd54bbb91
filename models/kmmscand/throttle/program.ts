/** The process: it asks for another scale, and it forks. */
import {
  type Actor,
  actor,
  and,
  type Effect,
  eq,
  type PointData,
  point,
  set,
  step,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory, Scope } from "./memory.ts";
import type { Limits } from "./throttle-law.ts";

/** Scales that prctl stores, by step: a value outside of 0 to 10 is clamped without a word. */
const scales = { prctl_off: 0, prctl_most: 10 } as const;

export function program(v: Memory, has: Has, limits: Limits, scope: Scope): Actor {
  const pointOf = (calls: number) => (calls === scope.prctls ? "prctl:done" : `prctl:${calls}`);
  const fork = step("fork", "fork: from here on it is the scans of the child", {
    do: child(v, has, limits, scope),
  });
  const points: Record<string, PointData> = { [pointOf(scope.prctls)]: point(fork) };
  for (let calls = 0; calls < scope.prctls; calls++) {
    const stores = Object.entries(scales).map(([name, scale]) =>
      step(name, `prctl: the scale becomes ${scale}`, {
        do: [
          set(v.steady, and(v.steady, eq(v.scale, scale))),
          set(v.scale, scale),
          set(v.scale_meant, scale),
        ],
        to: pointOf(calls + 1),
      }),
    );
    points[pointOf(calls)] = point(...stores, fork);
  }
  return actor({
    name: "process",
    doc: "Sets its scale, and forks.",
    environment: true,
    initial: pointOf(0),
    points,
  });
}

/** A new slot, and a migration list on which nothing has been counted. */
function child(v: Memory, has: Has, { period, size }: Limits, { scale }: Scope): readonly Effect[] {
  return [
    ...(has("scaleInherited") ? [] : [set(v.scale, scale)]),
    set(v.period, period.start),
    set(v.expected_period, period.start),
    set(v.size, size.start),
    set(v.expected_size, size.start),
    set(v.delta, 0),
    set(v.expected_delta, 0),
    set(v.succeeded, 0),
    set(v.failed, 0),
    set(v.msuccess, 0),
    set(v.mfailed, 0),
    set(v.fratio, 0),
    set(v.unseen, 0),
    set(v.steady, true),
  ];
}
