/** Text tables: no frames, columns two blanks apart, one column that takes what is left and wraps. */
import { pad, padStart, widthOf, wrap } from "./wrap.ts";

export interface Column {
  readonly title: string;
  /** The widest it may become; its text wraps beyond. */
  readonly max?: number;
  /** Takes the room that the others leave. */
  readonly fill?: true;
  readonly right?: true;
  /** Puts colour on a finished cell line; `row` is the row's position. */
  readonly paint?: (line: string, row: number) => string;
}

export interface TableOptions {
  readonly width: number;
  readonly indent?: number;
  /** Colours the titles; none are printed where all are empty. */
  readonly heading?: (line: string) => string;
  /** Lines printed under a row, already wrapped. */
  readonly notes?: (row: number) => readonly string[];
}

const GAP = 2;
const LEAST = 10;

/** The lines of a table; columns in which no row has a text are left out. */
export function table(
  all: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): readonly string[] {
  const used = all.map((_, c) => rows.some((row) => (row[c] ?? "") !== ""));
  const columns = all.filter((_, c) => used[c]);
  const cells = rows.map((row) => row.filter((_, c) => used[c]));
  const indent = " ".repeat(options.indent ?? 0);
  const widths = widthsOf(columns, cells, options.width - indent.length);
  const out: string[] = [];
  const put = (row: readonly string[], paint: (c: number, line: string) => string) => {
    const wrapped = row.map((text, c) => wrap(text, widths[c] ?? LEAST));
    const height = Math.max(1, ...wrapped.map((lines) => lines.length));
    for (let y = 0; y < height; y++) {
      const line = wrapped.map((lines, c) => {
        const text = lines[y] ?? "";
        const last = c === wrapped.length - 1;
        const width = widths[c] ?? 0;
        const padded = columns[c]?.right ? padStart(text, width) : last ? text : pad(text, width);
        return paint(c, padded);
      });
      out.push((indent + line.join(" ".repeat(GAP))).trimEnd());
    }
  };
  if (columns.some(({ title }) => title !== "")) {
    put(
      columns.map(({ title }) => title),
      (_, line) => options.heading?.(line) ?? line,
    );
  }
  cells.forEach((row, r) => {
    put(row, (c, line) => columns[c]?.paint?.(line, r) ?? line);
    out.push(...(options.notes?.(r) ?? []));
  });
  return out;
}

function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
): readonly number[] {
  const natural = columns.map((column, c) => {
    const widest = Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[c] ?? "")));
    return column.max === undefined ? widest : Math.min(widest, Math.max(column.max, widthOf(column.title)));
  });
  const total = natural.reduce((sum, width) => sum + width, GAP * Math.max(0, columns.length - 1));
  const over = total - available;
  if (over <= 0) return natural;
  return natural.map((width, c) => (columns[c]?.fill ? Math.max(LEAST, width - over) : width));
}
