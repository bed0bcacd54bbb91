/** The filter of pointers against a set. */
import { expect, test } from "vitest";
import { createFilter } from "../../traces/read/filter.ts";

test("has all that was put in, and next to nothing else", () => {
  const filter = createFilter(2 ** 18);
  expect(filter.mayHave(0, 0)).toBe(false);
  const high = (i: number): number => (i % 3 === 0 ? 0 : 0xffff8881);
  for (let i = 0; i < 4000; i++) filter.add(high(i), i << 7);
  for (let i = 0; i < 4000; i++) expect(filter.mayHave(high(i), i << 7)).toBe(true);
  let wrong = 0;
  for (let i = 4000; i < 204_000; i++) if (filter.mayHave(high(i), i << 7)) wrong++;
  // An eighth of the bits is set at most: one in 2^24 is expected, and ten times the chance of a bad spread.
  expect(wrong).toBeLessThan(5);
});
