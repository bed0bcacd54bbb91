/** Lines that are no records: losses, headers, banners. */

/** What a header-less line means. */
export type Special =
  | { readonly kind: "lost"; readonly cpu: number; readonly lost: number }
  | { readonly kind: "cpu-started"; readonly cpu: number }
  | { readonly kind: "tracer" }
  | { readonly kind: "entries"; readonly entries: number; readonly written: number; readonly cpus: number }
  /** How many CPUs there are, and one of them that has no records. */
  | { readonly kind: "cpus"; readonly cpus: number }
  | { readonly kind: "cpu-empty" }
  /** A remark that perf script was told to print the losses. */
  | { readonly kind: "losses-shown" }
  | { readonly kind: "comment" }
  | { readonly kind: "noise" };

const LOST = /^CPU:(\d+) \[(?:LOST (?:(\d+) )?EVENTS|(?:(\d+) )?EVENTS DROPPED)\]\s*$/;
const STARTED = /^##### CPU (\d+) buffer started ####\s*$/;
const ENTRIES = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)(?:\s+#P:(\d+))?/;
const LATENCY = /^# latency: .*#(\d+)\/(\d+), .*#P:(\d+)\)/;
const CPUS = /^(?:(?:.{1,64}: )?cpus=|# nrcpus online : )(\d+)\s*$/;
const EMPTY = /^CPU \d+ is empty$/;
const NOISE = /^(?: => |CPU:\d+ \[SUBBUFFER START\]|version = \d+$|capturing trace\.\.\. done$|TRACE:$|--$)/;

/** What stands in front of such a line in a mail, or where another program has put a prefix. */
const PREFIX =
  /^[>|\s]+(?=#)|[\s>:|\]](?=CPU:\d+ \[|##### CPU \d|# (?:tracer:|entries-in-buffer|latency:|nrcpus online ))/;

/** Classifies a line that is quoted, indented or prefixed by its text behind that, or null if it is an ordinary one. */
export function classifyPrefixed(text: string): Special | null {
  const found = PREFIX.exec(text);
  return found === null ? null : classify(text.slice(found.index + found[0].length));
}

/** Classifies a line by its text, or null if it is an ordinary one. */
export function classify(text: string): Special | null {
  const lost = LOST.exec(text);
  if (lost !== null) return { kind: "lost", cpu: Number(lost[1]), lost: Number(lost[2] ?? lost[3] ?? -1) };
  // A record that did not fit into the kernel's line buffer: which one is not told.
  if (text.startsWith("[LINE TOO BIG]")) return { kind: "lost", cpu: -1, lost: 1 };
  const started = STARTED.exec(text);
  if (started !== null) return { kind: "cpu-started", cpu: Number(started[1]) };
  const cpus = CPUS.exec(text);
  if (cpus !== null) return { kind: "cpus", cpus: Number(cpus[1]) };
  if (EMPTY.test(text)) return { kind: "cpu-empty" };
  if (text.startsWith("#")) {
    if (text.startsWith("# tracer:")) return { kind: "tracer" };
    const entries = ENTRIES.exec(text) ?? LATENCY.exec(text);
    if (entries === null) return { kind: text.includes("--show-lost-events") ? "losses-shown" : "comment" };
    return {
      kind: "entries",
      entries: Number(entries[1]),
      written: Number(entries[2]),
      cpus: Number(entries[3] ?? 0),
    };
  }
  return NOISE.test(text) || text.trim() === "" ? { kind: "noise" } : null;
}
