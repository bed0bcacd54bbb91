/** Logs of real kernels, each with one edit that no run of its version's model can show. */
import { beforeAll, describe, expect, test } from "vitest";
import { example, textOf, validateText } from "../support/logs.ts";

interface Shown {
  readonly name: string;
  readonly mm: string;
  readonly at: number;
}

const known = new Map<string, Shown | null>();

/** The daemon's event in a line, null in any other. */
function shown(line = ""): Shown | null {
  const before = known.get(line);
  if (before !== undefined) return before;
  const found = /: (kmem_\w+): .*?mm ?= ?([0-9a-f]{16})/.exec(line);
  const [, name = "", mm = ""] = found ?? [];
  const event = found === null ? null : { name: name.replace(/^kmem_(scan_)?mm_/, ""), mm, at: timeOf(line) };
  known.set(line, event);
  return event;
}

const timeOf = (line = "") => Number(/ (\d+\.\d+): /.exec(line)?.[1] ?? Number.NaN);

type Lines = readonly string[];
/** The log after the edit at a line, and the first line (from 1) at which it can be seen; null where it is allowed. */
type Edit = (lines: Lines, i: number) => { readonly lines: Lines; readonly line: number } | null;

const scans = ["start", "end"];
const isEvent = (line: string | undefined, name: string) => shown(line)?.name === name;

/** The last event of one of the names before line i, or the first after it. */
function near(lines: Lines, i: number, by: 1 | -1, wanted: (event: Shown) => boolean): number {
  for (let at = i + by; at >= 0 && at < lines.length; at += by) {
    const event = shown(lines[at]);
    if (event !== null && wanted(event)) return at;
  }
  return -1;
}

const isScan = ({ name }: Shown) => scans.includes(name);

/** The start of the scan that ends in line i, if another mm was visited before it. */
function ownStart(lines: Lines, i: number): number {
  const mm = shown(lines[i])?.mm;
  const start = near(lines, i, -1, isScan);
  const before = near(lines, start, -1, isScan);
  return shown(lines[start])?.mm === mm && before >= 0 && shown(lines[before])?.mm !== mm ? start : -1;
}

const endTwice: Edit = (lines, i) =>
  isEvent(lines[i], "end") ? { lines: lines.toSpliced(i, 0, later(lines[i] ?? "", -1)), line: i + 2 } : null;

const startTakenAway: Edit = (lines, i) => {
  const start = isEvent(lines[i], "end") ? ownStart(lines, i) : -1;
  return start < 0 ? null : { lines: lines.toSpliced(start, 1), line: i };
};

const endBeforeStart: Edit = (lines, i) => {
  const start = isEvent(lines[i], "end") ? ownStart(lines, i) : -1;
  const end = later(lines[i] ?? "", Math.round((timeOf(lines[start]) - timeOf(lines[i])) * 1e6));
  return start < 0 ? null : { lines: lines.toSpliced(i, 1).toSpliced(start, 0, end), line: start + 1 };
};

const endOfAnother: Edit = (lines, i) => {
  const mm = shown(lines[i])?.mm ?? "";
  const other = shown(lines[near(lines, i, -1, (event) => event.mm !== mm)])?.mm;
  if (!isEvent(lines[i], "end") || other === undefined) return null;
  return { lines: lines.with(i, (lines[i] ?? "").replace(mm, other)), line: i + 1 };
};

/** Copies of the nearest line of that name with the mm of line i, some microseconds after it. */
function inserted(lines: Lines, i: number, name: string, after: number, times = 1): ReturnType<Edit> {
  const here = shown(lines[i]);
  const model = lines[near(lines, i, -1, (event) => event.name === name)];
  const at = lines.findIndex((line, j) => j > i && timeOf(line) >= (here?.at ?? 0) + after * 1e-6);
  if (here === null || model === undefined || at < 0) return null;
  const line = model
    .replace(/ \d+\.\d+: /, ` ${timeOf(lines[at]).toFixed(6)}: `)
    .replace(/mm ?= ?[0-9a-f]{16}/, (text) => text.slice(0, -16) + here.mm);
  return {
    lines: lines.toSpliced(at, 0, ...Array.from({ length: times }, (_, n) => later(line, n - times + 1))),
    line: at + 1,
  };
}

