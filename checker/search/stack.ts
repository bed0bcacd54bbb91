/** The stack of a depth-first search: states that wait, above the ancestors from which they were reached. */
export class Stack {
  states: Int32Array;
  /** States that have not been expanded. */
  waiting = 0;
  private links: Int32Array;
  private length = 0;
  private readonly words: number;

  constructor(words: number) {
    this.words = words;
    this.states = new Int32Array(1024 * words);
    this.links = new Int32Array(1024 * fields);
  }

  /** Pushes a state and gives its entry. */
  push(states: Int32Array, at: number, step: number, parent: number, number: number): number {
    if (this.length * fields === this.links.length) this.grow();
    const entry = this.length++;
    for (let i = 0; i < this.words; i++) this.states[entry * this.words + i] = states[at + i] ?? 0;
    const depth = parent < 0 ? 0 : this.depth(parent) + 1;
    const link = entry * fields;
    this.links[link] = step;
    this.links[link + 1] = parent;
    this.links[link + 2] = depth;
    this.links[link + 3] = number;
    this.links[link + 4] = 0;
    this.waiting++;
    return entry;
  }

  /** The entry on top; -1 where there is none. */
  top(): number {
    return this.length - 1;
  }

  pop(): void {
    if (!this.isExpanded(--this.length)) this.waiting--;
  }

  isExpanded(entry: number): boolean {
    return this.link(entry, 4) === 1;
  }

  expanded(entry: number): void {
    this.links[entry * fields + 4] = 1;
    this.waiting--;
  }

  /** Steps from the initial state. */
  depth(entry: number): number {
    return this.link(entry, 2);
  }

  /** The number that the set of visited states gave. */
  number(entry: number): number {
    return this.link(entry, 3);
  }

  /** The steps that lead to the state of the entry. */
  run(entry: number): readonly number[] {
    const steps: number[] = [];
    for (let at = entry; this.link(at, 1) >= 0; at = this.link(at, 1)) steps.push(this.link(at, 0));
    return steps.reverse();
  }

  bytes(): number {
    return this.states.byteLength + this.links.byteLength;
  }

  /** Bytes at most while so many states are pushed; the old arrays stand beside the new ones while it grows. */
  bytesWith(more: number): number {
    return (this.length + more) * fields > this.links.length ? this.bytes() * 3 : this.bytes();
  }

  private link(entry: number, field: number): number {
    return this.links[entry * fields + field] ?? 0;
  }

  private grow(): void {
    const [states, links] = [this.states, this.links];
    this.states = new Int32Array(states.length * 2);
    this.states.set(states);
    this.links = new Int32Array(links.length * 2);
    this.links.set(links);
  }
}

/** Step, parent's entry, depth, number, expanded. */
const fields = 5;
