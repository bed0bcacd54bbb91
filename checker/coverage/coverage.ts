/** What of a model a search has used: steps and program points; on demand guards, values and premises as well. */
import type { Property, System } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { type Meter, within } from "../explore/meter.ts";
import type { Coverage, CoverageDetail, PropertyResult, Share } from "../result.ts";
import { guardCoverage, valueCoverage } from "./detail.ts";
import { unmetPremises } from "./premises.ts";

/** @param taken - one byte a step: taken at least once */
export function coverageOf({ steps, instances }: System, taken: Uint8Array): Coverage {
  const never = steps.filter((step) => taken[step.index] === 0);
  const entered = new Set(instances.map((instance, i) => `${i}.${instance.initial}`));
  for (const step of steps) if (taken[step.index] === 1) entered.add(`${step.instance}.${step.to}`);
  return {
    stepsNeverTaken: never.map((step) => `${step.event} at ${instances[step.instance]?.points[step.from]}`),
    pointsNeverEntered: instances.flatMap((instance, i) =>
      instance.points.filter((_, p) => !entered.has(`${i}.${p}`)).map((point) => `${instance.name} ${point}`),
    ),
    detail: null,
    cut: null,
  };
}

/**
 * Coverage with its detail, from all states of an exploration, or with the limit that allowed of no look at all of them.
 *
 * @param judged - what was found of each property
 * @param report - told of the bytes in use and the seconds that have passed, at intervals
 */
export function detailWithin(
  exploration: Exploration,
  coverage: Coverage,
  properties: readonly Property[],
  judged: readonly Pick<PropertyResult, "verdict" | "vacuous">[],
  { meter, report }: { readonly meter: Meter; readonly report: (bytes: number, seconds: number) => void },
): Coverage {
  return within<Coverage>(
    () => {
      meter.begin(exploration, report);
      return { ...coverage, detail: detailOf(exploration, coverage, properties, judged, meter) };
    },
    (cut) => ({ ...coverage, cut }),
  );
}

function detailOf(
  exploration: Exploration,
  coverage: Coverage,
  properties: readonly Property[],
  judged: readonly Pick<PropertyResult, "verdict" | "vacuous">[],
  meter: Meter,
): CoverageDetail {
  const { steps, instances } = exploration.program.system;
  const share = (total: number, unused: readonly string[]): Share => ({
    used: total - unused.length,
    total,
    unused,
  });
  const points = instances.reduce((sum, instance) => sum + instance.points.length, 0);
  return {
    steps: share(steps.length, coverage.stepsNeverTaken),
    points: share(points, coverage.pointsNeverEntered),
    guards: guardCoverage(exploration, meter),
    values: valueCoverage(exploration, meter),
    premises: share(properties.length, unmetPremises(exploration, properties, judged, meter)),
  };
}
