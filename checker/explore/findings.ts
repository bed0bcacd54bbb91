/** What a search found, and how its threads note it. */
import type { Property } from "../../models/language/index.ts";

export interface Finding {
  readonly state: number;
  /** Step that fails in the state; -1 where the state itself is the finding. */
  readonly step: number;
}

export interface Findings {
  /** By position of the property; for a reachability goal the state that reaches it. */
  readonly failures: readonly (Finding | undefined)[];
  readonly stuck: readonly ({ readonly state: number } | undefined)[];
  /** First write outside a sort. */
  readonly broken: readonly Finding[];
}

/**
 * Words of the marks of one thread over so many properties, all counted from 1 with 0 for nothing: the state and the
 * step of each failure, the states that are stuck, the state and the step of the first write outside a sort.
 */
export function marksLength(properties: number): number {
  return 3 * properties + 2;
}

/**
 * The findings of all threads: of each kind the one in the state with the smallest number. Each thread takes states in
 * ascending order, and no state is taken by two, so the result does not depend on who took which.
 */
export function readMarks(all: readonly Uint32Array[], properties: number): Findings {
  const smallest = (state: number, step: number | null): Finding | undefined => {
    let best: Finding | undefined;
    for (const marks of all) {
      const found = marks[state] as number;
      if (found === 0 || (best !== undefined && best.state < found)) continue;
      best = { state: found - 1, step: step === null ? -1 : (marks[step] as number) - 1 };
    }
    return best;
  };
  const broken = smallest(3 * properties, 3 * properties + 1);
  return {
    failures: Array.from({ length: properties }, (_, k) => smallest(k, properties + k)),
    stuck: Array.from({ length: properties }, (_, k) => smallest(2 * properties + k, null)),
    broken: broken === undefined ? [] : [broken],
  };
}

/** Is a violation among them? Reaching a goal is none. */
export function hasViolation(
  { failures, stuck, broken }: Findings,
  properties: readonly Property[],
): boolean {
  return (
    broken.length > 0 ||
    properties.some(
      ({ kind }, k) => kind !== "reachable" && (failures[k] !== undefined || stuck[k] !== undefined),
    )
  );
}
