/** Places: what an effect writes, and the variable that a place is in. */
import type { Effect } from "./effect.ts";
import type { ExprData } from "./expr.ts";

/** The places that an effect writes; those of effects inside it are their own. */
export function targetsOf(effect: Effect): readonly ExprData[] {
  switch (effect.kind) {
    case "assign":
      return [effect.target];
    case "splice":
      return [effect.from, effect.to];
    case "include":
    case "exclude":
      return [effect.set];
    case "when":
    case "each":
      return [];
    default:
      return [effect.list];
  }
}

/**
 * The variable that a place is in; null where the expression is no place.
 *
 * @param holderOf - for a name bound to an element of a list, the variable that the list is in
 */
export function rootOf(place: ExprData, holderOf: (name: string) => string | null): string | null {
  switch (place.kind) {
    case "var":
      return place.name;
    case "bound":
      return holderOf(place.name);
    case "get":
      return rootOf(place.array, holderOf);
    case "field":
      return rootOf(place.record, holderOf);
    default:
      return null;
  }
}
