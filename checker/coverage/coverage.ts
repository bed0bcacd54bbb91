/** What of a model a search has used: steps and program points; on demand guards, values and premises as well. */
import type { System } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Coverage, CoverageDetail, Share } from "../result.ts";
import { guardCoverage, valueCoverage } from "./detail.ts";

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
  };
}

/** Coverage in detail, from all states of an exploration. */
export function detailOf(
  exploration: Exploration,
  coverage: Coverage,
  properties: readonly { readonly id: string; readonly vacuous: boolean }[],
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
    guards: guardCoverage(exploration),
    values: valueCoverage(exploration),
    premises: share(
      properties.length,
      properties.filter(({ vacuous }) => vacuous).map(({ id }) => id),
    ),
  };
}
