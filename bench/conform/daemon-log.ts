/** The daemon's events in an ftrace log, by a reader of its own: what TLC is given does not come from the code that it is compared with. */

/** One event of the daemon. */
export interface Shown {
  /** `enter`, `exit`, `start`, `end` or `migrate`. */
  readonly kind: string;
  /** The pointer as it is printed. */
  readonly mm: string;
  /** Of an end whether its total is not 0, of a migration whether its rc is not 0. */
  readonly more: boolean;
  /** Position of its line in {@link DaemonLog.lines}. */
  readonly at: number;
}

export interface DaemonLog {
  /** The header and a line for each event, without line ends. */
  readonly lines: readonly string[];
  readonly events: readonly Shown[];
}

const EVENT = /: kmem_(?:mm_(enter|exit)|scan_mm_(start|end|migrate)): .*?\bmm ?= ?(?:0x)?([0-9a-f]+)(.*)/;
const MORE: Readonly<Record<string, RegExp>> = { end: /\btotal = (\d+)/, migrate: /\brc = (-?\d+)/ };

/**
 * The header and the first events of the daemon, every other line left out.
 *
 * @param text - an ftrace log of which no event is lost
 * @param most - how many events at most
 */
export function daemonLog(text: string, most: number): DaemonLog {
  const lines: string[] = [];
  const events: Shown[] = [];
  for (const line of text.split("\n")) {
    if (events.length >= most) break;
    // Without what it says of the number of entries, which are fewer now.
    if (line.startsWith("#") && !line.includes("entries-in-buffer")) lines.push(line);
    const found = EVENT.exec(line);
    if (found === null) continue;
    const kind = found[1] ?? found[2] ?? "";
    const number = MORE[kind]?.exec(found[4] ?? "")?.[1] ?? "0";
    events.push({ kind, mm: found[3] ?? "", more: Number(number) !== 0, at: lines.length });
    lines.push(line);
  }
  return { lines, events };
}

/** The text of a log, without one of its lines. */
export function textOf({ lines }: DaemonLog, without = -1): string {
  return `${lines.filter((_, at) => at !== without).join("\n")}\n`;
}
