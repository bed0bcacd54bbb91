/** Where the columns of an interleaving stand, and their titles. */
import { pad, widthOf, wrap } from "./wrap.ts";

export interface Lanes {
  readonly gutter: number;
  readonly names: readonly string[];
  readonly starts: readonly number[];
  readonly widths: readonly number[];
  readonly total: number;
}

/** A lane's text wants at least this much room, and the last lane keeps at least so much for a long title. */
const [COMFORTABLE, LEAST] = [32, 20];
/** A blank, a bar and a blank between two lanes. */
const GAP = 3;

export function layOut(actors: readonly string[], gutter: number, total: number): Lanes {
  const room = total - gutter;
  const gaps = gapsOf(actors, room);
  const starts = actors.map((_, lane) => gaps.slice(0, lane).reduce((sum, gap) => sum + gap, gutter));
  const widths = starts.map((start, lane) => {
    const own = lane === actors.length - 1 ? total - start : (gaps[lane] ?? 0) - GAP;
    return Math.max(own, Math.min(COMFORTABLE, total - start));
  });
  return { gutter, names: actors, starts, widths, total };
}

/** From the start of each lane but the last to the next: the same for all, more where a title needs it. */
function gapsOf(actors: readonly string[], room: number): readonly number[] {
  const others = actors.length - 1;
  const needs = actors.slice(0, -1).map((name) => Math.max(...partsOf(name).map(widthOf)) + GAP);
  const total = (gaps: readonly number[]) => gaps.reduce((sum, gap) => sum + gap, 0);
  for (let level = Math.floor(room / actors.length); level >= GAP; level--) {
    const gaps = needs.map((need) => Math.max(need, level));
    if (total(gaps) <= room - COMFORTABLE) return gaps;
  }
  if (total(needs) <= room - LEAST) return needs;
  return needs.map(() => Math.max(GAP + 1, Math.floor((room - LEAST) / others)));
}

/** The parts between which a title may break: `owner`, `(mm1)`. */
function partsOf(name: string): readonly string[] {
  return name.split(/(?=\()|(?<=[-_.:/ ])/u);
}

/** A title in as few lines as its parts need; a part is cut only where it is wider than the lane. */
function titleLines(name: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of partsOf(name)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last + part) <= width) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.flatMap((line) => wrap(line, width));
}

export function heading(lanes: Lanes): readonly string[] {
  const cells = lanes.names.map((name, lane) => {
    const next = lanes.starts[lane + 1] ?? lanes.total + GAP;
    return titleLines(name, Math.max(1, next - (lanes.starts[lane] ?? 0) - GAP));
  });
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) => {
    let line = "";
    cells.forEach((lines, lane) => {
      line = pad(line, (lanes.starts[lane] ?? 0) - (lane === 0 ? 0 : 2));
      line += `${lane === 0 ? "" : "| "}${lines[y] ?? ""}`;
    });
    return line.trimEnd();
  });
}
