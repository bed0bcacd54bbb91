/** What fairness and acceptance ask of a set of positions and edges that a run visits again and again. */
import type { System } from "../../models/language/index.ts";
import { type Part, stutter, widthOf } from "./part.ts";

/** Instances and steps by their fairness, as bit masks: a bit for each instance, then one for each step that asks for fairness. */
export interface Fair {
  readonly weak: Int32Array;
  readonly strong: Int32Array;
}

export function fairnessOf(system: System): Fair {
  const kinds = [
    ...system.instances.map(({ actor }) => actor.fairness),
    ...system.steps.flatMap(({ fairness }) => fairness ?? []),
  ];
  const mask = (wanted: "weak" | "strong") => {
    const words = new Int32Array(widthOf(kinds.length));
    kinds.forEach((kind, i) => {
      if (kind === wanted) words[i >>> 5] = (words[i >>> 5] as number) | (1 << (i & 31));
    });
    return words;
  };
  return { weak: mask("weak"), strong: mask("strong") };
}

/**
 * What a component offers a run that goes through all of it for ever. A set of edges is good for an acceptance set that
 * one of them is in, for a weakly fair actor that moves on one of them or cannot move at some position, and for a
 * strongly fair actor that moves on one of them or cannot move at any position. A fair step is like an actor of its own.
 */
export class Tally {
  private readonly part: Part;
  private readonly fair: Fair;
  private readonly moved: Int32Array;
  private readonly everAble: Int32Array;
  private readonly alwaysAble: Int32Array;
  private marks = 0;

  constructor(part: Part, fair: Fair) {
    this.part = part;
    this.fair = fair;
    this.moved = new Int32Array(part.width);
    this.everAble = new Int32Array(part.width);
    this.alwaysAble = new Int32Array(part.width);
  }

  clear(): void {
    this.marks = 0;
    this.moved.fill(0);
    this.everAble.fill(0);
    this.alwaysAble.fill(-1);
  }

  visit(position: number): void {
    const { able, width } = this.part;
    for (let w = 0; w < width; w++) {
      const here = able[position * width + w] as number;
      this.everAble[w] = (this.everAble[w] as number) | here;
      this.alwaysAble[w] = (this.alwaysAble[w] as number) & here;
    }
  }

  take(edge: number): void {
    const { marks, steps, movers, claims } = this.part;
    if (marks !== null) this.marks |= marks[edge] as number;
    const step = steps[edge] as number;
    if (step === stutter) return;
    this.move(movers[step] as number);
    const claim = claims[step] as number;
    if (claim >= 0) this.move(claim);
  }

  private move(bit: number): void {
    this.moved[bit >>> 5] = (this.moved[bit >>> 5] as number) | (1 << (bit & 31));
  }

  /** What no part of it can be good for, either: an acceptance set, or a weakly fair actor. */
  isHopeless(): boolean {
    if (this.marks !== this.part.allMarks) return true;
    return this.fair.weak.some(
      (weak, w) => (weak & (this.alwaysAble[w] as number) & ~(this.moved[w] as number)) !== 0,
    );
  }

  /** Strongly fair actors that can move somewhere and never do; null where there are none. */
  neglected(): Int32Array | null {
    const mask = this.fair.strong.map(
      (strong, w) => strong & (this.everAble[w] as number) & ~(this.moved[w] as number),
    );
    return mask.some((word) => word !== 0) ? mask : null;
  }
}
