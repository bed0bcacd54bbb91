/** What the spacing of the scans has to keep. */
import {
  add,
  and,
  choose,
  div,
  type Expr,
  eq,
  ge,
  gt,
  type Int,
  implies,
  le,
  mul,
  ne,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import { asExpected } from "./expectation.ts";
import type { Has } from "./features.ts";
import type { Memory, Scope } from "./memory.ts";
import { foundPages } from "./slot.ts";
import type { Update } from "./update.ts";

export function throttleProperties(v: Memory, has: Has, scope: Scope, update: Update): readonly Property[] {
  return [
    ...rangeProperties(v, update),
    ...directionProperties(v, update),
    asExpected(v),
    ...(countsFailures(has, scope) ? shareProperties(v, has, scope) : []),
    ...(callsPrctl(has, scope) ? scaleProperties(v, scope, update) : []),
    ...(scope.queue > 0 ? [bounded(v, scope)] : []),
  ];
}

/** The queue is looked at alone: with it, nobody asks for another scale and no migration fails. */
export const countsFailures = (has: Has, { window, queue }: Scope) =>
  has("failuresStretch") && window > 0 && queue === 0;
export const callsPrctl = (has: Has, { prctls, queue }: Scope) =>
  has("scaleTurnsOff") && prctls > 0 && queue === 0;

function rangeProperties(v: Memory, { limits, wait, extent }: Update): readonly Property[] {
  const within = (value: Expr<Int>, { min, max }: { readonly min: number; readonly max: number }) =>
    and(ge(value, min), le(value, max));
  return [
    {
      id: "A06",
      kind: "invariant",
      title: "Scan period and scan size stay in their documented ranges",
      says: "an mm waits longer between two scans than the documented maximum",
      defects: ["D72"],
      holds: and(within(wait(v.period), limits.period), within(extent(v.size), limits.size)),
    },
  ];
}

/** What a scan does to the wait, under a scale, a failure share and a queue that the last scan has seen, too. */
function directionProperties(v: Memory, update: Update): readonly Property[] {
  const { wait, after, before, useful } = update;
  const now = wait(v.period);
  const afterUseful = wait(choose(before, after("stillUseful"), after("firstUseful")));
  const afterIdle = wait(
    choose(
      useful(0),
      choose(before, after("stillUseful"), after("firstUseful")),
      choose(before, after("firstIdle"), after("stillIdle")),
    ),
  );
  return [
    {
      id: "A07",
      ...assertion("slot", "finds_enough", "finds_many"),
      title: "A useful scan never lengthens the period",
      says: "an mm that is used all the time is scanned less and less often, because the stretched period is tuned again",
      defects: ["D73"],
      holds: implies(v.steady, le(afterUseful, now)),
      premise: v.steady,
    },
    {
      id: "A07.idle",
      ...assertion("slot", "finds_none"),
      title: "A scan that finds nothing never shortens the period",
      says: "an mm in which nothing was accessed is scanned more often, because a sixteenth of an earlier scan makes this one useful",
      defects: ["D78"],
      holds: implies(v.steady, ge(afterIdle, now)),
      premise: v.steady,
    },
  ];
}

function shareProperties(v: Memory, has: Has, { window }: Scope): readonly Property[] {
  const counted = add(v.msuccess, v.mfailed);
  return [
    {
      id: "A07.share",
      kind: "invariant",
      title: "The failure share is updated whenever a window of entries is full",
      says: "entries fail one call after the other, and the failure share never hears of them",
      defects: ["D74"],
      holds: le(v.unseen, window),
    },
    {
      id: "A07.percent",
      kind: "invariant",
      title: "The failure share is that of the entries which were counted, a window of them at least",
      says: "the period is stretched by another share than that of the failed migrations",
      holds: and(
        eq(v.fratio, choose(eq(counted, 0), { kind: "int", value: 0 }, div(mul(100, v.mfailed), counted))),
        or(eq(counted, 0), ge(counted, window)),
        has("failureWindowKept") ? eq(v.unseen, add(v.succeeded, v.failed)) : and(),
      ),
    },
  ];
}

function scaleProperties(v: Memory, scope: Scope, { limits }: Update): readonly Property[] {
  return [
    {
      id: "A09",
      kind: "invariant",
      title: "A child has the scale of its parent",
      says: "fork gives the child the default scale, whatever the parent has asked for",
      defects: ["D71"],
      holds: eq(v.scale, v.scale_meant),
      premise: ne(v.scale_meant, scope.scale),
    },
    {
      id: "A09.off",
      ...assertion("slot", ...Object.keys(foundPages(limits, scope))),
      title: "A scale of 0 turns the scans off",
      says: "an mm is scanned although its process has turned that off",
      holds: not(eq(v.scale, 0)),
    },
  ];
}

function bounded(v: Memory, { queue }: Scope): Property {
  return {
    id: "B05",
    kind: "invariant",
    title: "No more entries wait for the migrator than the queue is meant for",
    says: "the scans of a busy mm find more than the migrator takes, and the queue grows",
    defects: ["D46"],
    holds: le(v.queue, queue),
    premise: gt(v.queue, 0),
  };
}
