/**
 * Lines of the shipped bpftrace scripts: `KMM1 nsecs cpu tid event: payload|task`. The free text, the task's name, comes
 * last, so that nothing in it can be taken for something else.
 */

/** What a line of bpftrace's output is. */
export type BpftraceLine =
  | { readonly kind: "event"; readonly record: BpftraceRecord }
  | { readonly kind: "lost"; readonly count: number }
  | { readonly kind: "side" }
  | { readonly kind: "unknown" };

/** One event; texts have one character a byte. */
export interface BpftraceRecord {
  /** Nanoseconds as whole seconds and rest. */
  readonly sec: number;
  readonly nsec: number;
  readonly cpu: string;
  readonly tid: string;
  readonly body: string;
  readonly task: string;
}

/** How the lines of the shipped scripts begin. */
export const KMM_LINE = /^KMM1 (\d{1,19}) (\d{1,5}) (\d{1,10}) ([a-z_]+: [^|]*)\|(.*)$/s;
const LOST = /^Lost (\d{1,15}) events\s*$/;
const SIDE =
  /^\s*$|^Attaching \d+ probes?\.\.\.|^(?:ERROR|WARNING): |^@|^\[[\d.]+[KMGT]?, [\d.]+[KMGT]?\)|^stdin:\d|^\s+[~^]+\s*$/;
const LONGEST_TASK = 15;

/** Classifies a line of text. */
export function parseLine(text: string): BpftraceLine {
  const found = KMM_LINE.exec(text);
  if (found !== null) {
    const [, nsecs = "0", cpu = "0", tid = "0", body = "", task = ""] = found;
    const sec = Number(nsecs.slice(0, -9) || "0");
    const nsec = Number(nsecs.slice(-9));
    return { kind: "event", record: { sec, nsec, cpu, tid, body, task: task.slice(0, LONGEST_TASK) } };
  }
  const lost = LOST.exec(text);
  if (lost !== null) return { kind: "lost", count: Number(lost[1]) };
  return SIDE.test(text) ? { kind: "side" } : { kind: "unknown" };
}

/** bpftrace 0.17 writes a byte of a string from 0x80 on as `\uffffffXX`. */
const SIGN_EXTENDED = /\\uffffff([0-9a-f]{2})/g;

/** Classifies a line of `bpftrace -f json`. */
export function parseJsonLine(text: string): BpftraceLine {
  if (!text.startsWith("{")) return parseLine(text);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(SIGN_EXTENDED, "\\u00$1"));
  } catch {
    return { kind: "unknown" };
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return { kind: "unknown" };
  const data = "data" in value ? value.data : null;
  if (value.type === "lost_events") {
    const events =
      typeof data === "object" && data !== null && "events" in data ? Number(data.events) : Number.NaN;
    return { kind: "lost", count: Number.isSafeInteger(events) ? events : -1 };
  }
  if (value.type !== "printf") return { kind: "side" };
  return typeof data === "string" ? parseLine(data.replace(/\n$/, "")) : { kind: "unknown" };
}
