/** What the capture script, or whoever records a log, writes into trace_marker about knobs and prctl calls. */

import type { TraceEvent } from "../event.ts";

/** A write to a knob is about to happen. */
export interface KnobSet {
  readonly kind: "set";
  readonly name: string;
  /** As written, not necessarily a number. */
  readonly value: string;
  readonly old: number;
}

/** The write has returned. */
export interface KnobDone {
  readonly kind: "done";
  readonly name: string;
  /** 0 if it was accepted. */
  readonly rc: number;
  readonly now: number;
}

/** The prctl scale of the writer's own mm, as the kernel says. */
export interface ScaleMark {
  readonly kind: "scale";
  readonly scale: number;
  readonly pid: number;
}

export type Mark = KnobSet | KnobDone | ScaleMark;

/** The text as an argument of an event in JSON. */
const IN_JSON = /^\{.*?"buf" ?: ?"([^"\\]*)"/;
const SET = /^\S+ set (\w+)=(\S*) old=(-?\d+)$/;
const DONE = /^\S+ done (\w+) rc=(-?\d+) now=(-?\d+)$/;
const SCALE = /^\S+ prctl .*\bget=(\d+) pid=(\d+)$/;

/** The mark in a marker event, null if it is another text. The first word names the program that wrote it. */
export function readMark(event: TraceEvent): Mark | null {
  if (event.to - event.payload > 200) return null;
  const payload = event.bytes.toString("latin1", event.payload, event.to).trim();
  const text = IN_JSON.exec(payload)?.[1] ?? payload;
  const set = SET.exec(text);
  if (set !== null) return { kind: "set", name: set[1] ?? "", value: set[2] ?? "", old: Number(set[3]) };
  const done = DONE.exec(text);
  if (done !== null) return { kind: "done", name: done[1] ?? "", rc: Number(done[2]), now: Number(done[3]) };
  const scale = SCALE.exec(text);
  return scale === null ? null : { kind: "scale", scale: Number(scale[1]), pid: Number(scale[2]) };
}
