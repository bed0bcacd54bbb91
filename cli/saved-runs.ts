/** The file that `explore --save` writes and `replay` reads: violating runs, and all that is needed to build the model. */
import type { Model } from "../models/index.ts";
import type { LoadedModel } from "./load-model.ts";
import type { ExploreReport, ReportedCounterexample, ReportedProperty } from "./report/explore-report.ts";
import { VERSION } from "./version.ts";

/** One run and the property that it violates. */
export interface SavedRun extends ReportedCounterexample {
  readonly property: Pick<ReportedProperty, "id" | "kind" | "title" | "says" | "defects" | "reason">;
}

export interface SavedRuns {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly kind: "counterexamples";
  readonly model: string;
  readonly patch: string | null;
  readonly parameters: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
  /** The whole model where it is not a built-in one, so that the file stands alone. */
  readonly definition: Model | null;
  readonly runs: readonly SavedRun[];
}

export function savedRuns(loaded: LoadedModel, report: ExploreReport): SavedRuns {
  const { model, patch, parameters, features } = loaded.subject;
  return {
    tool: "kmmcheck",
    version: VERSION,
    kind: "counterexamples",
    model,
    patch,
    parameters,
    features,
    definition: loaded.fromFile ? loaded.model : null,
    runs: report.properties.flatMap((property) => {
      const { id, kind, title, says, defects, reason, counterexample } = property;
      return counterexample === null
        ? []
        : [{ property: { id, kind, title, says, defects, reason }, ...counterexample }];
    }),
  };
}
