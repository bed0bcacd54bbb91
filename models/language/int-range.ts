/**
 * The integers that an expression can yield. Every integer of a model, intermediate results included, is a 32-bit one,
 * so that all evaluators and the languages models are exported to agree; the check refuses an expression that might not.
 */
import type { ArithmeticKind } from "./expr.ts";
import type { Sort } from "./sort.ts";

/** Integers `min..max`, both included. */
export type IntSort = Sort & { readonly kind: "int" };

/** All 32-bit integers. */
export const integer: IntSort = { kind: "int", min: -(2 ** 31), max: 2 ** 31 - 1 };

export function intSort(min: number, max: number): IntSort {
  return { kind: "int", min, max };
}

export function arithmeticRange(kind: ArithmeticKind, left: IntSort, right: IntSort): IntSort {
  switch (kind) {
    case "add":
      return intSort(left.min + right.min, left.max + right.max);
    case "sub":
      return intSort(left.min - right.max, left.max - right.min);
    case "mul":
      return hull(ends(left).flatMap((a) => ends(right).map((b) => a * b)));
    case "div": {
      // A quotient is extreme where the divisor is at an end of its negative or of its positive part.
      const divisors = [right.min, -1, 1, right.max].filter(
        (b) => b !== 0 && b >= right.min && b <= right.max,
      );
      const quotients = ends(left).flatMap((a) => divisors.map((b) => Math.trunc(a / b)));
      return hull(right.min <= 0 && right.max >= 0 ? [...quotients, 0] : quotients);
    }
    case "mod": {
      const most = Math.max(Math.abs(right.min), Math.abs(right.max), 1) - 1;
      return intSort(Math.max(-most, Math.min(left.min, 0)), Math.min(most, Math.max(left.max, 0)));
    }
    case "min":
      return intSort(Math.min(left.min, right.min), Math.min(left.max, right.max));
    case "max":
      return intSort(Math.max(left.min, right.min), Math.max(left.max, right.max));
  }
}

/** The smallest range that contains both. */
export function union(a: IntSort, b: IntSort): IntSort {
  return intSort(Math.min(a.min, b.min), Math.max(a.max, b.max));
}

function ends({ min, max }: IntSort): readonly number[] {
  return [min, max];
}

/** The range of some integers. A product or quotient of 0 may be -0, which no range must contain. */
function hull(values: readonly number[]): IntSort {
  return intSort(Math.min(...values) + 0, Math.max(...values) + 0);
}
