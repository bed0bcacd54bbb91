/** Everything outside the process that a command may touch, as a parameter: commands are tested without a process. */
import type { Readable } from "node:stream";
import type { CheckOptions, CheckResult, Progress } from "../checker/check.ts";
import type { MutationOptions, MutationProgress, MutationResult } from "../checker/mutation.ts";
import type { Model, ModelEntry } from "../models/index.ts";
import type { CheckpointPlan, ResumePlan } from "./checkpoint/plan.ts";

export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Width of the terminal; null where it is none. */
  readonly columns: number | null;
}

/** Reads and writes whole files. Every failure is an InputError that says which file and why. */
export interface Files {
  readonly readText: (path: string) => Promise<string>;
  /**
   * Writes a temporary file beside the target and renames it, so that the target is never half-written. Follows links, and keeps
   * the mode of a file that is there; a device or pipe is written to.
   */
  readonly replace: (path: string, text: string) => Promise<void>;
  readonly exists: (path: string) => Promise<boolean>;
  /** Makes a directory, and those it lies in; refuses one that is there already. */
  readonly makeFolder: (path: string) => Promise<void>;
}

/** Which properties to judge, the limits of the search, and where it is stored: plain data. */
export type CheckLimits = Omit<
  CheckOptions,
  "now" | "interrupted" | "onProgress" | "startThread" | "checkpoints" | "resume"
> & { readonly checkpoint?: CheckpointPlan; readonly resume?: ResumePlan };

/** Explores a model; where it runs is the host's business. An interrupt ends it with what is known. */
export type RunCheck = (
  model: Model,
  limits: CheckLimits,
  onProgress: (progress: Progress) => void,
  /** Told of what goes wrong beside the search, in one sentence. */
  onWarning: (sentence: string) => void,
) => Promise<CheckResult>;

/** What to do with mutants, and the limits of each exploration. */
export type MutationLimits = Omit<MutationOptions, "now" | "interrupted" | "onMutant">;

/** Judges the mutants of a model, where {@link RunCheck} explores. An interrupt ends it with what is known. */
export type RunMutation = (
  model: Model,
  limits: MutationLimits,
  onMutant: (progress: MutationProgress) => void,
) => Promise<MutationResult>;

export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Today as `2026-11-24`. */
  readonly today: () => string;
  readonly files: Files;
  /** Aborted once the user has asked to stop. */
  readonly interrupt: AbortSignal;
  /** Searches that can run at once. */
  readonly processors: number;
  /** Bytes that searches may use together. */
  readonly memory: () => Promise<number>;
  readonly check: RunCheck;
  readonly mutate: RunMutation;
  readonly catalogue: () => Promise<readonly ModelEntry[]>;
}
