/** What the quality of a log allows to conclude. */

import type { Capture } from "./capture.ts";
import type { Ending } from "./monitor/findings.ts";
import type { LogFacts } from "./read/facts.ts";
import type { FormatId } from "./read/formats.ts";
import type { ReadResult } from "./read/log-reader.ts";
import { FORGET_AFTER } from "./read/pointer.ts";

/** Share of lines not understood above which nothing is said to hold. */
export const UNKNOWN_SHARE = 0.01;

export interface Health {
  /** Reasons for which no property may be said to hold on this log; empty for a whole log. */
  readonly blockers: readonly string[];
  readonly notes: readonly string[];
  /** What becomes of violations that missing events could explain. */
  readonly ending: Ending;
  readonly startsMidStream: boolean;
}

/**
 * True if the log may be that of one CPU alone: all its records are of one, and nothing tells that there is no other.
 * Formats that no tool writes CPU by CPU are exempt.
 *
 * @param allCpus true if the user says that the log is that of all CPUs
 */
export function isOfOneCpu(facts: LogFacts, format: FormatId, allCpus: boolean): boolean {
  if (allCpus || facts.cpus.size !== 1 || facts.merged || !BY_CPU.has(format)) return false;
  // The header counts the records of all CPUs, also in the file of one.
  if (facts.entries !== null && facts.records >= facts.entries) return false;
  return facts.headerCpus === 0 || facts.headerCpus > 1 + facts.emptyCpus;
}

const BY_CPU: ReadonlySet<FormatId> = new Set(["ftrace", "trace-cmd", "perf"]);

/** Judges the log itself. */
export function judgeHealth(
  read: ReadResult,
  patchConflict: string | null,
  capture: Capture | null = null,
  allCpus = false,
): Health {
  const { facts } = read;
  const beside = judgeBeside(read, capture);
  const hidden = facts.lossesHidden && !beside.lossesKnown;
  const blockers: string[] = [...beside.blockers];
  if (facts.lossLines > 0)
    blockers.push(
      `${facts.lostUnknown ? "an unknown number of" : facts.lost} events were lost in ${facts.lossLines} places`,
    );
  if (hidden) blockers.push(HIDDEN);
  const overwritten = facts.entries !== null && facts.written !== null && facts.entries < facts.written;
  if (overwritten)
    blockers.push(
      `the log starts mid-stream: ${(facts.written ?? 0) - (facts.entries ?? 0)} of ${facts.written} events were overwritten`,
    );
  // What perf record counted, it counted on all CPUs.
  const counted = capture?.perf != null && facts.records >= capture.perf.samples;
  const single = !counted && isOfOneCpu(facts, read.detection.format, allCpus);
  if (single)
    blockers.push(
      `all records are of CPU ${[...facts.cpus].join()}, and nothing tells that there is no other: judge the logs of all CPUs as one, with --merge, or say --all-cpus if this is the log of all`,
    );
  const interleaved = facts.interleaved >= 0;
  if (interleaved)
    blockers.push(
      `two of the merged logs have records of CPU ${facts.interleaved} of the same time: is one a copy of the other?`,
    );
  // A run that was stopped has not come to what the header promises.
  const cut = !read.interrupted && facts.entries !== null && facts.records < facts.entries;
  if (cut)
    blockers.push(
      `the log is not whole: its header promises ${facts.entries} entries, ${facts.records} are there`,
    );
  if (facts.unreadable > 0) blockers.push(`${facts.unreadable} events have a payload that fits no template`);
  if (facts.unknown > UNKNOWN_SHARE * Math.max(1, facts.lines - facts.side))
    blockers.push(`${facts.unknown} of ${facts.lines} lines were not understood`);
  if (facts.unknownPointers > 0)
    blockers.push(`${facts.unknownPointers} events print a pointer that cannot be told from others`);
  if (facts.clockJumps > 0) blockers.push(`the clock jumps back ${facts.clockJumps} times`);
  if (facts.doubled > 0)
    blockers.push(
      `${facts.doubled} lines are copies of the line before them (first line ${facts.doubledLine}) and were left out`,
    );
  if (facts.outOfPlace > 0)
    blockers.push(
      `${facts.outOfPlace} events stand where the time of their CPU was further on already (first line ${facts.outOfPlaceLine}): logs that overlap?`,
    );
  const more = facts.entries === null ? 0 : facts.records - facts.entries;
  if (more > 0 && facts.segments === 1)
    blockers.push(`the header promises ${facts.entries} entries, ${more} more are there`);
  if (facts.late > 0) blockers.push(`${facts.late} events came too late to be put in order`);
  if (facts.returned > 0)
    blockers.push(
      `${facts.returned} mm pointers came back, without a mm_enter, after they had been forgotten for ${FORGET_AFTER} others: what came before was not compared with what came after`,
    );
  if (facts.startedCpus > 0 && facts.entries === null)
    blockers.push("the buffer of a CPU starts within the log");
  if (read.cut !== null) blockers.push(read.cut);
  if (patchConflict !== null) blockers.push(patchConflict);
  return {
    blockers,
    notes: [...(capture?.notes ?? []), ...beside.notes, ...notes(facts, read.table.forgotten())],
    ending: endingOf(read, cut || single || interleaved || hidden || beside.blockers.length > 0),
    startsMidStream: overwritten || facts.beginsWithEnter === false,
  };
}

