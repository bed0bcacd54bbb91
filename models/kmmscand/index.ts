/** Models of the daemon and of its arithmetic. */
import type { ModelEntry } from "../entry.ts";
import { system } from "./system.ts";

export const kmmscandModels: readonly ModelEntry[] = [system];
