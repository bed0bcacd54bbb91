/** A short closed walk through a fair component that is itself fair and accepting. */
import type { Meter } from "../explore/meter.ts";
import { InternalError } from "../internal-error.ts";
import type { FairComponent } from "./fair-component.ts";
import type { Fair } from "./fairness.ts";
import { Growing } from "./growing.ts";
import { isAble, type Move, type Part, stutter } from "./part.ts";

/** What a walk still owes: acceptance sets, and actors and fair steps that must come, or for weak ones be unable to. */
class Debts {
  private readonly part: Part;
  private readonly strong: readonly number[];
  private readonly moved = new Set<number>();
  private readonly owedWeak: Set<number>;
  private readonly owedStrong = new Set<number>();
  private marks: number;

  constructor(part: Part, fair: Fair) {
    this.part = part;
    this.strong = membersOf(fair.strong);
    this.owedWeak = new Set(membersOf(fair.weak));
    this.marks = part.allMarks;
  }

  arePaid(): boolean {
    return this.marks === 0 && this.owedWeak.size === 0 && this.owedStrong.size === 0;
  }

  /** True where taking the edge pays something. */
  pays(edge: number): boolean {
    const { part } = this;
    if (part.marks !== null && (this.marks & (part.marks[edge] as number)) !== 0) return true;
    if (this.claimsOf(edge).some((bit) => this.owedWeak.has(bit) || this.owedStrong.has(bit))) return true;
    return [...this.owedWeak].some((instance) => !isAble(part, part.targets[edge] as number, instance));
  }

  take(edge: number): void {
    if (this.part.marks !== null) this.marks &= ~(this.part.marks[edge] as number);
    for (const bit of this.claimsOf(edge)) {
      this.moved.add(bit);
      this.owedWeak.delete(bit);
      this.owedStrong.delete(bit);
    }
    this.visit(this.part.targets[edge] as number);
  }

  visit(position: number): void {
    for (const i of this.owedWeak) if (!isAble(this.part, position, i)) this.owedWeak.delete(i);
    for (const i of this.strong) {
      if (!this.moved.has(i) && isAble(this.part, position, i)) this.owedStrong.add(i);
    }
  }

  /** The instance that moves, and the step where it asks for fairness. */
  private claimsOf(edge: number): readonly number[] {
    const step = this.part.steps[edge] as number;
    if (step === stutter) return [];
    const own = this.part.claims[step] as number;
    const mover = this.part.movers[step] as number;
    return own < 0 ? [mover] : [mover, own];
  }
}

function membersOf(mask: Int32Array): readonly number[] {
  return Array.from({ length: mask.length * 32 }, (_, i) => i).filter(
    (i) => (((mask[i >>> 5] as number) >>> (i & 31)) & 1) === 1,
  );
}

/** A loop from the component's position back to it. Steps that stay at an end are left out: a run that ends has none. */
export function loopThrough(part: Part, component: FairComponent, fair: Fair, meter: Meter): readonly Move[] {
  const home = component.position;
  const debts = new Debts(part, fair);
  const search = new Search(part, component, meter);
  const edges: number[] = [];
  debts.visit(home);
  for (let at = home; ; ) {
    const paid = debts.arePaid();
    if (paid && at === home && edges.length > 0) break;
    // On the way home a strongly fair actor may become able to move, and owe that.
    const way = search.shortest(at, paid ? (e) => part.targets[e] === home : (e) => debts.pays(e));
    for (const edge of way) {
      debts.take(edge);
      edges.push(edge);
      at = part.targets[edge] as number;
    }
  }
  return edges.flatMap((edge) => {
    const step = part.steps[edge] as number;
    return step === stutter ? [] : [{ step, state: part.states[part.targets[edge] as number] as number }];
  });
}

/** Breadth-first searches within one component. */
class Search {
  private readonly part: Part;
  private readonly component: FairComponent;
  /** Edge by which each position was reached, valid where `stamp` is that of the current search. */
  private readonly by: Int32Array;
  private readonly stamps: Int32Array;
  private readonly meter: Meter;
  private stamp = 0;

  constructor(part: Part, component: FairComponent, meter: Meter) {
    meter.take(8 * part.states.length);
    this.meter = meter;
    this.part = part;
    this.component = component;
    this.by = new Int32Array(part.states.length);
    this.stamps = new Int32Array(part.states.length);
  }

  /** The edges of a shortest walk from a position whose last edge is wanted. */
  shortest(from: number, wanted: (edge: number) => boolean): readonly number[] {
    const { first, targets } = this.part;
    const { group, position: home } = this.component;
    const stamp = ++this.stamp;
    const queue = new Growing(this.meter);
    const sources = new Growing(this.meter);
    queue.push(from);
    sources.push(-1);
    for (let head = 0; head < queue.length; head++) {
      this.meter.poll();
      const at = queue.items[head] as number;
      for (let e = first[at] as number; e < (first[at + 1] as number); e++) {
        const target = targets[e] as number;
        if (group[target] !== group[home]) continue;
        if (wanted(e)) {
          queue.release();
          sources.release();
          return this.walkBack(queue.items, sources.items, head, e);
        }
        if (target === from || this.stamps[target] === stamp) continue;
        this.stamps[target] = stamp;
        this.by[target] = e;
        queue.push(target);
        sources.push(head);
      }
    }
    throw new InternalError("a component that is not connected");
  }

  private walkBack(queue: Int32Array, sources: Int32Array, head: number, last: number) {
    const edges = [last];
    for (let i = head; (sources[i] as number) >= 0; i = sources[i] as number) {
      edges.push(this.by[queue[i] as number] as number);
    }
    return edges.reverse();
  }
}
