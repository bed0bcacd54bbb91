/** Builds a part of the graph while a search runs through it. */
import type { System } from "../../models/language/index.ts";
import type { Meter } from "../explore/meter.ts";
import { Growing } from "./growing.ts";
import { type Part, widthOf } from "./part.ts";

export class PartBuilder {
  readonly states: Growing;
  private readonly causes: Growing;
  private readonly first: Growing;
  private readonly targets: Growing;
  private readonly steps: Growing;
  private readonly marks: Growing | null;
  private readonly allMarks: number;
  private readonly able: Growing;
  private readonly width: number;
  private readonly movers: Int32Array;
  private readonly claims: Int32Array;
  private base = 0;

  /** `allMarks` is 0 where there are no acceptance sets. */
  constructor({ instances, steps }: System, allMarks: number, meter: Meter) {
    const growing = () => new Growing(meter);
    this.states = growing();
    this.causes = growing();
    this.first = growing();
    this.targets = growing();
    this.steps = growing();
    this.able = growing();
    this.allMarks = allMarks;
    this.marks = allMarks === 0 ? null : growing();
    let bits = instances.length;
    this.claims = Int32Array.from(steps, ({ fairness }) => (fairness === null ? -1 : bits++));
    this.width = widthOf(bits);
    this.movers = Int32Array.from(steps, ({ instance }) => instance);
  }

  /** Adds a position, found from another one (-1: a beginning), and returns it. */
  add(state: number, cause: number): number {
    this.states.push(state);
    this.causes.push(cause);
    return this.states.length - 1;
  }

  /** What follows is about the next position, in the order in which they were added. */
  open(): void {
    this.first.push(this.targets.length);
    this.base = this.able.length;
    for (let w = 0; w < this.width; w++) this.able.push(0);
  }

  /** The step can be taken at the position that is open. */
  enable(step: number): void {
    this.set(this.movers[step] as number);
    const claim = this.claims[step] as number;
    if (claim >= 0) this.set(claim);
  }

  private set(bit: number): void {
    const word = this.base + (bit >>> 5);
    this.able.items[word] = (this.able.items[word] as number) | (1 << (bit & 31));
  }

  edge(step: number, target: number, marks: number): void {
    this.targets.push(target);
    this.steps.push(step);
    this.marks?.push(marks);
  }

  finish(): Part {
    this.first.push(this.targets.length);
    return {
      states: this.states.view(),
      causes: this.causes.view(),
      first: this.first.view(),
      targets: this.targets.view(),
      steps: this.steps.view(),
      marks: this.marks?.view() ?? null,
      allMarks: this.allMarks,
      able: this.able.view(),
      width: this.width,
      movers: this.movers,
      claims: this.claims,
    };
  }
}
