import type { Meter } from "../explore/meter.ts";

/** Integers for which there is room at first. */
const first = 1024;

/** A list of 32-bit integers that grows, in one typed array. */
export class Growing {
  items: Int32Array;
  length = 0;
  private readonly meter: Meter;

  constructor(meter: Meter) {
    this.meter = meter;
    meter.take(4 * first);
    this.items = new Int32Array(first);
  }

  push(value: number): void {
    if (this.length === this.items.length) {
      // For a while both are there.
      this.meter.take(8 * this.length);
      const larger = new Int32Array(this.length * 2);
      larger.set(this.items);
      this.items = larger;
      this.meter.give(4 * this.length);
    }
    this.items[this.length++] = value;
  }

  /** To be called where the list is not needed any more, before what it was made for ends. */
  release(): void {
    this.meter.give(4 * this.items.length);
  }

  /** The items as they are, without the room behind them; shares their memory. */
  view(): Int32Array {
    return this.items.subarray(0, this.length);
  }
}
