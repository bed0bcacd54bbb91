/** A log as one mm sees it: its own events, and of those of others what tells where scanner and migrator are. */
import type { Shown } from "./daemon-log.ts";

export interface Projection {
  readonly mm: string;
  /** `start`, `end 0`, `end`, and so on; `other scan` and `other migrate` are events of other mms. */
  readonly symbols: readonly string[];
  /** The event of each symbol. */
  readonly events: readonly Shown[];
  /**
   * Of each kind the symbol, counted from 1, before which it may be that events of this kind were not recorded: the first
   * of the log, whichever mm's, comes there.
   */
  readonly first: ReadonlyMap<string, number>;
}

/** What an event is to the mm that is followed, or null where it says nothing of that. */
function symbolOf({ kind, mm, more }: Shown, followed: string): string | null {
  if (mm === followed) return kind !== "end" && kind !== "migrate" ? kind : more ? kind : `${kind} 0`;
  if (kind === "migrate") return "other migrate";
  return kind === "start" || kind === "end" ? "other scan" : null;
}

export function projectionOn(mm: string, log: readonly Shown[]): Projection {
  const symbols: string[] = [];
  const events: Shown[] = [];
  const first = new Map<string, number>();
  for (const event of log) {
    if (!first.has(event.kind)) first.set(event.kind, symbols.length + 1);
    const symbol = symbolOf(event, mm);
    if (symbol === null) continue;
    symbols.push(symbol);
    events.push(event);
  }
  return { mm, symbols, events, first };
}

/** The mms of a log in the order in which they are first shown. */
export const mmsOf = (log: readonly Shown[]): readonly string[] => [...new Set(log.map(({ mm }) => mm))];

/**
 * A start whose own end follows at once, after a visit of another mm: without it there is an end without a start, which
 * no run of any version shows. The first one with a start before it, so that starts are known to be recorded.
 *
 * @returns its position among the symbols, -1 if there is none
 */
export function neededStart({ symbols, first }: Projection): number {
  return symbols.findIndex(
    (symbol, i) =>
      symbol === "start" &&
      symbols[i - 1] === "other scan" &&
      symbols[i + 1]?.startsWith("end") === true &&
      i + 1 > (first.get("start") ?? 0),
  );
}

/**
 * Of what others show between two events of the mm itself only the last scan and the last migration, as our own observer
 * has it: the rest says nothing more of where scanner and migrator are then.
 */
export function thinned({ mm, symbols, events, first }: Projection): Projection {
  const kept: number[] = [];
  let since = new Set<string>();
  for (let i = symbols.length - 1; i >= 0; i--) {
    const symbol = symbols[i] ?? "";
    if (!symbol.startsWith("other")) since = new Set();
    else if (since.has(symbol)) continue;
    else since.add(symbol);
    kept.push(i);
  }
  kept.reverse();
  return {
    mm,
    symbols: kept.map((i) => symbols[i] ?? ""),
    events: kept.flatMap((i) => events[i] ?? []),
    first: new Map([...first].map(([kind, at]) => [kind, kept.filter((i) => i + 1 < at).length + 1])),
  };
}