function endingOf({ damaged, facts }: ReadResult, incomplete: boolean): Ending {
  if (damaged) return "void";
  if (incomplete) return "drop";
  return facts.lossLines > 0 ? "settle" : "keep";
}

interface Beside {
  readonly blockers: readonly string[];
  readonly notes: readonly string[];
  readonly lossesKnown: boolean;
}

/** What stands beside the log and tells of events that are not in it. */
function judgeBeside({ facts, detection, interrupted }: ReadResult, capture: Capture | null): Beside {
  const blockers: string[] = [];
  const told = facts.lost + Math.max(0, (facts.written ?? 0) - (facts.entries ?? 0));
  const overruns = facts.overruns ?? (detection.format === "ftrace" ? (capture?.overruns ?? null) : null);
  if (overruns !== null && overruns > told && !facts.lostUnknown)
    blockers.push(`the ring buffers lost ${overruns} events, the log tells of ${told}`);
  if (capture === null) return { blockers, notes: [], lossesKnown: false };
  for (const [name, count] of Object.entries(capture.missedHits))
    blockers.push(`the kprobe ${name} missed ${count} ${count === 1 ? "hit" : "hits"}`);
  const { perf, changed } = capture;
  const isPerf = detection.format === "perf";
  if (isPerf && perf?.lost === true) blockers.push("perf record says that it lost events");
  if (isPerf && perf !== null && !interrupted && facts.records < perf.samples)
    blockers.push(`perf record wrote ${perf.samples} samples, ${facts.records} are in the log`);
  const notes =
    changed.length === 0 ? [] : [`knobs changed while the log was recorded: ${changed.join(", ")}`];
  return { blockers, notes, lossesKnown: perf !== null && !perf.lost };
}

const HIDDEN =
  "perf script prints lost events only with --show-lost-events, and nothing in the log tells that it was given";

function notes(facts: LogFacts, forgotten: number): readonly string[] {
  const out: string[] = [];
  const add = (condition: boolean, text: string): void => {
    if (condition) out.push(text);
  };
  add(facts.segments > 1, `${facts.segments} traces stand one after the other; each is judged for itself`);
  add(facts.markers > 0, "the log contains tracing_mark_write, whose text can forge records");
  add(facts.forgedHints > 0, `${facts.forgedHints} markers contain text that looks like a record`);
  add(facts.backwards > 0, `time goes back on its CPU ${facts.backwards} times`);
  add(facts.byIdle > 0, `${facts.byIdle} daemon events are said to be by the idle task, which prints none`);
  if (facts.rvExample !== null)
    out.push(
      `the kernel's runtime verification reported ${facts.rvErrors} errors, first in line ${facts.rvExample.line}: ${facts.rvExample.text}`,
    );
  add(facts.unanchored > 0, `${facts.unanchored} records do not stand at their column (quoted or prefixed)`);
  add(facts.overlong > 0, `${facts.overlong} lines were longer than the limit and were cut`);
  add(facts.truncated, "the last line has no line end and may be cut");
  add(
    facts.sawHashed && facts.sawRaw && facts.countByKind[6] === 0 && facts.countByKind[12] === 0,
    "hashed and raw pointers are mixed",
  );
  add(forgotten > 0, `${forgotten} mm pointers were forgotten after ${FORGET_AFTER} others had been seen`);
  add(
    facts.seqBack > 0,
    `the number (seq) of ${facts.seqBack} events does not go on from the one before (first line ${facts.seqBackLine}): lines stand twice, in another order, or are of another trace`,
  );
  add(facts.sawTicks, "the clock counts ticks without a unit");
  for (const example of facts.unreadableExamples)
    out.push(`line ${example.line} fits no template: ${example.text}`);
  return out;
}
