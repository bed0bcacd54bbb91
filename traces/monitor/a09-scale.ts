/**
 * A09: an mm whose prctl scale is 0 is not scanned, and a fork inherits the scale. Marks of the program that makes the
 * call tell the scale; exec sets it back in every version, so a new mm of an exec has none that is known.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { readMark, type ScaleMark } from "./marks.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { createTasks } from "./tasks.ts";

export const scale: MonitorEntry = {
  id: "A09",
  title: "an mm with prctl scale 0 is not scanned, and a fork inherits the scale",
  needs: "marks of the program that calls prctl, mm_enter, the sched events, scan_mm_start",
  applies: (has) => has(Kind.marker),
  create,
};

interface Known {
  readonly scale: number;
  readonly line: number;
  readonly ns: number;
  readonly cpu: number;
  readonly inherited: boolean;
  incarnation: number;
}

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const scales = new Map<number, Known>();
  let judged = 0;
  let unplaced = 0;

  const knownOf = (mm: number): Known | undefined => {
    const known = scales.get(mm);
    return known?.incarnation === lives.of(mm).incarnation ? known : undefined;
  };

  const tasks = createTasks((parent, child) => {
    const known = parent < 0 ? undefined : knownOf(parent);
    if (known === undefined) scales.delete(child);
    else scales.set(child, { ...known, inherited: true, incarnation: lives.of(child).incarnation });
  });

  function told(event: TraceEvent, mark: ScaleMark): void {
    const mm = tasks.mmOf(mark.pid);
    if (mm < 0) {
      unplaced++;
      return;
    }
    judged++;
    const known = knownOf(mm);
    if (known?.inherited === true && known.scale !== mark.scale) {
      env.findings.report(event, {
        message: `a fork must inherit the scale ${known.scale} (line ${known.line}), but task ${mark.pid} reads ${mark.scale} (D71)`,
        group: "inherited",
        since: known.line,
      });
    }
    const { line, ns, cpu } = event;
    scales.set(mm, {
      scale: mark.scale,
      line,
      ns,
      cpu,
      inherited: false,
      incarnation: lives.of(mm).incarnation,
    });
  }

  function visited(event: TraceEvent): void {
    const known = scales.size === 0 ? undefined : knownOf(event.mm);
    if (known === undefined || known.scale !== 0) return;
    if (event.cpu !== known.cpu && event.ns - known.ns < env.skew()) return;
    env.findings.report(event, {
      message: `mm ${env.mmText(event.mm)} has the scale 0 (line ${known.line}${known.inherited ? ", inherited by fork" : ""}) and must not be scanned, but is visited${known.inherited ? " (D71)" : ""}`,
      group: env.mmText(event.mm),
      since: known.line,
      lateEnter: event.mm,
    });
  }

  return {
    kinds: [Kind.marker, Kind.scanStart, Kind.mmEnter, Kind.fork, Kind.exec, Kind.exit],
    event(event) {
      if (event.kind === Kind.scanStart) return event.mm < 0 ? undefined : visited(event);
      if (event.kind !== Kind.marker) return tasks.observe(event);
      const mark = readMark(event);
      if (mark?.kind === "scale") told(event, mark);
    },
    gap() {
      scales.clear();
      tasks.gap();
    },
    release: (mm) => void scales.delete(mm),
    forget(mms) {
      for (const mm of mms) scales.delete(mm);
      tasks.forget(mms);
    },
    finish: () => ({
      judged,
      undecided: unplaced > 0 ? `${unplaced} marks tell the scale of a task whose mm is not known` : null,
      note: `${judged} marks`,
      moot: judged + unplaced === 0,
    }),
  };
}
