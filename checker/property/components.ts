/** Strongly connected components by Tarjan's algorithm (1972), without recursion. */
import type { Meter } from "../explore/meter.ts";
import type { Part } from "./part.ts";

/** Told of a component: its members are `members[from]` up to `members[to - 1]`. */
type OnComponent = (component: number, members: Int32Array, from: number, to: number) => void;

/** Splits sets of positions into components. Each position is in one group, at first all are in group 0. */
export class Components {
  /** The group of each position. */
  readonly group: Int32Array;
  private readonly part: Part;
  private readonly order: Int32Array;
  private readonly low: Int32Array;
  private readonly edge: Int32Array;
  private readonly open: Int32Array;
  private readonly path: Int32Array;
  private readonly meter: Meter;
  private groups = 1;

  constructor(part: Part, meter: Meter) {
    const size = part.states.length;
    meter.take(24 * size);
    this.meter = meter;
    this.part = part;
    this.group = new Int32Array(size);
    this.order = new Int32Array(size).fill(-1);
    this.low = new Int32Array(size);
    this.edge = new Int32Array(size);
    this.open = new Int32Array(size);
    this.path = new Int32Array(size);
  }

  /** Makes a group of its own of the positions, to be split. */
  regroup(positions: Int32Array): number {
    const group = this.groups++;
    for (const position of positions) {
      this.group[position] = group;
      this.order[position] = -1;
    }
    return group;
  }

  /** Splits a group: its positions, in ascending order or all of them where null, go to a new group a component. */
  split(group: number, positions: Int32Array | null, onComponent: OnComponent): void {
    const size = positions === null ? this.part.states.length : positions.length;
    for (let i = 0; i < size; i++) {
      const root = positions === null ? i : (positions[i] as number);
      if (this.group[root] === group && this.order[root] === -1) this.search(root, group, onComponent);
    }
  }

  private search(root: number, group: number, onComponent: OnComponent): void {
    const { order, low, edge, open, path, meter } = this;
    const { first, targets } = this.part;
    let counter = 0;
    let [opened, depth] = [0, 0];
    path[depth++] = root;
    while (depth > 0) {
      meter.poll();
      const at = path[depth - 1] as number;
      if (order[at] === -1) {
        order[at] = low[at] = counter++;
        edge[at] = first[at] as number;
        open[opened++] = at;
      }
      const end = first[at + 1] as number;
      let next = -1;
      let e = edge[at] as number;
      for (; e < end; e++) {
        const target = targets[e] as number;
        // What is in another group is outside, or in a component that is complete.
        if (this.group[target] !== group) continue;
        if (order[target] === -1) {
          next = target;
          break;
        }
        // An edge that was descended comes here again on return, when the target's low is final.
        if ((low[target] as number) < (low[at] as number)) low[at] = low[target] as number;
      }
      edge[at] = e;
      if (next >= 0) {
        path[depth++] = next;
        continue;
      }
      depth--;
      if (low[at] !== order[at]) continue;
      const component = this.groups++;
      const to = opened;
      do {
        opened--;
        this.group[open[opened] as number] = component;
      } while (open[opened] !== at);
      onComponent(component, open, opened, to);
    }
  }
}
