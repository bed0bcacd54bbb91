/** The known name that a mistyped one probably means. */
import { distance } from "fastest-levenshtein";

/** The nearest known name; null where none is near enough to be a likely slip. The first of equals wins. */
export function nearest(given: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const apart = distance(given.toLowerCase(), name.toLowerCase());
    const near = apart <= Math.max(1, Math.floor(Math.max(given.length, name.length) * 0.4));
    if (near && apart < least) {
      best = name;
      least = apart;
    }
  }
  return best;
}
