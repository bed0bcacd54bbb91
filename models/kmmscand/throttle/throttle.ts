/** The throttle of one mm, exhaustively: every sequence of useful and idle scans. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import {
  actor,
  and,
  bool,
  choose,
  declare,
  type Expr,
  emits,
  ge,
  type Int,
  int,
  le,
  type Model,
  not,
  type Property,
  point,
  set,
  step,
} from "../../language/index.ts";

import { featuresOfModel } from "../features.ts";

import { asExpected, type Expected, expect, expectations, type Slot } from "./expectation.ts";

import {
  type Case,
  clamp,
  type Limits,
  limitsOf,
  stretched,
  tunedPeriod,
  tunedSize,
} from "./throttle-law.ts";

const features = featuresOfModel({ stretchedPeriodClamped: ["A06"], periodStoredUnstretched: ["A07"] });

export const throttle: ModelEntry = {
  name: "throttle",
  title: "The scan throttle of one mm",
  doc: "update_mmslot_info in exact integers. A scan is useful or idle after threshold and decay, in any sequence. Before v3 the law has nothing to mend: fixed is v3 with both fixes.",
  parameters: {
    scale: { default: 8, min: 0, max: 10, doc: "v3 and fixed: the prctl scale of the process" },
    failures: {
      default: 0,
      min: 0,
      max: 10,
      doc: "v3 and fixed: failed migrations of the mm in tenths (fratio / 10)",
    },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features,
  build,
};

/** Wide enough for what v3 stores at the largest scale and failure share. */
const widest = 2 ** 17;

function build({ patch, features: on, parameters }: BuildOptions): Model {
  const limits = limitsOf[patch ?? "v0"];
  const { scale = 1, failures = 0 } = patch === "v3" || patch === "fixed" ? parameters : {};
  const { variables, v } = declare({
    period: { sort: int(0, widest), initial: limits.period.start, doc: "scan_period of the slot in ms" },
    size: { sort: int(0, widest), initial: limits.size.start, doc: "scan_size of the slot in MiB" },
    useful: { sort: bool, initial: false, doc: "scan_delta is not 0: the scan before was useful" },
    ...expectations(limits),
  });
  const bounded = (period: Expr<Int>) =>
    on["stretchedPeriodClamped"] === true ? clamp(period, limits.period.min, limits.period.max) : period;
  const stretch = (period: Expr<Int>) => bounded(stretched(period, scale, failures));
  const unstretched = on["periodStoredUnstretched"] === true;
  // What the slot stores, and what the next scan waits for.
  const stored = (tuned: Expr<Int>) => (unstretched ? tuned : stretch(tuned));
  const inForce = (period: Expr<Int>) => (unstretched ? stretch(period) : period);
  const after = (which: Case) => stored(tunedPeriod(which, v.period, limits));
  const stretchesStored = patch === "v3" && !unstretched;
  const scan = (which: Case, description: string) =>
    step(which, `${description}${stretchesStored ? "; stretched" : ""}`, {
      when: which === "stillIdle" || which === "firstUseful" ? not(v.useful) : v.useful,
      do: [
        ...expect(v, which === "stillUseful" || which === "firstUseful", {
          limits,
          stretch: unstretched ? (period) => period : stretch,
        }),
        set(v.size, tunedSize(which, v.size, limits)),
        set(v.period, after(which)),
        set(v.useful, which === "stillUseful" || which === "firstUseful"),
      ],
      emits: emits("kmem_scan_mm_end", { scan_period: v.period, scan_size: v.size }),
    });
  return {
    name: "throttle",
    title: throttle.title,
    identities: {},
    variables,
    actors: [
      actor({
        name: "slot",
        doc: "The scans of one mm, one after the other.",
        initial: "update_mmslot_info:scanned",
        points: {
          "update_mmslot_info:scanned": point(
            scan("stillIdle", "idle again: period * 115 / 100, size / 2"),
            scan("firstUseful", "useful after an idle scan: period / 8, size = MAX"),
            scan("stillUseful", "useful again: period * 85 / 100, size * 2"),
            scan("firstIdle", "idle after a useful scan: period * 8"),
          ),
        },
      }),
    ],
    properties: properties(v, limits, inForce, after),
  };
}

function properties(
  v: Slot & Expected,
  { period, size }: Limits,
  inForce: (stored: Expr<Int>) => Expr<Int>,
  after: (which: Case) => Expr<Int>,
): readonly Property[] {
  const now = inForce(v.period);
  const afterUseful = inForce(choose(v.useful, after("stillUseful"), after("firstUseful")));
  const afterIdle = inForce(choose(v.useful, after("firstIdle"), after("stillIdle")));
  const within = (value: Expr<Int>, { min, max }: { readonly min: number; readonly max: number }) =>
    and(ge(value, min), le(value, max));
  return [
    {
      id: "A06",
      kind: "invariant",
      title: "Scan period and scan size stay in their documented ranges",
      says: "an mm waits longer between two scans than the documented maximum",
      defects: ["D72"],
      holds: and(within(now, period), within(v.size, size)),
    },
    {
      // Either scan is possible in every state, so what it would do can be judged there.
      id: "A07",
      kind: "invariant",
      title: "A useful scan never lengthens the period, an idle one never shortens it",
      says: "an mm that is used all the time is scanned less and less often, because the stretched period is tuned again",
      defects: ["D73"],
      holds: and(le(afterUseful, now), ge(afterIdle, now)),
    },
    asExpected(v),
  ];
}
