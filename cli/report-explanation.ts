/** From an explanation to the document that is printed: conditions and values in words. */
import type { Cause, Deviation, Explanation } from "../checker/check.ts";
import type { System } from "../models/index.ts";
import { expressionText } from "./expression-text.ts";
import type { RecordedRun } from "./recorded-run.ts";
import type { ExplainedProperty, ReportedCause, ReportedDeviation } from "./report/explain-report.ts";
import { reportStep } from "./report-check.ts";
import { valueText } from "./value-text.ts";

export function reportExplanation(
  { reported, taken, loopStart }: RecordedRun,
  { at, shownBy, causes, actors, avoidance }: Explanation,
  system: System,
): ExplainedProperty {
  const { id, kind, title, says, defects, reason } = reported;
  const { length } = taken.steps;
  // A run may have been followed through its loop more than once.
  const inRun = (i: number) =>
    i < length || loopStart === null || loopStart === length
      ? i
      : loopStart + ((i - loopStart) % (length - loopStart));
  const described = (i: number) => taken.steps[inRun(i)]?.description ?? "";
  return {
    ...{ id, kind, title, says, defects, reason },
    length,
    loopStart,
    at,
    shownBy,
    causes: causes.map(reportCause),
    actors: actors.map((actor) => ({
      ...actor,
      blocked: actor.blocked.map((one) => ({ ...one, causes: one.causes.map(reportCause) })),
    })),
    avoidance: {
      ...avoidance,
      deviations: avoidance.deviations.map((one) => reportDeviation(one, described)),
      steps: avoidance.steps.map((step) => reportStep(step, system)),
      inLoop: shownBy === null ? causes.flatMap((cause) => otherwise(cause, loopStart === length)) : [],
    },
  };
}

/** What would have to be in the loop, or at the end, instead of a cause that is so for ever or again and again. */
function otherwise({ condition, value, span }: Cause, ends: boolean): readonly string[] {
  if (span === undefined || span.kind === "once") return [];
  const times = span.kind === "again" ? "all the time" : "again and again";
  return [`${expressionText(condition)} is ${!value}${ends ? "" : ` ${times}`}`];
}

function reportCause({ condition, value, where, operands, stands, span }: Cause): ReportedCause {
  return {
    ...(span === undefined ? {} : { span }),
    condition: expressionText(condition),
    value,
    values: [
      ...operands.map((one) => `${expressionText(one.expr)} = ${valueText(one.value, one.sort)}`),
      ...where.map((one) => `with ${one.name} = ${valueText(one.value, one.sort)}`),
      ...stands.map(({ actor, point }) => `${actor} is at ${point}`),
    ],
  };
}

function reportDeviation(deviation: Deviation, described: (i: number) => string): ReportedDeviation {
  const { kind, actor, step } = deviation;
  const number = step + 1;
  const text =
    kind === "waits"
      ? `${actor} waits with step ${number} (${described(step)}) until step ${deviation.until + 1} (${described(deviation.until)}) has been taken`
      : `before step ${number} (${described(step)}), ${actor} goes another way: ${deviation.description}`;
  return { kind, step: number, text };
}