/** The line some microseconds later: an equal one would count as its copy. */
function later(line: string, us: number): string {
  return line.replace(/ \d+\.\d+: /, ` ${(timeOf(line) + us * 1e-6).toFixed(6)}: `);
}

const migrationOfAVisit: Edit = (lines, i) =>
  isEvent(lines[i], "start") ? inserted(lines, i, "migrate", 0) : null;

const migrationTooLate: Edit = (lines, i) => {
  const next = near(lines, i, 1, () => true);
  if (!isEvent(lines[i], "migrate") || !isEvent(lines[next], "start")) return null;
  if (shown(lines[i])?.mm === shown(lines[next])?.mm) return null;
  const line = (lines[i] ?? "").replace(/ \d+\.\d+: /, ` ${timeOf(lines[next]).toFixed(6)}: `);
  return { lines: lines.toSpliced(next + 1, 0, line), line: next + 2 };
};

const foundNothing: Edit = (lines, i) => {
  const next = near(lines, i, 1, () => true);
  if (!isEvent(lines[i], "end") || !isEvent(lines[next], "migrate")) return null;
  if (shown(lines[next])?.mm !== shown(lines[i])?.mm) return null;
  return { lines: lines.with(i, (lines[i] ?? "").replace(/total = \d+/, "total = 0")), line: next + 1 };
};

const exitOfV0: Edit = (lines, i) => {
  const here = shown(lines[i]);
  if (here?.name !== "enter") return null;
  const exit = (lines[i] ?? "").replace(/kmem_mm_enter: .*/, `kmem_mm_exit: mm = ${here.mm}`);
  return { lines: lines.toSpliced(i + 1, 0, exit), line: i + 2 };
};

const otherLayout: Edit = (lines, i) => {
  if (!isEvent(lines[i], "end")) return null;
  const line = lines[i] ?? "";
  const changed = line.includes("comm =")
    ? `${line.replace(/kmmscand: scan_mm_end comm =.*? mm=/, "mm=")} node = 0`
    : line.replace(/mm=/, "kmmscand: scan_mm_end comm =sh mm=").replace(/ node = \d+/, "");
  return { lines: lines.with(i, changed), line: i + 1 };
};

const enterTwice: Edit = (lines, i) =>
  isEvent(lines[i], "enter") && near(lines, i, -1, ({ name }) => name === "exit") >= 0
    ? { lines: lines.toSpliced(i, 0, later(lines[i] ?? "", -1)), line: i + 2 }
    : null;

const exitTakenAway: Edit = (lines, i) => {
  const here = shown(lines[i]);
  if (here?.name !== "exit" || near(lines, i, -1, ({ name }) => name === "exit") < 0) return null;
  const same = ({ name, mm }: Shown) => mm === here.mm && (name === "enter" || name === "exit");
  const before = near(lines, i, -1, same);
  const after = near(lines, i, 1, same);
  return isEvent(lines[before], "enter") && isEvent(lines[after], "enter")
    ? { lines: lines.toSpliced(i, 1), line: after }
    : null;
};

const enterTakenAway: Edit = (lines, i) => {
  const here = shown(lines[i]);
  const same = ({ mm }: Shown) => mm === here?.mm;
  const first = near(lines, i, 1, same);
  const second = near(lines, first, 1, same);
  const exited = shown(lines[near(lines, i, -1, same)])?.name === "exit";
  if (
    here?.name !== "enter" ||
    !exited ||
    !isEvent(lines[first], "start") ||
    !isEvent(lines[second], "start")
  )
    return null;
  return { lines: lines.toSpliced(i, 1), line: first };
};

const visitedWhenGone: Edit = (lines, i) => {
  const here = shown(lines[i]);
  if (here?.name !== "exit") return null;
  const again = shown(lines[near(lines, i, 1, ({ name, mm }) => name === "enter" && mm === here.mm)]);
  return again !== null && again.at < here.at + 0.2 ? null : inserted(lines, i, "start", 100, 2);
};

const migrationsOfNothing: Edit = (lines, i) =>
  isEvent(lines[i], "enter") ? inserted(lines, i, "migrate", 100, 2) : null;

