/** Breadth-first exploration: storage that grows, limits, progress. */
import { initialState, type Property } from "../../models/language/index.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import { batch, type Counts, compileEngine, type Engine, type Findings } from "./engine-text.ts";

export interface Limits {
  readonly maxStates: number;
  readonly maxMemoryBytes: number;
  readonly maxSeconds: number;
  /** Ends the search at the first violation. */
  readonly stopAtFirst: boolean;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly interrupted: () => boolean;
  readonly onProgress: (counts: Counts, seconds: number, memoryBytes: number) => void;
}

/** What was explored. */
export interface Exploration {
  readonly program: Program;
  readonly counts: Counts;
  readonly findings: Findings;
  /** Null where every reachable state was expanded; else why not, in one sentence. */
  readonly cut: string | null;
  readonly arena: Int32Array;
  /** Number of the state from which each state was first found. */
  readonly parents: Uint32Array;
  /** One byte a step: taken at least once. */
  readonly taken: Uint8Array;
  /** One byte a property: its premise was true at least once. */
  readonly reached: Uint8Array;
  /** The number of a packed state; -1 where it was not found. */
  readonly find: (words: Int32Array) => number;
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
}

/** States expanded between two looks at the clock and the limits. */
const slice = 1 << 16;
/** The index is at most this full. */
const load = 0.75;

/** Explores all reachable states of the program's model, in breadth-first order. */
export function explore(program: Program, properties: readonly Property[], limits: Limits): Exploration {
  const { words } = program.layout;
  const started = limits.now();
  const taken = new Uint8Array(program.system.steps.length);
  const reached = new Uint8Array(properties.length);
  const engine = compileEngine(program, properties, taken, reached);
  const store = new Store(engine, words, batch + program.maxSuccessors + 1);
  engine.begin(...pack(program.layout, initialState(program.system)));
  const seconds = () => (limits.now() - started) / 1000;
  let cut: string | null = null;
  while (cut === null) {
    const { expanded } = engine.counts();
    const room = Math.min(store.room(), limits.maxStates - 1);
    const more = engine.run(expanded + slice, room);
    if (!more) break;
    const counts = engine.counts();
    limits.onProgress(counts, seconds(), store.bytes());
    if (limits.stopAtFirst && counts.found > 0) cut = "the search ended at the first violation";
    else if (counts.states >= limits.maxStates) cut = `the limit of ${limits.maxStates} states was reached`;
    else if (seconds() > limits.maxSeconds) cut = `the limit of ${limits.maxSeconds} seconds was reached`;
    else if (limits.interrupted()) cut = "the search was interrupted";
    else if (counts.states > store.room() && !store.grow(limits.maxMemoryBytes)) {
      cut = `the limit of ${limits.maxMemoryBytes} bytes of memory was reached`;
    }
  }
  return {
    program,
    counts: engine.counts(),
    findings: engine.findings(),
    cut,
    arena: store.arena,
    parents: store.parents,
    taken,
    reached,
    find: (state) => engine.find(...state),
    seconds: seconds(),
    memoryBytes: store.bytes(),
    peakMemoryBytes: store.peak,
  };
}

/** The arena of states, their parents and the index, all typed arrays, replaced by larger ones when full. */
class Store {
  arena: Int32Array;
  parents: Uint32Array;
  peak: number;
  private index: Uint32Array;
  private readonly engine: Engine;
  private readonly words: number;
  private readonly reserve: number;

  constructor(engine: Engine, words: number, reserve: number) {
    this.engine = engine;
    this.words = words;
    this.reserve = reserve;
    const slots = 2 ** Math.max(16, Math.ceil(Math.log2((reserve + 2) / load)));
    const states = Math.floor(slots * load);
    this.arena = new Int32Array(states * words);
    this.parents = new Uint32Array(states);
    this.index = new Uint32Array(slots);
    this.peak = this.bytes();
    engine.attach(this.arena, this.parents, this.index);
  }

  bytes(): number {
    return this.arena.byteLength + this.parents.byteLength + this.index.byteLength;
  }

  /** Most states with which another state can be expanded without growing. */
  room(): number {
    return Math.floor(this.index.length * load) - this.reserve;
  }

  /** Doubles the room; false where that would take more than `most` bytes. */
  grow(most: number): boolean {
    const before = this.bytes();
    const slots = this.index.length * 2;
    const states = Math.floor(slots * load);
    // While growing, the old arena stands beside the new one; the index is made anew from the arena.
    const after = states * (4 * this.words + 4) + slots * 4;
    if (Math.max(after, states * 4 * this.words + this.arena.byteLength) > most) return false;
    const arena = new Int32Array(states * this.words);
    arena.set(this.arena);
    this.arena = arena;
    const parents = new Uint32Array(states);
    parents.set(this.parents);
    this.parents = parents;
    this.index = new Uint32Array(slots);
    this.engine.attach(arena, parents, this.index);
    this.engine.reindex();
    this.peak = Math.max(this.peak, before + after);
    return true;
  }
}
