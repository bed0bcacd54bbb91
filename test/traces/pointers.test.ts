import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NoMm } from "../../traces/event.ts";
import { createPointerScan, createPointerTable, scanPointer } from "../../traces/read/pointer.ts";
import { runs } from "../runs.ts";
import { property, validateText } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

describe("a pointer at the end of a text", () => {
  test.each([
    ["mm=000000008fc950fa", 0, 0x8fc950fa, 0, 3],
    ["mm=8fc950fa", 0, 0x8fc950fa, 0, 3],
    ["mm=0xff323ad98105b700", 0xff323ad9, 0x8105b700, 0, 3],
    ["mm=0xFF14A14701059B80", 0xff14a147, 0x01059b80, 0, 3],
    ["mm=0x1f", 0, 0x1f, 0, 3],
    ["mm=0000000000000000", 0, 0, NoMm.nil, 3],
    ["mm=(nil)", 0, 0, NoMm.nil, 3],
    ["mm=          (null)", 0, 0, NoMm.nil, 3],
    ["mm=(____ptrval____)", 0, 0, NoMm.unknown, 3],
    ["mm=(ptrval)", 0, 0, NoMm.unknown, 3],
    ["mm=fffffffffffffff4", 0xffffffff, 0xfffffff4, NoMm.error, 3],
  ])("%s is read from the right", (text, high, low, special, from) => {
    const scan = createPointerScan();
    expect(scanPointer(Buffer.from(text), 0, text.length, scan)).toBe(true);
    expect(scan).toMatchObject({ high, low, special, from });
  });
  test.each(["mm=00000000674", "mm=", "mm=0x", "mm=(nul)", "mm=12345678g", "mm=0123456789abcdef0"])(
    "%s is none",
    (text) => {
      expect(scanPointer(Buffer.from(text), 0, text.length, createPointerScan())).toBe(false);
    },
  );
});

describe("the table of pointers", () => {
  test("gives equal pointers equal numbers and keeps 64 bits apart", () => {
    const table = createPointerTable();
    const a = table.intern(0xff323ad9, 0x8105b700);
    expect(table.intern(0xff323ad8, 0x8105b700)).not.toBe(a);
    expect(table.intern(0xff323ad9, 0x8105b701)).not.toBe(a);
    expect(table.intern(0xff323ad9, 0x8105b700)).toBe(a);
    expect(table.text(a)).toBe("ff323ad98105b700");
  });
  test("forgets what is unseen for long, keeps what is seen, and gives numbers again", () => {
    const table = createPointerTable(10);
    const gone = new Set<number>();
    table.onForget = (ids) => {
      for (const id of ids) gone.add(id);
    };
    const kept = table.intern(1, 1);
    const highest: number[] = [];
    for (let i = 100; i < 400; i++) {
      expect(table.intern(1, 1)).toBe(kept);
      highest.push(table.intern(2, i));
    }
    expect(gone.has(kept)).toBe(false);
    expect(Math.max(...highest)).toBeLessThan(30);
    expect(table.forgotten()).toBeGreaterThan(200);
    expect(table.text(highest.at(-1)!)).toBe(`00000002${(399).toString(16).padStart(8, "0")}`);
  });
  test("forgets only those since which as many others were seen as it must keep, and soon then", () => {
    const limit = 40;
    const pointer = fc.oneof(fc.nat(30), fc.nat(400), fc.constantFrom(0x80000000, 0xfffffff0, 0xffffffff));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(0, 0xffff8881), pointer), { maxLength: 600 }), (seen) => {
        const table = createPointerTable(limit);
        /** The pointers by their text, those seen last at the end, with their numbers. */
        const known = new Map<string, number>();
        table.onForget = (ids) => {
          const order = [...known];
          for (const [at, [text, id]] of order.entries()) {
            if (!ids.has(id)) continue;
            expect(order.length - at - 1).toBeGreaterThanOrEqual(limit);
            known.delete(text);
          }
        };
        for (const [high, low] of seen) {
          const text = high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
          const before = known.get(text);
          const taken = new Set(known.values());
          known.delete(text);
          known.set(text, -1);
          const id = table.intern(high, low);
          if (before === undefined) expect(taken.has(id)).toBe(false);
          else expect(id).toBe(before);
          known.set(text, id);
          expect(table.text(id)).toBe(text);
          expect(known.size).toBeLessThanOrEqual(1.25 * limit);
        }
      }),
      runs(200),
    );
  });
});

describe("a log of more mms than are remembered", () => {
  const many = (): LogWriter => {
    const log = writeLog();
    for (let i = 0; i < 60_000; i++) log.enter((0x1000 + i).toString(16));
    return log;
  };
  const twice = (log: LogWriter, mm: string): LogWriter =>
    log
      .scan(mm)
      .wait(2300)
      .scan(mm, { period: 2300, size: 2 ** 31 });

  test("is judged where none of them comes back, or with its mm_enter only", async () => {
    const late = many().on(0).start("1000").on(1).wait(0.1).enter("1000").on(0);
    for (const log of [twice(many(), "f001"), twice(many().enter("1000"), "1000"), twice(late, "1000")]) {
      const report = await validateText(log.whole());
      expect(report.logs[0]!.notes.join()).toContain("mm pointers were forgotten");
      expect(property(report, "A07").verdict).toBe("holds");
    }
  });
  test("is not said to keep a rule where one comes back", async () => {
    const report = await validateText(twice(many(), "1000").whole());
    expect(report.properties.filter(({ verdict }) => verdict === "violated")).toEqual([]);
    const { verdict, reason } = property(report, "A07");
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("1 mm pointers came back, without a mm_enter");
  });
});
