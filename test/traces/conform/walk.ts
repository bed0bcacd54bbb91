/** Random runs of the model, written as the log that they would leave. */
import fc from "fast-check";
import type { Patch, Step } from "../../../models/index.ts";
import { modelOf } from "../../../traces/conform/conformance.ts";
import { type Graph, graphOf } from "../../../traces/conform/graph.ts";
import { type LogWriter, writeLog } from "../support/writer.ts";

/** One line to be: where it is written, and by whom. */
export interface Line {
  readonly cpu: number;
  readonly task: string;
  readonly write: (log: LogWriter) => void;
}

const graphs = new Map<Patch, Graph>();

function graphOfPatch(patch: Patch): Graph {
  const graph = graphs.get(patch) ?? graphOf(modelOf(patch));
  graphs.set(patch, graph);
  return graph;
}

/** Choices that a run is made of. */
export const choices = fc.array(fc.nat(1000), { minLength: 50, maxLength: 300 });

/** The lines of a run: this mm is `a1`, each visit of another one is of a pointer of its own. */
export function linesOf(patch: Patch, picks: readonly number[]): readonly Line[] {
  const { edges, program } = graphOfPatch(patch);
  const lines: Line[] = [];
  let state = 0;
  let others = 0xb000;
  let drained: string | null = null;
  const put = (cpu: number, task: string, write: Line["write"]) => lines.push({ cpu, task, write });
  for (const pick of picks) {
    const enabled = Array.from({ length: edges.first[state + 1]! - edges.first[state]! }, (_, i) => {
      const edge = edges.first[state]! + i;
      return { step: program.system.steps[edges.steps[edge]!]!, to: edges.targets[edge]! };
    }).filter(({ step }) => patch !== "v0" || step.name !== "migrate_other" || drained !== null);
    const taken = enabled[pick % enabled.length];
    if (taken === undefined) break;
    show(taken.step);
    state = taken.to;
  }
  return lines;

  function show({ name, emits }: Step): void {
    if (emits === null) return;
    const rc = numberOf(emits.args["rc"]);
    const total = numberOf(emits.args["total"]);
    if (name === "visit_other" || name === "scan_other") {
      const mm = (others++).toString(16);
      put(0, "scanner", (log) =>
        name === "visit_other" ? log.start(mm) : log.start(mm).end(mm, { total: 9 }),
      );
      drained = name === "scan_other" ? mm : null;
    } else if (name === "migrate_other") {
      const mm = drained ?? (others++).toString(16);
      put(patch === "v0" ? 0 : 2, "migrator", (log) => log.migrate(mm));
    } else if (emits.event === "kmem_scan_mm_migrate") {
      put(patch === "v0" ? 0 : 2, "migrator", (log) => log.migrate("a1", rc));
    } else if (emits.event === "kmem_mm_enter") put(1, "owner", (log) => log.enter("a1"));
    else if (emits.event === "kmem_mm_exit") put(1, "owner", (log) => log.exit("a1"));
    else {
      drained = null;
      put(0, "scanner", (log) =>
        emits.event === "kmem_scan_mm_start" ? log.start("a1") : log.end("a1", { total }),
      );
    }
  }
}

function numberOf(expr: Step["guard"] | undefined): number {
  return expr?.kind === "int" ? expr.value : 0;
}

/** The log, every line on the CPU of its task, 10 us apart. */
export function logOf(patch: "v0" | "v1" | "v3", lines: readonly Line[]): string {
  const log = writeLog(patch);
  for (const { cpu, write } of lines) write(log.on(cpu));
  return log.whole();
}
