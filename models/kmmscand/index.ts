/** Models of the daemon and of its arithmetic. */
import type { ModelEntry } from "../entry.ts";
import { system } from "./system.ts";
import { throttle } from "./throttle.ts";

export const kmmscandModels: readonly ModelEntry[] = [system, throttle];
