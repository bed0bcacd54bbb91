/**
 * A run as lanes: one column an actor, time goes down. Exactly one actor moves in a row, so a text may reach into the
 * empty columns on its right; a bar marks each column where it is free.
 *
 * ```
 *      daemon                     | owner(mm0)
 *   1  take mm_lock               |
 *        mm_lock: free -> daemon  |
 *   2                             | wait for mm_lock
 * ```
 */
import type { ReportedCounterexample, ReportedStep } from "./explore-report.ts";
import { heading, type Lanes, layOut } from "./lanes.ts";
import type { Style } from "./style.ts";
import { pad, padStart, widthOf, wrap } from "./wrap.ts";

export interface InterleavingOptions {
  readonly width: number;
  readonly style: Style;
  /** Every step, however many there are. */
  readonly full: boolean;
}

/** More steps than this are shown by their beginning and end. */
const MOST_STEPS = 60;

/** The run, its loop marked. The first two columns are blank. */
export function interleaving(run: ReportedCounterexample, options: InterleavingOptions): readonly string[] {
  const { style } = options;
  const { steps, loopStart } = run;
  const actors = [...new Set(steps.map(({ actor }) => actor))];
  if (actors.length === 0) return ["  (already in the initial state)"];
  const digits = String(steps.length).length;
  const gutter = 2 + digits + 2;
  const lanes = layOut(actors, gutter, options.width);
  const out = heading(lanes).map((line) => style.strong(line));
  const hidden = options.full ? null : hiddenRange(steps.length);
  steps.forEach((step, i) => {
    if (i === loopStart) out.push(ruler(`from here on the loop repeats for ever`, options));
    if (hidden !== null && i === hidden.from) {
      out.push(ruler(`${hidden.to - hidden.from} steps left out; --full shows them`, options));
    }
    if (hidden !== null && i >= hidden.from && i < hidden.to) return;
    out.push(...row(step, `${padStart(String(i + 1), digits + 2)}  `, lanes, style));
  });
  if (loopStart !== null && loopStart < steps.length) {
    out.push(ruler(`back to step ${loopStart + 1}, for ever`, options));
  } else if (loopStart !== null) {
    out.push(ruler("nothing moves any more", options));
  }
  return out;
}

function hiddenRange(count: number): { readonly from: number; readonly to: number } | null {
  return count <= MOST_STEPS ? null : { from: MOST_STEPS / 2, to: count - MOST_STEPS / 2 };
}

function ruler(text: string, { width, style }: InterleavingOptions): string {
  const line = `  --- ${text} `;
  return style.unsure(line + "-".repeat(Math.max(3, width - widthOf(line))));
}

interface Cell {
  readonly text: string;
  readonly paint: (text: string) => string;
}

function row(step: ReportedStep, label: string, lanes: Lanes, style: Style): readonly string[] {
  const lane = lanes.names.indexOf(step.actor);
  const width = lanes.widths[lane] ?? lanes.total;
  const cells: Cell[] = wrap(step.description, width).map((text) => ({ text, paint: (t) => t }));
  const below = (text: string, paint: Cell["paint"]) => {
    for (const line of wrap(text, width - 2, 2)) cells.push({ text: `  ${line}`, paint });
  };
  for (const change of step.changes) below(change.text, style.faint);
  if (step.emits !== null) below(`trace: ${step.emits.text}`, style.faint);
  if (step.why !== null) below(`(${step.why})`, style.unsure);
  return cells.map((cell, y) => place(cell, y === 0 ? label : "", lane, lanes, style));
}

/** One line: the cell in its lane, a bar where each other lane starts and is free. */
function place(cell: Cell, label: string, lane: number, lanes: Lanes, style: Style): string {
  const start = lanes.starts[lane] ?? lanes.gutter;
  const end = start + widthOf(cell.text);
  let line = pad(label, lanes.gutter);
  let column = lanes.gutter;
  const to = (target: number) => {
    line += " ".repeat(Math.max(0, target - column));
    column = Math.max(column, target);
  };
  const bar = (at: number) => {
    to(at);
    line += style.faint("|");
    column = at + 1;
  };
  lanes.starts.forEach((at, other) => {
    if (other > 0 && other <= lane) bar(at - 2);
  });
  to(start);
  line += cell.paint(cell.text);
  column = end;
  lanes.starts.forEach((at, other) => {
    if (other > lane && at - 2 > end) bar(at - 2);
  });
  return line;
}
