/**
 * The door of conformance: whether the model of a log's version has a run that shows the log.
 *
 * Each mm is followed for itself. A log that starts, or goes on after a hole, may be in any state that the model can reach.
 */
import { featuresOf, lifeOfOneMm, type Model, type Patch } from "../../models/one-mm.ts";
import { EVENT_NAMES, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "../monitor/monitor.ts";
import { FOREIGN, fits, layoutsOf, layoutText, symbolOf } from "./alphabet.ts";
import { type Beliefs, createBeliefs } from "./beliefs.ts";
import { explain, foreignText } from "./explain.ts";
import { type Graph, graphOf } from "./graph.ts";
import { createObserver, type Observer } from "./observer.ts";

export const conformance: MonitorEntry = {
  id: "M01",
  title: "The model of the log's version has a run that shows this log",
  needs: "the events of the daemon; the finer, the more of them",
  anyVersion: true,
  byVersion: true,
  create,
};

/** The model that logs of a version are compared with. */
export function modelOf(patch: Patch): Model {
  return lifeOfOneMm.build({ patch, features: featuresOf(lifeOfOneMm, patch), parameters: {} });
}

/** Graphs do not change, so all logs of a version share one. */
const graphs = new Map<Patch, Graph>();

function graphOfPatch(patch: Patch): Graph {
  const graph = graphs.get(patch) ?? graphOf(modelOf(patch));
  graphs.set(patch, graph);
  return graph;
}

interface Version {
  readonly patch: Patch;
  readonly graph: Graph;
  readonly beliefs: Beliefs;
  readonly layouts: Int8Array;
  readonly observer: Observer;
}

function versionOf(patch: Patch): Version {
  const graph = graphOfPatch(patch);
  const beliefs = createBeliefs(graph);
  const emissions = graph.program.system.steps.flatMap(({ emits }) => (emits === null ? [] : [emits]));
  return { patch, graph, beliefs, layouts: layoutsOf(emissions), observer: createObserver(beliefs) };
}

function create(env: MonitorEnv): Monitor {
  let version: Version | null = null;
  let judged = 0;
  let holes = 0;
  /** Of mms of whose events one may be a copy: the line of the last such one. */
  const copies = new Map<number, number>();
  const explained = new Map<string, number>();
  /** The kinds of events that the log has shown, a bit each. */
  let recorded = 0;
  const isRecorded = (kind: number): boolean => ((recorded >> kind) & 1) === 1;

  /** An event of this kind is seen for the first time. */
  function record(kind: Kind, { beliefs }: Version): void {
    recorded |= 1 << kind;
    beliefs.reveal(kind);
  }

  function report(event: TraceEvent, group: string, message: () => string, alone: boolean): void {
    const late = event.kind === Kind.scanStart || event.kind === Kind.scanEnd ? event.mm : -1;
    const times = explained.get(group) ?? 0;
    const inFull = times < 3 && explained.size < EXPLAINED;
    if (inFull) explained.set(group, times + 1);
    const text = inFull ? message() : `one more that no run shows: ${EVENT_NAMES[event.kind]}`;
    const since = copies.get(event.mm) ?? Number.POSITIVE_INFINITY;
    env.findings.report(event, { message: text, group, since, alone, lateEnter: late });
  }

  function foreign(event: TraceEvent, { patch, layouts }: Version): boolean {
    const layout = layouts[event.kind] ?? FOREIGN;
    if (fits(event.kind, event.style, layout)) return false;
    const printed = layout === FOREIGN ? null : layoutText(event.kind, layout);
    report(event, `${event.kind} ${event.style}`, () => foreignText(patch, event.kind, printed), true);
    return true;
  }

  return {
    kinds: DAEMON_EVENTS,
    event(event) {
      version ??= versionOf(env.patch ?? "v0");
      if (!isRecorded(event.kind)) record(event.kind, version);
      judged++;
      if (env.findings.copied() === event.line) copies.set(event.mm, event.line);
      else if (event.kind !== Kind.scanStart && event.kind !== Kind.migrate) copies.delete(event.mm);
      if (foreign(event, version)) return;
      const symbol = symbolOf(event);
      const rejection = version.observer.observe(event, symbol);
      if (rejection === null) return;
      const { graph, beliefs, patch } = version;
      const group = `${rejection.belief} ${rejection.prefix} ${symbol}`;
      const text = () => explain(graph, beliefs, patch, env.mmText(event.mm), rejection);
      report(event, group, text, false);
    },
    gap() {
      holes++;
      copies.clear();
      version?.observer.widen();
    },
    forget(mms) {
      for (const mm of mms) copies.delete(mm);
      version?.observer.forget(mms);
    },
    finish() {
      if (version === null)
        return { judged: 0, undecided: "the log has no event of the daemon", note: null, moot: true };
      const { mms, close, late } = version.observer.counts();
      const { layouts } = version;
      const silent = EVENT_NAMES.filter((_, kind) => layouts[kind] !== FOREIGN && !isRecorded(kind));
      const note = [
        `${counted(judged, "event")} of ${counted(mms, "mm pointer")} against the ${version.patch} model`,
        ...(silent.length > 0 ? [`${silent.join(" and ")} not being recorded`] : []),
        ...(holes > 0 ? [`anew from anywhere after ${counted(holes, "hole")}`] : []),
        ...(close > 0 ? [`${close} so close to one of another CPU that either order was tried`] : []),
        ...(late > 0 ? [`${counted(late, "enter")} shown after a visit of their mm`] : []),
      ].join(", ");
      return { judged, undecided: null, note };
    },
  };
}

const DAEMON_EVENTS = [Kind.mmEnter, Kind.mmExit, Kind.scanStart, Kind.scanEnd, Kind.migrate];

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Kinds of rejections that are explained in full; the report shows fewer. */
const EXPLAINED = 200;
