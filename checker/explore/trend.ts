/** Whether the levels of a breadth-first search grow. */

/** Steps from level to level that are looked at. */
const looked = 3;

/**
 * By which factor a level is larger than the one before, over the last finished levels: their geometric mean. It says nothing of
 * when the search ends: levels may shrink and grow again. Null until there are two.
 *
 * @param levels - the number of the first state of each level
 * @param end - that of the state after the last of them
 */
export function trendOf(levels: readonly number[], end: number): number | null {
  const sizeOf = (level: number) => (levels[level + 1] ?? end) - (levels[level] ?? 0);
  const last = levels.length - 1;
  const steps = Math.min(looked, last);
  return steps === 0 ? null : (sizeOf(last) / sizeOf(last - steps)) ** (1 / steps);
}
