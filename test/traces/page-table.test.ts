/** The page table against maps that never forget: what it has it has right, and it misses only what it may have forgotten. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPageTable } from "../../traces/monitor/page-table.ts";

const step = fc.record({ space: fc.nat(5), page: fc.nat(60), value: fc.nat(1000), what: fc.nat(9) });

test.each([1_000_000, 40])("with room for %i pages it says what maps say", (limit) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), fc.nat(2), (steps, high) => {
      const table = createPageTable(limit);
      const slow = new Map<number, { space: number; birth: number; pages: Map<number, number> }>();
      for (const { space: name, page, value, what } of steps) {
        const at = page + [0, 2 ** 20, 2 ** 35][high]!;
        let known = slow.get(name);
        if (known === undefined || !table.isOpen(known.space, known.birth)) {
          const space = table.open();
          known = { space, birth: table.birthOf(space), pages: new Map() };
          slow.set(name, known);
        }
        if (what === 0) {
          table.close(known.space);
          slow.delete(name);
        } else if (what < 6) {
          expect(table.put(known.space, at, value)).toBe(true);
          known.pages.set(at, value);
        } else expect(table.get(known.space, at)).toBe(known.pages.get(at) ?? -1);
        const open = [...slow.values()].filter((entry) => table.isOpen(entry.space, entry.birth));
        expect(table.size()).toBe(open.reduce((sum, { pages }) => sum + pages.size, 0));
        expect(table.size()).toBeLessThanOrEqual(Math.max(limit, 61));
        if (limit > 1000) expect(open).toHaveLength(slow.size);
      }
      for (const { space, birth, pages } of slow.values())
        if (table.isOpen(space, birth))
          for (const [page, value] of pages) expect(table.get(space, page)).toBe(value);
    }),
    { numRuns: 100 },
  );
});

test("forgets the space that was not touched for longest, never the one that grows", () => {
  const table = createPageTable(10);
  const [a, b, c] = [table.open(), table.open(), table.open()];
  const births = [a, b, c].map(table.birthOf);
  for (let i = 0; i < 4; i++) table.put(a, i, i);
  for (let i = 0; i < 4; i++) table.put(b, i, i);
  table.put(a, 0, 7);
  for (let i = 0; i < 3; i++) table.put(c, i, i);
  expect([a, b, c].map((space, i) => table.isOpen(space, births[i]!))).toEqual([true, false, true]);
  expect([table.get(a, 0), table.get(c, 2), table.size()]).toEqual([7, 2, 7]);
  for (let i = 0; i < 20; i++) expect(table.put(c, i, i)).toBe(i < 10);
  expect(table.put(c, 2 ** 37, 0)).toBe(false);
});

test("gives out thousands of spaces that are closed again", () => {
  const table = createPageTable(100);
  const seen = new Set<number>();
  for (let i = 0; i < 5000; i++) {
    const space = table.open();
    seen.add(space);
    expect(table.get(space, i)).toBe(-1);
    table.put(space, i, 1);
    table.close(space);
  }
  expect(seen.size).toBeLessThan(3000);
  expect(table.size()).toBe(0);
});
