/** The scans of one mm, one after the other: what each may find, and what update_mmslot_info makes of it. */
import {
  type Actor,
  actor,
  add,
  and,
  type Bool,
  div,
  type Effect,
  type Expr,
  emits,
  greatest,
  least,
  mul,
  type NamedStep,
  ne,
  not,
  point,
  set,
  step,
  sub,
} from "../../language/index.ts";
import { expect } from "./expectation.ts";
import type { Has } from "./features.ts";
import { type Memory, manyPages, type Scope } from "./memory.ts";
import { type Case, type Limits, tunedSize } from "./throttle-law.ts";
import type { Update } from "./update.ts";

/** What a scan may find: the names are those of the steps. */
export function foundPages(limits: Limits, scope: Scope): Readonly<Record<string, number>> {
  const { threshold } = limits;
  return {
    finds_none: 0,
    finds_few: threshold - 1,
    finds_enough: threshold,
    finds_many: manyPages(limits, scope),
  };
}

const tunes: Readonly<Record<Case, string>> = {
  stillIdle: "idle again: period * 115 / 100, size / 2",
  firstUseful: "useful after an idle scan: period / 8, size = MAX",
  stillUseful: "useful again: period * 85 / 100, size * 2",
  firstIdle: "idle after a useful scan: period * 8",
};

export function slot(v: Memory, has: Has, scope: Scope, update: Update): Actor {
  const runs = has("scaleTurnsOff") ? [ne(v.scale, 0)] : [];
  const finds = (name: string, found: number): readonly NamedStep[] =>
    casesOf(found, update).map(({ which, when }) =>
      step(name, tunes[which], {
        when: and(...runs, ...when),
        do: scanned(v, found, which, { scope, update }),
        emits: emits("kmem_scan_mm_end", {
          total: { kind: "int", value: found },
          scan_period: v.period,
          scan_size: update.extent(v.size),
        }),
      }),
    );
  const steps = Object.entries(foundPages(update.limits, scope)).flatMap(([name, n]) => finds(name, n));
  return actor({
    name: "slot",
    doc: "The scans of one mm, one after the other.",
    initial: "update_mmslot_info:scanned",
    points: { "update_mmslot_info:scanned": point(...steps) },
  });
}

/** Which cases of the law a scan that finds so many pages can fall under, and when. */
function casesOf(
  found: number,
  { limits: { threshold }, remembers, before, useful }: Update,
): readonly { readonly which: Case; readonly when: readonly Expr<Bool>[] }[] {
  const idle = not(before);
  if (found >= threshold) {
    return [
      { which: "firstUseful", when: [idle] },
      { which: "stillUseful", when: [before] },
    ];
  }
  const stillIdle = { which: "stillIdle", when: [idle] } as const;
  if (!remembers) return [stillIdle, { which: "firstIdle", when: [before] }];
  const stillUseful = { which: "stillUseful", when: [before, useful(found)] } as const;
  // What is left of the threshold itself may be enough.
  return found + Math.floor(threshold / 16) >= threshold
    ? [stillIdle, stillUseful]
    : [stillIdle, stillUseful, { which: "firstIdle", when: [before, not(useful(found))] }];
}

function scanned(
  v: Memory,
  found: number,
  which: Case,
  { scope, update }: { readonly scope: Scope; readonly update: Update },
): readonly Effect[] {
  const { limits, sum } = update;
  const isUseful = which === "firstUseful" || which === "stillUseful";
  return [
    ...(scope.queue > 0 ? [queues(v, found, { scope, update })] : []),
    ...expect(v, found, { limits, remembers: update.remembers, stretch: update.store }),
    set(v.size, tunedSize(which, v.size, limits)),
    set(v.period, update.after(which)),
    set(v.delta, isUseful ? sum(found) : 0),
    set(v.steady, true),
  ];
}

/** The migrator has had the time before this scan; then the scan queues what it has found. */
function queues(
  v: Memory,
  found: number,
  { scope, update: { limits, wait, extent } }: { readonly scope: Scope; readonly update: Update },
): Effect {
  const taken = div(mul(wait(v.period), scope.rate), 1000);
  const all = found === manyPages(limits, scope);
  const added = all ? div(extent(v.size), limits.size.min) : Math.min(found, 1);
  return set(v.queue, least(add(greatest(sub(v.queue, taken), 0), added), scope.queue + 1));
}
