/** Models of the literature and of benchmarks, with published counts of states. */
import type { ModelEntry } from "../entry.ts";
import { kmm } from "./kmm.ts";
import { peterson } from "./peterson.ts";
import { twoPhaseCommit } from "./two-phase-commit.ts";

export const textbookModels: readonly ModelEntry[] = [peterson, twoPhaseCommit, kmm];
