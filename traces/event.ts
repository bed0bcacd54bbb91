/**
 * The event of a trace, as readers hand it to monitors.
 *
 * One record object is reused for every line, so that a gigabyte of log allocates next to nothing: it is valid only
 * during the call that delivers it, and whoever keeps something must copy the field.
 */

/** Names of the events a reader decodes; the position in this list is the event's kind. */
export const EVENT_NAMES = [
  "other",
  "kmem_mm_enter",
  "kmem_mm_exit",
  "kmem_scan_mm_start",
  "kmem_scan_mm_end",
  "kmem_scan_mm_migrate",
  "enter",
  "exit",
  "exit_ret",
  "cleanup",
  "cleanup_ret",
  "collect",
  "promote",
  "promote_ret",
  "misplaced",
  "misplaced_ret",
  "pte_entry",
  "pte_entry_ret",
  "walk_vma",
  "migrate_list",
  "migrate_list_ret",
  "sched_process_fork",
  "sched_process_exec",
  "sched_process_exit",
  "mm_migrate_pages",
  "tracing_mark_write",
] as const;

/** Kinds by a short name; the numbers are positions in {@link EVENT_NAMES}. */
export const Kind = {
  other: 0,
  mmEnter: 1,
  mmExit: 2,
  scanStart: 3,
  scanEnd: 4,
  migrate: 5,
  probeEnter: 6,
  probeExit: 7,
  probeExitRet: 8,
  probeCleanup: 9,
  probeCleanupRet: 10,
  probeCollect: 11,
  promote: 12,
  promoteRet: 13,
  misplaced: 14,
  misplacedRet: 15,
  pteEntry: 16,
  pteEntryRet: 17,
  walkVma: 18,
  migrateList: 19,
  migrateListRet: 20,
  fork: 21,
  exec: 22,
  exit: 23,
  migratePages: 24,
  marker: 25,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** How many kinds there are. */
export const KIND_COUNT = EVENT_NAMES.length;

/** Negative values of {@link TraceEvent.mm}: there is no mm, or none that can be told from others. */
export const NoMm = { absent: -1, nil: -2, error: -3, unknown: -4 } as const;

/** Named arguments of kprobe events; the number is the slot in {@link TraceEvent.fields}. */
export const FIELD_NAMES = [
  "mm",
  "vma",
  "folio",
  "flags",
  "mapping",
  "index",
  "mapcount",
  "refcount",
  "vm_start",
  "vm_end",
  "vm_mm",
  "addr",
  "pte",
  "rc",
  "node",
  "dest",
  "mm_users",
  "info",
  "users",
  "slot",
] as const;
export const Field = {
  mm: 0,
  vma: 1,
  folio: 2,
  flags: 3,
  mapping: 4,
  index: 5,
  mapcount: 6,
  refcount: 7,
  vmStart: 8,
  vmEnd: 9,
  vmMm: 10,
  addr: 11,
  pte: 12,
  rc: 13,
  node: 14,
  dest: 15,
  mmUsers: 16,
  info: 17,
  users: 18,
  slot: 19,
} as const;
export type Field = (typeof Field)[keyof typeof Field];

/** One event with its position. Numbers are -1 where the log does not say. */
export interface TraceEvent {
  /** Kind, an index into {@link EVENT_NAMES}. */
  kind: Kind;
  /** First physical line of the record, counted from 1. */
  line: number;
  /** Byte offset of that line in the (decompressed) log. */
  offset: number;
  cpu: number;
  /** Thread id. */
  pid: number;
  /** Process id, only with the option record-tgid. */
  tgid: number;
  /** Whole seconds as printed; the tick count where the clock is an integer one; -1 where no time is printed. */
  sec: number;
  /** Nanoseconds within the second; -1 where the clock counts ticks. */
  nsec: number;
  /** Nanoseconds since the second of the first event of the log: exact for 104 days. Ticks are scaled if their rate is known. */
  ns: number;
  /** Number of the mm pointer in the log's pointer table, or a value of {@link NoMm}. */
  mm: number;
  /** Layout of the payload: 0 with task name (V0), 1 with node (V1, V2), 3 with counts (V3), -1 neither. */
  style: number;
  rc: number;
  node: number;
  /** Resume address of scan_mm_end, modulo 2^64. */
  start: bigint;
  total: bigint;
  /** Milliseconds, after undoing the swap of the pair in V0. */
  period: bigint;
  /** Bytes, after undoing the swap of the pair in V0. */
  size: bigint;
  swapped: boolean;
  /** The bytes that hold the record, from `from` to `to` without the line end. */
  bytes: Buffer;
  from: number;
  to: number;
  /** Bounds of the task name in `bytes`. */
  commFrom: number;
  commTo: number;
  /** Bounds of the payload in `bytes`. */
  payload: number;
  /** Pairs (from, to) into `bytes` for each name of {@link FIELD_NAMES}; from is -1 when absent. */
  readonly fields: Int32Array;
}

/** Why the log has a hole at this place. */
export type GapReason = "lost" | "cpu-started" | "unreadable" | "segment" | "clock";

/** A hole in the log. `lost` is the number of events, -1 when unknown; `cpu` is -1 when it concerns all. */
export interface Gap {
  readonly reason: GapReason;
  readonly line: number;
  readonly cpu: number;
  readonly lost: number;
}

/** A fresh record, to be reused for every event of one log. */
export function createEvent(): TraceEvent {
  return {
    kind: Kind.other,
    line: 0,
    offset: 0,
    cpu: -1,
    pid: -1,
    tgid: -1,
    sec: 0,
    nsec: -1,
    ns: 0,
    mm: NoMm.absent,
    style: -1,
    rc: 0,
    node: -1,
    start: 0n,
    total: 0n,
    period: 0n,
    size: 0n,
    swapped: false,
    bytes: Buffer.alloc(0),
    from: 0,
    to: 0,
    commFrom: 0,
    commTo: 0,
    payload: 0,
    fields: new Int32Array(FIELD_NAMES.length * 2),
  };
}

/** Text of a kprobe argument as printed, or "" when the event has none of that name. */
export function fieldText(event: TraceEvent, field: Field): string {
  const from = event.fields[field * 2] ?? -1;
  return from < 0 ? "" : event.bytes.toString("latin1", from, event.fields[field * 2 + 1]);
}

/** Value of a kprobe argument, hexadecimal with 0x or decimal: exact below 2^53; NaN when absent or no number. */
export function fieldNumber(event: TraceEvent, field: Field): number {
  const { bytes, fields } = event;
  const from = fields[field * 2] ?? -1;
  const to = fields[field * 2 + 1] ?? -1;
  if (from < 0 || from >= to) return Number.NaN;
  if (bytes[from] !== 48 || bytes[from + 1] !== 120) {
    const text = bytes.toString("latin1", from, to);
    return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  }
  let value = 0;
  for (let i = from + 2; i < to; i++) value = value * 16 + hexValue(bytes[i] ?? 0);
  return value;
}

/** The twelve lowest bits of a hexadecimal kprobe argument; NaN when absent or no number. */
export function fieldLowBits(event: TraceEvent, field: Field): number {
  const { bytes, fields } = event;
  const from = fields[field * 2] ?? -1;
  const to = fields[field * 2 + 1] ?? -1;
  if (from < 0 || bytes[from] !== 48 || bytes[from + 1] !== 120) return Number.NaN;
  let value = 0;
  for (let i = Math.max(from + 2, to - 3); i < to; i++) value = value * 16 + hexValue(bytes[i] ?? 0);
  return value;
}

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return Number.NaN;
}

/** `task-pid` of the event, with bytes that are no printable ASCII escaped. */
export function actorOf(event: TraceEvent): string {
  if (event.pid < 0) return "unknown task";
  const name = event.bytes.toString("latin1", event.commFrom, event.commTo).trimStart();
  return `${escapeText(name)}-${event.pid}`;
}

/** Time as the log prints it: `sec.fraction`, or the tick count. */
export function timeOf(event: TraceEvent): string | null {
  if (event.sec < 0) return null;
  if (event.nsec < 0) return String(event.sec);
  const fraction = String(event.nsec).padStart(9, "0");
  return `${event.sec}.${fraction.endsWith("000") ? fraction.slice(0, 6) : fraction}`;
}

/** The text with control characters and bytes above 0x7e as \xNN, so that no log can drive a terminal. */
export function escapeText(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.charCodeAt(0);
    out += code >= 0x20 && code < 0x7f ? char : `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return out;
}
