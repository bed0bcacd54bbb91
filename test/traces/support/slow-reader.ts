/**
 * The obvious reader: one regular expression for the columns, one a template, strings throughout. It knows no torn
 * records and no other layout; where it applies, the fast reader must say the same.
 */

const COLUMNS =
  /^(.{16})-(\d+) +(?:\( *(\d+)\) |\(-+\) )?\[(\d+)\] (?:([^\s:[\]()]{3,8}) +| +)(\d+)(?:\.(\d{6}|\d{9}))?: (?:\(\+\d+\) +)? *([\w.-]+): ?(.*)$/;
const POINTER = "(?:0x)?0*([0-9a-f]+)|\\(nil\\)|\\s*\\(null\\)";
const NUMBER = "(-?\\d+)";

const TEMPLATES: Readonly<Record<string, readonly RegExp[]>> = {
  kmem_mm_enter: [named("mm_enter", ""), bare()],
  kmem_mm_exit: [bare()],
  kmem_scan_mm_start: [named("scan_mm_start", ""), bare()],
  kmem_scan_mm_end: [
    named(
      "scan_mm_end",
      `, start = ${NUMBER}, total = ${NUMBER}, scan_period = ${NUMBER}, scan_size = ${NUMBER}`,
    ),
    new RegExp(
      `^mm=(${POINTER}), start = ${NUMBER}, total = ${NUMBER}, scan_period = ${NUMBER}, scan_size = ${NUMBER} node = ${NUMBER}$`,
    ),
  ],
  kmem_scan_mm_migrate: [
    named("scan_mm_migrate", ` rc=${NUMBER}`),
    new RegExp(`^mm = (${POINTER}) rc = ${NUMBER} node = ${NUMBER}(?: msuccess = \\d+ mfailed = \\d+)?$`),
  ],
};

function named(label: string, tail: string): RegExp {
  return new RegExp(`^kmmscand: ${label} comm =.{0,15} mm=(${POINTER})${tail}$`);
}

function bare(): RegExp {
  return new RegExp(`^mm = (${POINTER})$`);
}

export interface SlowEvent {
  readonly event: string;
  readonly cpu: number;
  readonly pid: number;
  readonly comm: string;
  readonly time: string;
  readonly mm: string;
  /** Numbers of the payload in the order printed, as text. */
  readonly numbers: readonly string[];
}

/** The event of a line, or null if it is none. Throws where a daemon event fits no template. */
export function slowParse(line: string): SlowEvent | null {
  const found = COLUMNS.exec(line);
  if (found === null) return null;
  const [, comm, pid, , cpu, , sec, fraction, event, payload] = found;
  const time = fraction === undefined ? sec! : `${sec}.${fraction.padEnd(9, "0")}`;
  const common = { event: event!, cpu: Number(cpu), pid: Number(pid), comm: comm!, time };
  const templates = TEMPLATES[event!];
  if (templates === undefined) return { ...common, mm: "", numbers: [] };
  for (const template of templates) {
    const match = template.exec(payload!.trim());
    if (match === null) continue;
    return {
      ...common,
      mm: (match[2] ?? "0").padStart(16, "0"),
      numbers: match.slice(3).filter((n) => n !== undefined),
    };
  }
  throw new Error(`no template: ${line}`);
}
