/** The control law a second time, in other words: what a scan should make of the slot, kept as history. */
import {
  add,
  and,
  type Bool,
  bool,
  choose,
  div,
  type Effect,
  type Expr,
  eq,
  ge,
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
  readonly useful: Expr<Bool>;
}

/** What it should have written. */
export interface Expected {
  readonly expected_period: Expr<Int>;
  readonly expected_size: Expr<Int>;
  readonly expected_useful: Expr<Bool>;
}

/** Wide enough for eight times what any version stores. */
const wide = int(0, 2 ** 17);

export function expectations({ period, size }: Limits) {
  const kept = (initial: number, doc: string) => ({ sort: wide, initial, doc, history: true }) as const;
  return {
    expected_period: kept(period.start, "the period that the last scan should have left, in ms"),
    expected_size: kept(size.start, "the size that the last scan should have left, in MiB"),
    expected_useful: { sort: bool, initial: false, doc: "the last scan was useful", history: true },
  } as const;
}

const twice = (value: Expr<Int>) => add(value, value);
const half = (value: Expr<Int>) => div(value, 2);
const thrice = (f: (value: Expr<Int>) => Expr<Int>, value: Expr<Int>) => f(f(f(value)));

function within(value: Expr<Int>, { min, max }: { readonly min: number; readonly max: number }): Expr<Int> {
  return choose(ge(value, min), choose(le(value, max), value, max), min);
}

/**
 * Before the scan changes the slot: what it should make of it. Which of the four cases applies follows from how useful this
 * scan and the one before were, not from what the slot remembers.
 *
 * @param useful - whether this scan is
 * @param stretch - what the version does to a period before it is stored
 */
export function expect(
  v: Slot & Expected,
  useful: boolean,
  { limits, stretch }: { readonly limits: Limits; readonly stretch: (period: Expr<Int>) => Expr<Int> },
): readonly Effect[] {
  const { period, size, expected_useful: before } = v;
  // 15 percent up or down, rounded down; or a factor of 2 to the power of 3.
  const longer = add(period, div(mul(period, 15), 100));
  const shorter = sub(period, div(add(mul(period, 15), 99), 100));
  const tuned = useful
    ? choose(before, shorter, thrice(half, period))
    : choose(before, thrice(twice, period), longer);
  const sized = useful ? choose(before, twice(size), limits.size.max) : choose(before, size, half(size));
  return [
    set(v.expected_period, stretch(within(tuned, limits.period))),
    set(v.expected_size, within(sized, limits.size)),
    set(v.expected_useful, useful),
  ];
}

/** A07, to the number. */
export function asExpected(v: Slot & Expected): Property {
  return {
    id: "A07.step",
    kind: "invariant",
    title: "Each scan changes period and size by the step that the law has for its case",
    says: "a scan changes the period or the size by another amount, or as if the scan before had been another",
    holds: and(eq(v.period, v.expected_period), eq(v.size, v.expected_size), eq(v.useful, v.expected_useful)),
  };
}
