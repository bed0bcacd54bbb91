/** Models of the daemon and of its arithmetic. */
import type { ModelEntry } from "../entry.ts";
import { daemon } from "./daemon/daemon.ts";
import { oneMm } from "./one-mm/one-mm.ts";
import { system } from "./system/system.ts";
import { throttle } from "./throttle/throttle.ts";

export const kmmscandModels: readonly ModelEntry[] = [system, throttle, oneMm, daemon];