const exitTwice: Edit = (lines, i) =>
  isEvent(lines[i], "exit")
    ? { lines: lines.toSpliced(i + 1, 0, later(lines[i] ?? "", 400)), line: i + 2 }
    : null;

const lastExitTakenAway: Edit = (lines, i) => {
  const here = shown(lines[i]);
  const again = near(lines, i, 1, ({ mm }) => mm === here?.mm);
  return here?.name === "exit" && again < 0 ? { lines: lines.toSpliced(i, 1), line: i + 1 } : null;
};

type Kinds = readonly (readonly [string, Edit])[];
const ofBoth: Kinds = [
  ["an end shown twice", endTwice],
  ["a start taken away", startTakenAway],
  ["an end before its start", endBeforeStart],
  ["an end of another mm than was started", endOfAnother],
  ["an event in the layout of the other version", otherLayout],
];
const ofV0: Kinds = [
  ["a migration while a visit begins", migrationOfAVisit],
  ["a migration after the daemon has gone on", migrationTooLate],
  ["migrations of a scan that found nothing", foundNothing],
  ["an exit, which v0 does not show", exitOfV0],
];
const ofV1: Kinds = [
  ["an enter shown twice", enterTwice],
  ["an exit taken away, so that a life has no end", exitTakenAway],
  ["an enter taken away, so that a life has no beginning", enterTakenAway],
  ["two visits after the exit", visitedWhenGone],
  ["two migrations of an mm that has not been scanned", migrationsOfNothing],
];

describe.each<["v0" | "v1", string, number, Kinds]>([
  ["v0", "v0-storm-calm-cut.txt.gz", 3700, [...ofBoth, ...ofV0]],
  ["v1", "v1-storm-calm.txt.gz", 9000, [...ofBoth, ...ofV1]],
])("%s", (patch, name, length, kinds) => {
  let lines: Lines = [];
  beforeAll(() => {
    const all = textOf(example(name)).split("\n").slice(0, length);
    // Equal lines may be copies, on which no rejection can rest.
    const told = all.filter((line) => shown(line) !== null || line.startsWith("# tracer"));
    lines = patch === "v1" ? told : told.filter((line, i) => line !== told[i - 1]);
  });

  const judge = async (log: Lines) => {
    const report = await validateText(log.join("\n"), { patch, properties: ["M01"] });
    return report.properties[0]!;
  };

  test("is accepted as it is", async () => {
    expect(await judge(lines)).toMatchObject({ verdict: "holds", vacuous: false });
  });

  test.each(kinds)("%s is rejected, there or later", async (_, edit) => {
    // What has not been shown yet may not be recorded, so an edit counts from where each event has been.
    const names = new Set(lines.map((line) => shown(line)?.name));
    const all = [...names].map((name) => lines.findIndex((line) => shown(line)?.name === name));
    const from = Math.max(...all);
    for (const start of [from, from + Math.floor((lines.length - from) / 2)]) {
      const edited = firstFrom(edit, start);
      const property = await judge(edited.lines);
      expect(property.verdict, `line ${edited.line}`).toBe("violated");
      expect(property.violations[0]?.line).toBeGreaterThanOrEqual(edited.line);
    }
  });

  // The model has runs for these: a fork that fails before its mm is entered, and an mm that is not visited any more.
  test.runIf(patch === "v1").each([
    ["an exit shown twice", exitTwice, "A10"],
    ["the last exit of a pointer taken away", lastExitTakenAway, "L01"],
  ] as const)("%s does not go unnoticed", async (_, edit, id) => {
    const edited = firstFrom(edit, 400).lines.join("\n");
    const report = await validateText(edited, { patch, properties: [id] });
    expect(report.properties[0]).toMatchObject({ id, verdict: "inconclusive" });
    const before = await validateText(lines.join("\n"), { patch, properties: [id] });
    expect(before.properties[0]).toMatchObject({ id, verdict: "holds" });
  });

  function firstFrom(edit: Edit, start: number): NonNullable<ReturnType<Edit>> {
    for (let i = start; i < lines.length; i++) {
      const edited = shown(lines[i]) === null ? null : edit(lines, i);
      if (edited !== null) return edited;
    }
    throw new Error(`no place for the edit from line ${start}`);
  }
});
