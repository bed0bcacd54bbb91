/** Rows in one array against a map of objects. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRows } from "../../traces/rows.ts";
import { runs } from "../runs.ts";

const BLANK = { line: 0, ns: Number.NaN, epoch: -1 };
const NAMES = Object.keys(BLANK) as (keyof typeof BLANK)[];

const op = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("set" as const), name: fc.constantFrom(...NAMES) }) },
  fc.record({ does: fc.constantFrom("drop" as const, "look" as const), name: fc.constant("line" as const) }),
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("clear" as const), name: fc.constant("line" as const) }),
  },
);

test("rows keep what objects would", () => {
  const ops = fc.array(fc.tuple(op, fc.nat(300), fc.double()), { maxLength: 200 });
  fc.assert(
    fc.property(ops, (steps) => {
      const rows = createRows(BLANK);
      const objects = new Map<number, typeof BLANK>();
      for (const [{ does, name }, mm, value] of steps) {
        if (does === "clear") {
          rows.clear();
          objects.clear();
        } else if (does === "drop") {
          rows.drop(mm);
          objects.delete(mm);
        } else if (does === "set") {
          const early = rows.of(mm);
          const object = objects.get(mm) ?? { ...BLANK };
          objects.set(mm, object);
          rows.of(mm)[name] = value;
          object[name] = value;
          expect(early[name]).toBe(value);
        }
        const found = rows.find(mm);
        expect(found === null).toBe(!objects.has(mm));
        for (const each of NAMES) if (found !== null) expect(found[each]).toBe(objects.get(mm)?.[each]);
      }
      expect([...rows.all()].map(({ mm, line }) => [mm, line])).toEqual(
        [...objects].sort(([a], [b]) => a - b).map(([mm, { line }]) => [mm, line]),
      );
    }),
    runs(200),
  );
});
