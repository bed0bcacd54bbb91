/** Entering into the facts of a log what a line tells about it. */

import { EVENT_NAMES, type Gap, Kind, type TraceEvent } from "../event.ts";
import { quoteText } from "./context.ts";
import type { LogFacts } from "./facts.ts";
import { Style } from "./payload.ts";
import type { Special } from "./special.ts";

const EXAMPLES = 5;
/** The largest result of a migration in any version. */
const LARGEST_RC = 11;

/** A line that is not understood. */
export function noteUnknown(facts: LogFacts, line: number, text: string): void {
  facts.unknown++;
  if (facts.unknownExamples.length >= EXAMPLES) return;
  const bytes = Buffer.from(text, "latin1");
  facts.unknownExamples.push({ line, text: quoteText(bytes, 0, bytes.length) });
}

/** An event of the daemon, or a probe of it, whose payload fits no template. */
export function noteUnreadable(facts: LogFacts, line: number, kind: Kind, bytes: Buffer): void {
  facts.unreadable++;
  facts.records++;
  facts.countByKind[kind] = (facts.countByKind[kind] ?? 0) + 1;
  if (facts.unreadableExamples.length >= EXAMPLES) return;
  facts.unreadableExamples.push({ line, text: quoteText(bytes, 0, bytes.length) });
}

/** A mark of lost events, `lost` being -1 where it gives no number and `cpu` where it concerns all. */
export function noteLoss(facts: LogFacts, cpu: number, lost: number, line: number): Gap {
  facts.side++;
  facts.lossLines++;
  facts.lossesHidden = false;
  if (lost < 0) facts.lostUnknown = true;
  else facts.lost += lost;
  if (cpu >= 0) facts.lostByCpu.set(cpu, (facts.lostByCpu.get(cpu) ?? 0) + Math.max(0, lost));
  return { reason: "lost", line, cpu, lost };
}

/** A line beside the records; returns the hole it tells of, if any. */
export function noteSide(facts: LogFacts, special: Special, line: number): Gap | null {
  if (special.kind === "lost") return noteLoss(facts, special.cpu, special.lost, line);
  facts.side++;
  switch (special.kind) {
    case "cpu-started":
      facts.startedCpus++;
      return { reason: "cpu-started", line, cpu: special.cpu, lost: -1 };
    case "losses-shown":
      facts.lossesHidden = false;
      return null;
    case "tracer":
      if (facts.records === 0) return null;
      facts.segments++;
      return { reason: "segment", line, cpu: -1, lost: -1 };
    case "entries":
      facts.entries = (facts.entries ?? 0) + special.entries;
      facts.written = (facts.written ?? 0) + special.written;
      facts.headerCpus = Math.max(facts.headerCpus, special.cpus);
      return null;
    case "cpus":
      facts.headerCpus = Math.max(facts.headerCpus, special.cpus);
      return null;
    case "cpu-empty":
      facts.emptyCpus++;
      return null;
    default:
      return null;
  }
}

/** A decoded event of the daemon: what it says about the version and the scanning task. */
export function noteDaemon(facts: LogFacts, event: TraceEvent, bytes: Buffer): void {
  facts.beginsWithEnter ??= event.kind === Kind.mmEnter;
  if (event.pid === 0) facts.byIdle++;
  if (event.style === Style.taskName) facts.sawTaskName = true;
  else if (event.style !== Style.neutral) facts.sawNode = true;
  if (event.style === Style.counts) facts.sawCounts = true;
  else if (event.kind === Kind.migrate && event.style === Style.node) facts.sawPlainMigrate = true;
  if (event.kind === Kind.migrate && event.rc > facts.largestRc && event.rc <= LARGEST_RC)
    facts.largestRc = event.rc;
  if (facts.namedSegment !== facts.segments && event.kind >= Kind.scanStart) noteName(facts, event, bytes);
  if (facts.sawScan || (event.kind !== Kind.scanStart && event.kind !== Kind.scanEnd)) return;
  facts.sawScan = true;
  facts.daemonPid = event.pid;
}

/** Some layouts cut names to eight bytes. */
function noteName(facts: LogFacts, { commFrom, commTo }: TraceEvent, bytes: Buffer): void {
  const task = bytes.toString("latin1", commFrom, commTo).trim();
  const isFirst = task.startsWith("kmmscand") || task.startsWith("kmmmigra");
  const isLater = task.startsWith("kscand") || task.startsWith("kmigrate");
  if (!isFirst && !isLater) return;
  facts.sawKmmscand ||= isFirst;
  facts.sawKscand ||= isLater;
  facts.namedSegment = facts.segments;
}

/** Count of each event by name, in the order of {@link EVENT_NAMES}, then by name. */
export function countsByName(facts: LogFacts): Record<string, number> {
  const counts: Record<string, number> = {};
  EVENT_NAMES.forEach((name, kind) => {
    const n = facts.countByKind[kind] ?? 0;
    if (n > 0 && kind !== Kind.other) counts[name] = n;
  });
  for (const name of [...facts.countByName.keys()].sort()) {
    counts[name] = (counts[name] ?? 0) + (facts.countByName.get(name) ?? 0);
  }
  return counts;
}
