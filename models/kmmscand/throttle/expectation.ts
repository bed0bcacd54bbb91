/** The control law a second time, in other words: what a scan should make of the slot, kept as history. */
import {
  add,
  and,
  type Bool,
  choose,
  div,
  type Effect,
  type Expr,
  eq,
  ge,
  gt,
  type Int,
  int,
  le,
  mul,
  type Property,
  set,
  sub,
} from "../../language/index.ts";
import type { Limits } from "./throttle-law.ts";

/** What update_mmslot_info reads and writes. */
export interface Slot {
  readonly period: Expr<Int>;
  readonly size: Expr<Int>;
  readonly delta: Expr<Int>;
}

/** What it should have written. */
export interface Expected {
  readonly expected_period: Expr<Int>;
  readonly expected_size: Expr<Int>;
  readonly expected_delta: Expr<Int>;
}

/** Wide enough for eight times what any version stores. */
const wide = int(0, 2 ** 17);

export function expectations({ period, size }: Limits, mostPages: number) {
  const kept = (initial: number, doc: string) => ({ sort: wide, initial, doc, history: true }) as const;
  return {
    expected_period: kept(period.start, "the period that the last scan should have left, in ms"),
    expected_size: kept(size.start, "the size that the last scan should have left, in MiB"),
    expected_delta: {
      sort: int(0, mostPages),
      initial: 0,
      doc: "the pages that should be remembered of the last scan",
      history: true,
    },
  } as const;
}

const twice = (value: Expr<Int>) => add(value, value);
const half = (value: Expr<Int>) => div(value, 2);
const thrice = (f: (value: Expr<Int>) => Expr<Int>, value: Expr<Int>) => f(f(f(value)));

function within(value: Expr<Int>, { min, max }: { readonly min: number; readonly max: number }): Expr<Int> {
  return choose(ge(value, min), choose(le(value, max), value, max), min);
}

/** What the version makes of a scan beyond the four cases. */
export interface Version {
  readonly limits: Limits;
  /** A sixteenth of what is remembered counts as found once more. */
  readonly remembers: boolean;
  /** What becomes of a period before it is stored. */
  readonly stretch: (period: Expr<Int>) => Expr<Int>;
}

/**
 * Before the scan changes the slot: what it should make of it. Which of the four cases applies follows from what the scans have
 * found, not from what the slot remembers.
 *
 * @param found - pages that this scan has found
 */
export function expect(
  v: Slot & Expected,
  found: number,
  { limits, remembers, stretch }: Version,
): readonly Effect[] {
  const { period, size } = v;
  // Four halves make a sixteenth, rounded down each time or once.
  const pages: Expr<Int> = remembers
    ? add(half(thrice(half, v.expected_delta)), found)
    : { kind: "int", value: found };
  const before: Expr<Bool> = gt(v.expected_delta, 0);
  const useful = gt(pages, limits.threshold - 1);
  // 15 percent up or down, rounded down; or a factor of 2 to the power of 3.
  const longer = add(period, div(mul(period, 15), 100));
  const shorter = sub(period, div(add(mul(period, 15), 99), 100));
  const tuned = choose(
    useful,
    choose(before, shorter, thrice(half, period)),
    choose(before, thrice(twice, period), longer),
  );
  const sized = choose(
    useful,
    choose(before, twice(size), limits.size.max),
    choose(before, size, half(size)),
  );
  return [
    set(v.expected_period, stretch(within(tuned, limits.period))),
    set(v.expected_size, within(sized, limits.size)),
    set(v.expected_delta, choose(useful, pages, 0)),
  ];
}

/** A07, to the number. */
export function asExpected(v: Slot & Expected): Property {
  return {
    id: "A07.step",
    kind: "invariant",
    title: "Each scan changes period and size by the step that the law has for its case",
    says: "a scan changes the period or the size by another amount, or as if the scan before had been another",
    holds: and(eq(v.period, v.expected_period), eq(v.size, v.expected_size), eq(v.delta, v.expected_delta)),
  };
}
