/** What a reader learns about a log besides its events. */

import { EVENT_NAMES } from "../event.ts";
import type { QuotedLine } from "./context.ts";

/** A version as a header names it. */
export type ToldPatch = "v0" | "p1" | "v1" | "v2" | "v3" | null;

/** Counts and flags of one log, filled while it is read. */
export interface LogFacts {
  lines: number;
  bytes: number;
  /** Records of any kind. */
  records: number;
  /** Lines that are neither record nor known side line. */
  unknown: number;
  readonly unknownExamples: QuotedLine[];
  /** Events of the daemon whose payload fits no template. */
  unreadable: number;
  readonly unreadableExamples: QuotedLine[];
  /** Comments, banners, stack lines, blank lines. */
  side: number;
  lost: number;
  lostUnknown: boolean;
  lossLines: number;
  /** The format leaves lost events out unless told otherwise, and nothing tells that it was told so. */
  lossesHidden: boolean;
  readonly lostByCpu: Map<number, number>;
  entries: number | null;
  written: number | null;
  /** Events that the recording's own statistics say were overwritten or dropped; null without them. */
  overruns: number | null;
  /** CPUs that the log says there are, 0 if it does not; those of which it says that they have no records. */
  headerCpus: number;
  emptyCpus: number;
  /** The files of several CPUs were read as one log, so that one without records was empty. */
  merged: boolean;
  /** A CPU of which two of the merged logs have records of the same time, as two copies of one log have; -1 if there is none. */
  interleaved: number;
  segments: number;
  startedCpus: number;
  readonly countByKind: Float64Array;
  readonly countByName: Map<string, number>;
  readonly cpus: Set<number>;
  markers: number;
  forgedHints: number;
  unanchored: number;
  overlong: number;
  truncated: boolean;
  /** Line of a last record whose number or pointer may be cut, for it has no line end; 0 if none. It is not judged. */
  openLine: number;
  backwards: number;
  /** Lines left out because they say the same as the line before them of their CPU, which can say it only once. */
  doubled: number;
  /** Line of the first of them. */
  doubledLine: number;
  /** Events that stand where the time of their CPU was further on already. */
  outOfPlace: number;
  outOfPlaceLine: number;
  /** The last line that may be a copy: an equal one of its CPU stands before it, or it is out of its place. */
  doubtfulLine: number;
  /** How far the time of an event lies behind that of one before it, whatever the CPUs: nanoseconds. */
  skew: number;
  /** Events of the daemon that the idle task is said to have printed, which it cannot. */
  byIdle: number;
  /** Errors that the kernel's runtime verification monitors reported, and the first of them. */
  rvErrors: number;
  rvExample: QuotedLine | null;
  /** The first event of the daemon is a mm_enter; null before there is one. */
  beginsWithEnter: boolean | null;
  /** Pointers that came back, with no mm_enter, after the table had probably forgotten them. */
  returned: number;
  /** Events that came too late to be put in order, where the reader sorts. */
  late: number;
  clockJumps: number;
  sawTicks: boolean;
  sawFraction: boolean;
  fractionDigits: number;
  sawTaskName: boolean;
  sawNode: boolean;
  sawCounts: boolean;
  /** A migrate event without counts: not V3. */
  sawPlainMigrate: boolean;
  sawHashed: boolean;
  sawRaw: boolean;
  /** Events whose pointer cannot be told from others, `(____ptrval____)`. */
  unknownPointers: number;
  /** The version of the series that the log says it is of, null if it does not. */
  toldPatch: ToldPatch;
  /** The header of a further trace that names another version, or none where only one of them can be told by it. */
  toldOther: { readonly line: number; readonly patch: ToldPatch } | null;
  /** Events whose number (seq) is not above that of the event before; the line of the first. */
  seqBack: number;
  seqBackLine: number;
  /** A thread of the daemon has a name of V0 and V1, or one of V2 and V3. */
  sawKmmscand: boolean;
  sawKscand: boolean;
  /** The segment in which the last such name was seen: elsewhere another may follow. */
  namedSegment: number;
  /** Largest result of a migration that any version knows, 0 if there is none above. */
  largestRc: number;
  daemonPid: number;
  sawScan: boolean;
}

export function createFacts(): LogFacts {
  return {
    lines: 0,
    bytes: 0,
    records: 0,
    unknown: 0,
    unknownExamples: [],
    unreadable: 0,
    unreadableExamples: [],
    side: 0,
    lost: 0,
    lostUnknown: false,
    lossLines: 0,
    lossesHidden: false,
    lostByCpu: new Map(),
    entries: null,
    written: null,
    overruns: null,
    headerCpus: 0,
    emptyCpus: 0,
    merged: false,
    interleaved: -1,
    segments: 1,
    startedCpus: 0,
    countByKind: new Float64Array(EVENT_NAMES.length),
    countByName: new Map(),
    cpus: new Set(),
    markers: 0,
    forgedHints: 0,
    unanchored: 0,
    overlong: 0,
    truncated: false,
    openLine: 0,
    backwards: 0,
    doubled: 0,
    doubledLine: 0,
    outOfPlace: 0,
    outOfPlaceLine: 0,
    doubtfulLine: 0,
    returned: 0,
    late: 0,
    skew: 0,
    byIdle: 0,
    rvErrors: 0,
    rvExample: null,
    beginsWithEnter: null,
    clockJumps: 0,
    sawTicks: false,
    sawFraction: false,
    fractionDigits: 0,
    sawTaskName: false,
    sawNode: false,
    sawCounts: false,
    sawPlainMigrate: false,
    sawHashed: false,
    sawRaw: false,
    unknownPointers: 0,
    toldPatch: null,
    toldOther: null,
    seqBack: 0,
    seqBackLine: 0,
    sawKmmscand: false,
    sawKscand: false,
    namedSegment: 0,
    largestRc: 0,
    daemonPid: -1,
    sawScan: false,
  };
}
