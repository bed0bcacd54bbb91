/** The quick reader of common lines against the reader that takes every line in the same way. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../traces/event.ts";
import { createEvent } from "../../traces/event.ts";
import { isInputError } from "../../traces/input-error.ts";
import { parseHeader } from "../../traces/read/header.ts";
import { readLog } from "../../traces/read/log-reader.ts";
import { createPayloadParser } from "../../traces/read/payload.ts";
import { createPointerTable } from "../../traces/read/pointer.ts";
import { createQuickLines } from "../../traces/read/quick-line.ts";
import { runs } from "../runs.ts";
import { copy, example, fixture, memoryLog, readOptions, shared, textOf } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

interface Read {
  /** Events and holes, in order, each as a text. */
  readonly said: readonly string[];
  readonly facts: unknown;
}

/** Everything that the reader of a log says. */
async function read(content: string | Uint8Array, chunk: number, quick: boolean): Promise<Read> {
  const said: string[] = [];
  const options = { ...readOptions, maxLineBytes: 256, quick };
  const result = await readLog(memoryLog(content, chunk), options, ({ table }) => ({
    event: (event) => said.push(textOfEvent(event, table.text)),
    gap: ({ reason, line, cpu, lost }) => said.push([reason, line, cpu, lost].join()),
  }));
  if (isInputError(result)) return { said: [result.code], facts: null };
  return { said, facts: { facts: result.facts, cut: result.cut, forgotten: result.table.forgotten() } };
}

function textOfEvent(event: TraceEvent, text: (mm: number) => string): string {
  const { bytes, from, to, payload, ns, mm } = event;
  const fields = Object.values(copy(event, (id) => (id < 0 ? String(id) : text(id))));
  return [...fields, mm, ns, payload - from, bytes.toString("latin1", from, to)].join("|");
}

async function expectSame(content: string | Uint8Array, chunk: number): Promise<void> {
  expect(await read(content, chunk, true)).toEqual(await read(content, chunk, false));
}

/** Names of the files in a folder that holds logs, if the folder is there. */
function logsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => /^(?:trace|perf|v\d|ftrace|odd).*\.txt(?:\.gz)?$/.test(basename(path)));
}

/** The beginning of what gzip data hold. */
function beginning(gzip: Uint8Array): Buffer {
  return gunzipSync(gzip.subarray(0, 100_000), { finishFlush: constants.Z_SYNC_FLUSH });
}

describe("the beginning of a log is read as it is line by line:", () => {
  const folders = [fixture("."), example("."), join(shared, "samples"), join(shared, "traces")];
  test.each(folders.flatMap(logsIn))("%s", async (path) => {
    const bytes = readFileSync(path);
    const content = path.endsWith(".gz") ? beginning(bytes) : bytes;
    await expectSame(content.subarray(0, 1 << 20), 50_000);
  });
});

/** How many lines of the log the quick reader takes, given the one before each. */
function taken(text: string): readonly string[] {
  const event = createEvent();
  const name = { from: -1, to: -1 };
  const table = createPointerTable();
  const payloads = createPayloadParser(table, { sawHashed: false, sawRaw: false, unknown: 0 });
  const lines = createQuickLines(event, name, payloads, table);
  const bytes = Buffer.from(`${text}${"\n".repeat(300)}`, "latin1");
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = bytes.indexOf(10, from);
    if (lines.parse(bytes, from) === to) found.push(bytes.toString("latin1", from, to));
    else if (parseHeader(bytes, from + 16, to, 16, false, event, name)) lines.learn(bytes, from);
    from = to + 1;
  }
  return found;
}

test("visits, migrations and moved pages are taken, but for the first of each second and CPU", () => {
  const lines = (log: string): number => taken(textOf(example(log))).length;
  expect([lines("v0-storm-calm-cut.txt.gz"), lines("v1-storm-calm.txt.gz")]).toEqual([28701, 9949]);
});

