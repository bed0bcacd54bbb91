import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText } from "../../cli/report/escape.ts";
import { bytes, count, counted, seconds } from "../../cli/report/numbers.ts";
import { chooseStyle, colours, plain } from "../../cli/report/style.ts";
import { table } from "../../cli/report/table.ts";
import { widthOf, wrap } from "../../cli/report/wrap.ts";

const words = fc.string({ unit: fc.constantFrom("a", "b", " ", "-", "(", "_", "é", "🙂"), maxLength: 120 });

describe("wrap", () => {
  test("keeps every line within the width and loses no letter", () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 6, max: 60 }),
        fc.integer({ min: 0, max: 4 }),
        (text, width, hanging) => {
          const lines = wrap(text, width, hanging);
          expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        },
      ),
    );
  });

  test("breaks between words, and cuts a long word after a mark", () => {
    expect(wrap("take the lock", 8)).toEqual(["take the", "lock"]);
    expect(wrap("kmmscand_migrate_lock", 12)).toEqual(["kmmscand_", "migrate_lock"]);
    expect(wrap("", 8)).toEqual([""]);
  });
});

describe("table", () => {
  test("gives the room that is left to the column that fills, and leaves out empty columns", () => {
    const columns = [
      { title: "id" },
      { title: "what", fill: true },
      { title: "none" },
      { title: "n", right: true },
    ] as const;
    const rows = [
      ["a", "one two three four", "", "1"],
      ["bb", "five", "", "22"],
    ];
    expect(table(columns, rows, { width: 22 })).toEqual([
      "id  what             n",
      "a   one two three    1",
      "    four",
      "bb  five            22",
    ]);
  });

  test("stays within the width", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("x", "yy"), words), { minLength: 1 }), (rows) => {
        const lines = table([{ title: "a" }, { title: "b", fill: true }], rows, { width: 40 });
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(40);
      }),
    );
  });
});

describe("escapeText", () => {
  test("leaves nothing that a terminal would obey", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
        expect(escapeText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });

  test("leaves ordinary text alone", () => {
    expect(escapeText("mm_lock: free -> мм0 é")).toBe("mm_lock: free -> мм0 é");
    expect(escapeText("a\tb\u009bc")).toBe("a\\x09b\\x9bc");
  });
});

test("numbers are written for people", () => {
  expect([count(1234567), count(999), counted(1, "state"), counted(2, "state")]).toEqual([
    "1,234,567",
    "999",
    "1 state",
    "2 states",
  ]);
  expect([bytes(0), bytes(1536), bytes(200 * 2 ** 20)]).toEqual(["0 B", "1.5 KiB", "200 MiB"]);
  expect([seconds(0.0123), seconds(4.5), seconds(1234)]).toEqual(["12 ms", "4.50 s", "1,234 s"]);
});

describe("colour", () => {
  test.each([
    ["auto", {}, true, colours],
    ["auto", {}, false, plain],
    ["auto", { NO_COLOR: "1" }, true, plain],
    ["auto", { NO_COLOR: "" }, true, colours],
    ["auto", { FORCE_COLOR: "1" }, false, colours],
    ["auto", { FORCE_COLOR: "0" }, true, plain],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, plain],
    ["auto", { TERM: "dumb" }, true, plain],
    ["always", { NO_COLOR: "1" }, false, colours],
    ["never", { FORCE_COLOR: "1" }, true, plain],
  ] as const)("--color %s with %o on a terminal: %s", (mode, env, terminal, style) => {
    expect(chooseStyle(mode, env, terminal)).toBe(style);
  });
});
