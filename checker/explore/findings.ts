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

/** What one thread notes, and only that thread writes to. */
export interface Marks {
  /** One byte a step: taken at least once. */
  readonly taken: Uint8Array;
  /** One byte a property: its premise was true at least once. */
  readonly reached: Uint8Array;
  /** See {@link marksLength}. */
  readonly marks: Uint32Array;
}

/** Bytes left free on either side of what one thread writes to: two lines of the cache, which some processors fetch together. */
const apart = 128;

/**
 * Marks of nothing. A thread marks each step that it takes, so what another one writes to must not stand in the same line of
 * the cache.
 *
 * @param buffer - makes memory of so many bytes
 */
export function newMarks(
  steps: number,
  properties: number,
  buffer: (bytes: number) => ArrayBufferLike,
): Marks {
  const words = 4 * marksLength(properties);
  const memory = buffer(apart + words + steps + properties + apart);
  return {
    marks: new Uint32Array(memory, apart, words / 4),
    taken: new Uint8Array(memory, apart + words, steps),
    reached: new Uint8Array(memory, apart + words + steps, properties),
  };
}

/**
 * The marks of all threads as those of one: of each kind the finding in the state with the smallest number. Each thread
 * takes states in ascending order, and no state is taken by two, so the result does not depend on who took which. A thread that
 * rehearses may be writing what the leader has noted long before; of equal states the first thread's mark counts, which is the leader's.
 */
export function mergeMarks(all: readonly Marks[], steps: number, properties: number): Marks {
  const { taken, reached, marks: merged } = newMarks(steps, properties, (bytes) => new ArrayBuffer(bytes));
  for (const one of all) {
    one.taken.forEach((mark, step) => {
      if (mark === 1) taken[step] = 1;
    });
    one.reached.forEach((mark, property) => {
      if (mark === 1) reached[property] = 1;
    });
  }
  const smallest = (state: number, step: number | null) => {
    for (const { marks } of all) {
      const found = marks[state] as number;
      if (found === 0 || (merged[state] !== 0 && (merged[state] as number) <= found)) continue;
      merged[state] = found;
      if (step !== null) merged[step] = marks[step] as number;
    }
  };
  for (let k = 0; k < properties; k++) {
    smallest(k, properties + k);
    smallest(2 * properties + k, null);
  }
  smallest(3 * properties, 3 * properties + 1);
  return { taken, reached, marks: merged };
}

/** What the marks of all threads together say. */
export function readMarks({ marks }: Marks, properties: number): Findings {
  const finding = (state: number, step: number): Finding | undefined =>
    marks[state] === 0
      ? undefined
      : { state: (marks[state] as number) - 1, step: (marks[step] as number) - 1 };
  const broken = finding(3 * properties, 3 * properties + 1);
  return {
    failures: Array.from({ length: properties }, (_, k) => finding(k, properties + k)),
    stuck: Array.from({ length: properties }, (_, k) => {
      const state = marks[2 * properties + k] as number;
      return state === 0 ? undefined : { state: state - 1 };
    }),
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
