/** How the records of a log are laid out, decided from its beginning. */

import { createEvent } from "../event.ts";
import { parseHeader } from "./header.ts";
import type { PerfLayout } from "./perf.ts";

/**
 * `itf`: a JSON text with states. `bpftrace`: lines of the shipped scripts. `systrace`: a web page around ftrace text. `json`: one object a line. `columns`: task, pid, cpu, time in front, dash at byte 16. `latency`: the same with names cut to 8 bytes.
 * `graph`: function_graph, events as comments. `bare`: options/context-info=0, the event alone.
 */
export type Layout =
  | "columns"
  | "latency"
  | "graph"
  | "bare"
  | "json"
  | "itf"
  | "bpftrace"
  | "systrace"
  | PerfLayout;

const COLUMNS =
  /-\d+\s+(?:\(\s*[\d-]+\)\s+)?\[\d{3,}\](?:\s+(?:[^\s:[\]()]{3,8}\s+)?|(?=\d{12}))\d+(?:\.\d{6}|\.\d{9})?:\s/;
const GRAPH = /^\s?\d+\)\s.*[|{};]|^ \d+\) .*\/\* \w+: .*\*\/\s*$|^# CPU +DURATION +FUNCTION CALLS/;
const BARE =
  /^(?:kmem_(?:mm_enter|mm_exit|scan_mm_start|scan_mm_end|scan_mm_migrate)|sched_process_(?:fork|exec|exit)|mm_migrate_pages|tracing_mark_write): /;
const PERF =
  /^([\s\S]{16} +\d+(?:\/\d+ *)? |\S[\s\S]{0,14} +\d+(?:\/\d+ *)? (?= *\[)| *)(?:\[\d{3,}\] +)?\d+\.(?:\d{6}|\d{9}): +(?:\d+ +)?(?:[\w-]+:[\w.-]+:|PERF_RECORD_)/;
/** An event, a hole or the header of a trace in JSON, possibly among the fields of another logger. */
const EVENT_LINE =
  /^\s*\{.*"event"\s*:\s*\{|^\s*\{\s*"format"\s*:\s*"kmmcheck-trace"|^\s*\{.*"tag"\s*:\s*"gap"/;
const BPFTRACE = /^KMM1 \d+ \d+ \d+ [a-z_]+: |^\{"type": *"printf", *"data": *"KMM1 \d/;
const LOSS = /^CPU:\d+ \[.*EVENTS/;

/** Number of lines of each layout among the given ones. */
export interface LayoutVotes {
  readonly layout: Layout | null;
  readonly votes: number;
  readonly lossOnly: boolean;
}

/** Decides the layout by counting which one most of the lines fit. */
export function voteLayout(lines: readonly string[]): LayoutVotes {
  const event = createEvent();
  const name = { from: -1, to: -1 };
  const votes: Record<Layout, number> = {
    columns: 0,
    latency: 0,
    graph: 0,
    bare: 0,
    json: 0,
    bpftrace: 0,
    systrace: 0,
    itf: 0,
    perf: 0,
    "perf-unpadded": 0,
    "perf-untasked": 0,
  };
  let losses = 0;
  for (const line of lines) {
    const bytes = Buffer.from(line, "latin1");
    if (LOSS.test(line) || line.startsWith("##### CPU ")) losses++;
    if (BPFTRACE.test(line)) votes.bpftrace++;
    else if (EVENT_LINE.test(line)) votes.json++;
    else if (COLUMNS.test(line)) votes.columns++;
    else if (PERF.test(line)) votes[perfLayout(line)]++;
    else if (parseHeader(bytes, 8, bytes.length, 8, true, event, name)) votes.latency++;
    else if (GRAPH.test(line)) votes.graph++;
    else if (BARE.test(line)) votes.bare++;
  }
  let best: Layout = "columns";
  for (const layout of [
    "json",
    "bpftrace",
    "latency",
    "graph",
    "bare",
    "perf",
    "perf-unpadded",
    "perf-untasked",
  ] as const) {
    if (votes[layout] > votes[best]) best = layout;
  }
  return { layout: votes[best] > 0 ? best : null, votes: votes[best], lossOnly: losses > 0 };
}

function perfLayout(line: string): PerfLayout {
  const columns = PERF.exec(line)?.[1] ?? "";
  if (columns.trim() === "") return "perf-untasked";
  return line.startsWith(" ") ? "perf" : "perf-unpadded";
}
