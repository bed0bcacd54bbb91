/** From an explanation to the document that is printed: conditions and values in words. */
import type { Cause, Deviation, Explanation } from "../checker/check.ts";
import type { Property, System } from "../models/index.ts";
import { expressionText } from "./expression-text.ts";
import type { RecordedRun } from "./recorded-run.ts";
import type {
  ExplainedProperty,
  ReportedAvoidance,
  ReportedCause,
  ReportedDeviation,
} from "./report/explain-report.ts";
import { reportStep } from "./report-check.ts";
import { valueText } from "./value-text.ts";

export function reportExplanation(
  { reported, property, taken, loopStart }: RecordedRun,
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
      ...missing(shownBy === null ? causes : [], property, loopStart === length),
    },
  };
}

/** How often what is missing would have to come, where the property says it in so many words. */
type Times = "at some point" | "again and again" | "from some point on, always";

function timesOf(property: Property | null): Times | null {
  if (property?.kind === "leadsTo") return "at some point";
  if (property?.kind !== "ltl") return null;
  const { formula } = property;
  if (formula.kind === "eventually") {
    if (formula.of.kind === "state") return "at some point";
    return formula.of.kind === "always" && formula.of.of.kind === "state"
      ? "from some point on, always"
      : null;
  }
  const isRecurring =
    formula.kind === "always" && formula.of.kind === "eventually" && formula.of.of.kind === "state";
  return isRecurring ? "again and again" : null;
}

/** What would have to be otherwise, and how often; where that is not known, what is never so, or not always, in the loop. */
function missing(
  causes: readonly Cause[],
  property: Property | null,
  ends: boolean,
): Pick<ReportedAvoidance, "needed" | "lacking"> {
  const lasting = causes.filter(({ span }) => span !== undefined && span.kind !== "once");
  const times = timesOf(property);
  // What must always be so in the end may be one thing now and another one then.
  const isKnown = times !== null && (times !== "from some point on, always" || lasting.length === 1);
  const words = ({ condition, value, span }: Cause) => {
    const text = expressionText(condition);
    if (isKnown) {
      const from = times === "at some point" && span !== undefined && span.from > 0;
      return `${text} is ${!value} ${times}${from ? ` from step ${span.from} on` : ""}`;
    }
    if (ends) return `${text} is not ${!value}`;
    return `${text} is ${span?.kind === "again" ? "not always" : "never"} ${!value}`;
  };
  const all = lasting.map(words);
  return isKnown ? { needed: all, lacking: [] } : { needed: [], lacking: all };
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
