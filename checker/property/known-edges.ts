/** Edges of a graph that were read before: to be computed once, however many properties ask for them. */
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";

/** Most bytes that are kept of one graph: about two million states with three steps each. */
const most = 2 ** 26;

const known = new WeakMap<Exploration, KnownEdges>();

/** What is known of the edges of an exploration; nothing is ever kept of one that is too large. */
export function knownEdges(exploration: Exploration, meter: Meter | null): KnownEdges {
  let edges = known.get(exploration);
  if (edges === undefined) {
    const { states, transitions } = exploration.counts;
    edges = new KnownEdges(states, states + 2 * transitions, meter);
    known.set(exploration, edges);
  }
  return edges;
}

/** The edges of each state one after the other, in the order in which the states were read first. */
class KnownEdges {
  /** Where the edges of a state stand, counted from 1: how many there are, and of each its step and its target. */
  private places = new Uint32Array(0);
  private edges = new Uint32Array(0);
  private filled = 0;

  /** They are kept beside what the meter counts, and are forgotten once that needs the room. */
  constructor(states: number, room: number, meter: Meter | null) {
    const bytes = 4 * (states + room);
    if (bytes > most || meter?.keep(bytes, () => this.forget()) === false) return;
    this.places = new Uint32Array(states);
    this.edges = new Uint32Array(room);
  }

  /** Fills the buffers with the edges of a state and returns how many there are; -1 where they are not known. */
  read(state: number, steps: Uint32Array, targets: Uint32Array): number {
    const place = this.places[state] ?? 0;
    if (place === 0) return -1;
    const count = this.edges[place - 1] as number;
    for (let e = 0, at = place; e < count; e++, at += 2) {
      steps[e] = this.edges[at] as number;
      targets[e] = this.edges[at + 1] as number;
    }
    return count;
  }

  add(state: number, count: number, steps: Uint32Array, targets: Uint32Array): void {
    if (this.filled + 1 + 2 * count > this.edges.length) return;
    this.edges[this.filled++] = count;
    this.places[state] = this.filled;
    for (let e = 0; e < count; e++) {
      this.edges[this.filled++] = steps[e] as number;
      this.edges[this.filled++] = targets[e] as number;
    }
  }

  private forget(): void {
    this.places = new Uint32Array(0);
    this.edges = new Uint32Array(0);
    this.filled = 0;
  }
}
