/** A list of 32-bit integers that grows, in one typed array. */
export class Growing {
  items = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = value;
  }

  /** The items as they are, without the room behind them; shares their memory. */
  view(): Int32Array {
    return this.items.subarray(0, this.length);
  }
}
