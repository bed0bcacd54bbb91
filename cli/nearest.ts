/** The known name that a mistyped one probably means. */
import { distance } from "fastest-levenshtein";

/** The nearest known name; null where none is near enough to be a likely slip. The first of equals wins. */
export function nearest(given: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const apart = slips(given.toLowerCase(), name.toLowerCase());
    const most = Math.max(1.5, Math.max(given.length, name.length) * 0.4);
    if (apart <= most && apart < least) {
      best = name;
      least = apart;
    }
  }
  return best;
}

/** Edit distance; exchanged letters are one slip, and the first letter is rarely the wrong one. */
function slips(given: string, name: string): number {
  const apart = [...given].sort().join("") === [...name].sort().join("") ? 1 : distance(given, name);
  return given === name ? 0 : apart + (given[0] === name[0] ? 0 : 0.5);
}
