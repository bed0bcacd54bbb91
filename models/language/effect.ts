/**
 * Effects as data: what a step does to the shared context. The effects of one step run in order, each seeing the ones
 * before it, and the step as a whole is atomic.
 *
 * Writing is checked: a value outside its sort, an append to a full list and a write at none are errors of the model,
 * which every evaluator reports in the same place.
 */
import { type Expr, type ExprData, type Operand, operand } from "./expr.ts";
import type { Bool, Id, IdSet, List } from "./sort.ts";

/** A place that can be written: a variable, or an array element, record field or bound list element within one. */
export type Place = ExprData;

/** An effect as plain data. */
export type Effect =
  | { readonly kind: "assign"; readonly target: Place; readonly value: ExprData }
  | { readonly kind: "append"; readonly list: Place; readonly value: ExprData }
  | { readonly kind: "pop"; readonly list: Place }
  | { readonly kind: "remove"; readonly list: Place; readonly value: ExprData }
  | { readonly kind: "drop"; readonly list: Place; readonly as: string; readonly where: ExprData }
  | { readonly kind: "clear"; readonly list: Place }
  | { readonly kind: "splice"; readonly from: Place; readonly to: Place }
  | { readonly kind: "include" | "exclude"; readonly set: Place; readonly value: ExprData }
  | {
      readonly kind: "when";
      readonly test: ExprData;
      readonly then: readonly Effect[];
      readonly else: readonly Effect[];
    }
  | {
      readonly kind: "each";
      readonly as: string;
      readonly in: { readonly of: string } | { readonly elements: Place };
      readonly do: readonly Effect[];
    };

const data = operand as (value: unknown) => ExprData;

export const set = <T>(target: Expr<T>, value: Operand<NoInfer<T>>): Effect => ({
  kind: "assign",
  target,
  value: data(value),
});
/** list_add_tail. */
export const append = <E>(list: Expr<List<E>>, value: Operand<NoInfer<E>>): Effect => ({
  kind: "append",
  list,
  value: data(value),
});
/** Unlinks the first element; nothing happens on an empty list. */
export const pop = <E>(list: Expr<List<E>>): Effect => ({ kind: "pop", list });
/** list_del of the first occurrence; nothing happens where it is absent. */
export const remove = <E>(list: Expr<List<E>>, value: Operand<NoInfer<E>>): Effect => ({
  kind: "remove",
  list,
  value: data(value),
});
/** Unlinks every element that satisfies the condition. */
export const drop = <E>(list: Expr<List<E>>, as: string, where: (e: Expr<E>) => Expr<Bool>): Effect => ({
  kind: "drop",
  list,
  as,
  where: where({ kind: "bound", name: as }),
});
export const clear = <E>(list: Expr<List<E>>): Effect => ({ kind: "clear", list });
/** list_splice_tail_init: moves all of `from` to the tail of `to`, another list. */
export const splice = <E>(from: Expr<List<E>>, to: Expr<List<E>>): Effect => ({ kind: "splice", from, to });
export const include = <N extends string>(of: Expr<IdSet<N>>, value: Expr<Id<N>>): Effect => ({
  kind: "include",
  set: of,
  value,
});
export const exclude = <N extends string>(of: Expr<IdSet<N>>, value: Expr<Id<N>>): Effect => ({
  kind: "exclude",
  set: of,
  value,
});
export const when = (test: Expr<Bool>, yes: readonly Effect[], no: readonly Effect[] = []): Effect => ({
  kind: "when",
  test,
  then: yes,
  else: no,
});
/** Does the effects for every individual, in ascending order. */
export const each = <const N extends string>(
  of: N,
  as: string,
  body: (x: Expr<Id<N>>) => readonly Effect[],
): Effect => ({ kind: "each", as, in: { of }, do: body({ kind: "bound", name: as }) });
/**
 * Does the effects for every element of the list, in order; the element is a place that may be written. Otherwise the
 * loop must leave alone the variable that the list is in, and the variables that say which list it is.
 */
export const eachElement = <E>(
  list: Expr<List<E>>,
  as: string,
  body: (e: Expr<E>) => readonly Effect[],
): Effect => ({ kind: "each", as, in: { elements: list }, do: body({ kind: "bound", name: as }) });