/** A line of the daemon with odd parts in the places where something may be odd. */
const odd = {
  comm: fc.constantFrom("        kmmscand", "        kmmscand", "     kmmmigrated", "a b mm=1 [00] -1"),
  cpu: fc.constantFrom("[000]", "[001]", "[01]"),
  flags: fc.constantFrom(" .....", " d..1.", "", " ..."),
  time: fc.constantFrom(
    "     8.962351",
    "     8.962352",
    "    10.000001",
    "  8.123456789",
    "     8.96235",
    "     8.9x2351",
    " 8",
  ),
  name: fc.constantFrom(
    "sh",
    "init",
    "storm",
    "",
    "a mm=b",
    "fifteen bytes..",
    "sixteen bytes...",
    "x\ny",
    "\r",
    "\xe9\x00",
    " mm=0123",
    "= mm=",
  ),
  pointer: fc.constantFrom(
    "0000000028ab4288",
    "00000000C5007679",
    "ffff888000d2ca00",
    "0000000000000000",
    "fffffffffffffff4",
    "28ab4288",
    "0000000028ab42881",
    "0x28ab4288",
    "(____ptrval____)",
    "(null)",
    "000000002gab4288",
  ),
  code: fc.constantFrom("0", "-11", "2", "999999999", "9999999999", "99999999999", "", "-", "0x1", "1 "),
  end: fc.constantFrom("\n", "\n", "\n", "\r\n", " \n", "\t\n", ""),
} as const;

const payload = fc
  .record({ shape: fc.nat(8), name: odd.name, mm: odd.pointer, rc: odd.code, node: odd.code })
  .map(({ shape, name, mm, rc, node }) => {
    switch (shape) {
      case 0:
      case 1:
        return `kmem_scan_mm_start: kmmscand: scan_mm_start comm =${name} mm=${mm}`;
      case 2:
        return `kmem_scan_mm_migrate: kmmscand: scan_mm_migrate comm =${name} mm=${mm} rc=${rc}`;
      case 3:
        return `kmem_scan_mm_start: mm = ${mm}`;
      case 4:
        return `kmem_scan_mm_migrate: mm = ${mm} rc = ${rc} node = ${node}`;
      case 5:
        return `kmem_scan_mm_migrate: mm = ${mm} rc = ${rc} node = ${node} msuccess = 1 mfailed = 0`;
      case 6:
        return `mm_migrate_pages: nr_succeeded=1 ${name.repeat(20)}`;
      case 7:
        return `tracing_mark_write: ${name}`;
      default:
        return `kmem_mm_enter: mm = ${mm}`;
    }
  });

const line = fc
  .record({ comm: odd.comm, cpu: odd.cpu, flags: odd.flags, time: odd.time, payload, end: odd.end })
  .map(
    ({ comm, cpu, flags, time, payload: text, end }) =>
      `${comm}-37      ${cpu}${flags} ${time}: ${text}${end}`,
  );

const usual = fc.constantFrom(
  ...["v0", "v1", "v3"].flatMap((patch) =>
    writeLog(patch as "v0" | "v1" | "v3")
      .enter("a1")
      .scan("a1", { total: 2 })
      .migrate("a1", 0, 2)
      .start("b2")
      .lines.map((text) => `${text}\n`),
  ),
);

test("lines that are odd in any place are read as they are line by line", async () => {
  const args = [
    fc.array(fc.oneof(usual, line), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 9000 }),
  ] as const;
  await fc.assert(
    fc.asyncProperty(...args, async (lines, chunk) => {
      // What stands behind the last line lets the quick reader look at it.
      await expectSame(`${lines.join("")}\n${"#\n".repeat(200)}`, chunk);
    }),
    runs(300),
  );
});

test("lines with bytes changed, cut out and put in are read as they are line by line", async () => {
  const texts = ["v0-storm-calm-cut.txt.gz", "v1-storm-calm.txt.gz"].map((log) =>
    textOf(example(log)).slice(200_000, 206_000),
  );
  const damage = fc.record({ at: fc.nat(6000), cut: fc.nat(20), put: fc.uint8Array({ maxLength: 4 }) });
  const args = [fc.constantFrom(...texts), fc.array(damage, { maxLength: 12 })] as const;
  await fc.assert(
    fc.asyncProperty(...args, async (text, damages) => {
      let bytes = Buffer.from(text, "latin1");
      for (const { at, cut, put } of damages)
        bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
      await expectSame(bytes, 4096);
    }),
    runs(100),
  );
});
