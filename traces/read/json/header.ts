/** What a trace in JSON says of itself in its header. */

import { Style } from "../payload.ts";

export interface TraceHeader {
  /** True if times are ticks of a clock without a unit. */
  readonly ticks: boolean;
  /** Style of events whose arguments do not tell the version. */
  readonly style: number;
  /** The version that it says the trace is of, null if it does not. */
  readonly patch: "v0" | "p1" | "v1" | "v2" | "v3" | null;
}

export const NO_HEADER: TraceHeader = { ticks: false, style: Style.neutral, patch: null };

/** Reads a header from its text and its line; throws an UnreadableLine if it is not valid. */
export type HeaderCheck = (text: string, line: number) => TraceHeader;
