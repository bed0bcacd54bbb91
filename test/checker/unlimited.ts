/** Limits that never cut a search. */
import type { Limits } from "../../checker/explore/explore.ts";

export const unlimited: Limits = {
  maxStates: 2 ** 31,
  maxMemoryBytes: 2 ** 32,
  maxSeconds: Number.POSITIVE_INFINITY,
  started: 0,
  stopAtFirst: false,
  now: () => 0,
  interrupted: () => false,
  onProgress: () => {},
};
