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
  /** The number of the first state of each level; empty where the search was not breadth first. */
  readonly levels: readonly number[];
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
    const affordable = store.affordable(limits.maxMemoryBytes);
    const room = Math.min(store.room(), limits.maxStates - 1, affordable);
    const more = engine.run(expanded + slice, room);
    if (!more) break;
    const counts = engine.counts();
    limits.onProgress(counts, seconds(), store.bytes(counts.states));
    if (limits.stopAtFirst && counts.found > 0) cut = "the search ended at the first violation";
    else if (counts.states >= limits.maxStates) cut = `the limit of ${limits.maxStates} states was reached`;
    else if (seconds() > limits.maxSeconds) cut = `the limit of ${limits.maxSeconds} seconds was reached`;
    else if (limits.interrupted()) cut = "the search was interrupted";
    else if (
      counts.states > affordable ||
      (counts.states > store.room() && !store.grow(limits.maxMemoryBytes))
    ) {
      cut = `the limit of ${limits.maxMemoryBytes} bytes of memory was reached`;
    }
  }
  const counts = engine.counts();
  return {
    program,
    counts,
    findings: engine.findings(),
    cut,
    arena: store.arena,
    parents: store.parents,
    levels: engine.levels(),
    taken,
    reached,
    find: (state) => engine.find(...state),
    seconds: seconds(),
    memoryBytes: store.bytes(counts.states),
    peakMemoryBytes: Math.max(store.peak, store.bytes(counts.states)),
  };
}

/** Above so many states the arena is reserved at once: memory that is not touched yet costs nothing. */
const reserveFrom = 2 ** 18;
const reservedBytes = 2 ** 30;
/** The index grows fourfold up to so many slots, so that a small model is not indexed anew again and again. */
const fourfoldBelow = 2 ** 22;

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
    this.peak = this.bytes(0);
    engine.attach(this.arena, this.parents, this.index);
  }

  /** Bytes in use with so many states: the index, and what the states take of arena and parents. */
  bytes(states: number): number {
    return states * this.bytesOfState() + this.index.byteLength;
  }

  private bytesOfState(): number {
    return 4 * this.words + 4;
  }

  /** Most states with which another state can be expanded without growing. */
  room(): number {
    return Math.floor(this.index.length * load) - this.reserve;
  }

  /** Most states that take no more than so many bytes together with the index; below 0 where the index takes more. */
  affordable(bytes: number): number {
    return Math.floor((bytes - this.index.byteLength) / this.bytesOfState()) - this.reserve;
  }

  /** Makes room for more states; false where they would take more than `most` bytes in all. */
  grow(most: number): boolean {
    const slots = this.index.length * (this.index.length < fourfoldBelow ? 4 : 2);
    const states = Math.floor(slots * load);
    const kept = this.parents.length >= states;
    const before = this.bytes(this.room());
    // While growing, the new index stands beside the old one, and a new arena beside the old one.
    const copied = kept ? 0 : this.room() * this.bytesOfState();
    if (before + copied + slots * 4 > most) return false;
    this.peak = Math.max(this.peak, before + copied + slots * 4);
    if (!kept) this.enlarge(states, most);
    this.index = new Uint32Array(slots);
    this.engine.attach(this.arena, this.parents, this.index);
    this.engine.reindex();
    return true;
  }

  private enlarge(states: number, most: number): void {
    const reserved = Math.floor(Math.min(reservedBytes, most) / this.bytesOfState());
    const capacity = states > reserveFrom ? Math.max(states, reserved) : states;
    const arena = new Int32Array(capacity * this.words);
    arena.set(this.arena);
    this.arena = arena;
    const parents = new Uint32Array(capacity);
    parents.set(this.parents);
    this.parents = parents;
  }
}
