/** The document that `explore --all --json` prints: every version of every model, property by property. */
import type { PropertyResult, Statistics } from "../../checker/result.ts";
import type { Verdict } from "../exit-code.ts";

/** One search. It has no durations: the same models give the same bytes. */
export interface FindingsRun extends Pick<Statistics, "states" | "transitions" | "depth"> {
  /** As `series` of the gate's configuration takes it. */
  readonly name: string;
  readonly model: string;
  readonly patch: string;
  /** Name of the design of `fixed`; null for a version as it is. */
  readonly design: string | null;
  readonly parameters: Readonly<Record<string, number>>;
  /** Why the search was stopped; null where it saw every state. */
  readonly cut: string | null;
}

/** One property of one version of a model. */
export interface Finding extends Pick<PropertyResult, "kind" | "verdict" | "vacuous" | "reason"> {
  readonly model: string;
  readonly patch: string;
  readonly design: string | null;
  readonly property: string;
  /** Defects that the version has and that the violation is the evidence for. */
  readonly defects: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
  /** Of the shortest run; null where there is none. */
  readonly steps: number | null;
  /** How many of its last steps repeat for ever; 0 where nothing moves any more; null for a finite run. */
  readonly loop: number | null;
}

/** One property of the catalogue. */
export interface AskedProperty {
  readonly id: string;
  readonly says: string;
  /** Models that ask it, or a part of it. */
  readonly models: readonly string[];
  /** Why no model decides it; null where one does. */
  readonly undecided: string | null;
  /** Whether `kmmcheck validate` judges logs by it. */
  readonly log: boolean;
}

/** One defect of the postings. */
export interface ShownDefect {
  readonly id: string;
  readonly says: string;
  /** Postings that have it. */
  readonly patches: readonly string[];
  /** Where a violation is the evidence for it. */
  readonly shown: readonly {
    readonly model: string;
    readonly property: string;
    readonly patches: readonly string[];
  }[];
  /** Why no model shows it, or not in every version that has it; null where one does. */
  readonly unshown: string | null;
}

export interface FindingsReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "explore --all";
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  /** Only some models, versions or properties were asked for. */
  readonly narrowed: boolean;
  readonly runs: readonly FindingsRun[];
  readonly findings: readonly Finding[];
  readonly properties: readonly AskedProperty[];
  readonly defects: readonly ShownDefect[];
}
