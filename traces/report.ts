/** The result of a validation: plain JSON data, described by schemas/validate-report.schema.json. */

import type { QuotedText, Verdict, Violation } from "./monitor/violation.ts";

export type { QuotedText, Verdict, Violation } from "./monitor/violation.ts";

export interface PropertyReport {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** True if the property holds only because its premise never occurred. */
  readonly vacuous: boolean;
  readonly reason: string;
  /** Violations in all; the list shows the first of each kind. */
  readonly count: number;
  readonly violations: readonly Violation[];
}

export interface LogReport {
  readonly name: string;
  /** Files of the capture's directory that were read besides the log. */
  readonly beside: readonly string[];
  readonly format: string;
  readonly formatReason: string;
  readonly patch: "v0" | "p1" | "v1" | "v2" | "v3" | null;
  readonly lines: number;
  /** Bytes after decompression. */
  readonly bytes: number;
  readonly events: number;
  readonly eventsByKind: Readonly<Record<string, number>>;
  /** Events lost by markers in the log; null if a marker does not say how many. */
  readonly lost: number | null;
  readonly lostByCpu: Readonly<Record<string, number>>;
  /** Lines not understood. */
  readonly skipped: number;
  readonly skippedExamples: readonly QuotedText[];
  readonly header: { readonly entries: number; readonly written: number } | null;
  readonly clock: "seconds" | "ticks" | "none";
  readonly pointerClass: "hashed" | "raw" | "unknown" | "mixed" | "none";
  readonly daemonPid: number | null;
  readonly startsMidStream: boolean;
  /** Whether the first event of the daemon is a mm_enter: then no mm may have been there before the log. */
  readonly beginsWithEnter: boolean | null;
  /** CPUs that printed events, in order. */
  readonly cpus: readonly number[];
  /** How far time goes back from one event to a later line, whatever their CPUs: nanoseconds; null without a clock of seconds. */
  readonly skew: number | null;
  /** Daemon events whose payload fits no template. */
  readonly unreadable: number;
  /** Lines left out as copies of the line before them. */
  readonly doubled: number;
  /** Events that stand where the time of their CPU was further on already, as where logs overlap. */
  readonly outOfPlace: number;
  readonly notes: readonly string[];
}

export interface ValidateReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "validate";
  readonly verdict: Verdict;
  /** True if the run was stopped before the end of the logs. */
  readonly interrupted: boolean;
  readonly logs: readonly LogReport[];
  readonly properties: readonly PropertyReport[];
}
