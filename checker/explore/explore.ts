/** Breadth-first exploration: blocks of states, limits, progress. */
import { initialState, type Property } from "../../models/language/index.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import { Crew, type Parallel, ringsFor } from "./crew.ts";
import { compileEngine, type Engine, type Marks } from "./engine.ts";
import { type Findings, hasViolation, marksLength, readMarks } from "./findings.ts";
import { Store } from "./store.ts";

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
  /** Explores with several threads; with this one alone where absent. */
  readonly parallel?: Parallel;
}

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  readonly depth: number;
  readonly expanded: number;
  readonly frontier: number;
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
  /** Threads that took part. It may depend on how soon they had started, and nothing else here does. */
  readonly workers: number;
}

/** Most states of a block: what is expanded between two looks at the clock and the limits. */
const mostOfBlock = 1 << 15;
/** Most candidates of a block. */
const mostCandidates = 1 << 20;
/** The index grows where fewer states than this could be expanded without. */
const leastOfBlock = 256;
/** Milliseconds between two reports of progress. */
const progressEvery = 100;

/** Explores all reachable states of the program's model, in breadth-first order. */
export function explore(program: Program, properties: readonly Property[], limits: Limits): Exploration {
  const search = new Search(program, properties, limits);
  try {
    const cut = search.run();
    return search.result(cut);
  } catch (error) {
    search.abandon();
    throw error;
  }
}

/** One exploration while it runs. Everything it finds is a function of the model alone, whatever the number of threads. */
class Search {
  private readonly program: Program;
  private readonly properties: readonly Property[];
  private readonly limits: Limits;
  private readonly engine: Engine;
  private readonly marks: Marks;
  private readonly store: Store;
  private readonly block: number;
  private readonly started: number;
  private crew: Crew | null = null;
  /** The crew has taken part; from then on its leader waits for the others. */
  private shared = false;
  private reported: number;
  private states = 1;
  private at = 0;
  private levelEnd = 1;
  private levels = [0];

  constructor(program: Program, properties: readonly Property[], limits: Limits) {
    this.program = program;
    this.properties = properties;
    this.limits = limits;
    this.started = this.reported = limits.now();
    const workers = limits.parallel?.workers ?? 1;
    const bytes = (n: number) => (workers > 1 ? new SharedArrayBuffer(n) : new ArrayBuffer(n));
    this.marks = {
      taken: new Uint8Array(bytes(program.system.steps.length)),
      reached: new Uint8Array(bytes(properties.length)),
      marks: new Uint32Array(bytes(4 * marksLength(properties.length))),
    };
    this.engine = compileEngine(program, properties, this.marks);
    this.block = Math.max(1, Math.min(mostOfBlock, Math.floor(mostCandidates / program.maxSuccessors)));
    const { words } = program.layout;
    this.store = new Store(
      words,
      program.maxSuccessors,
      ringsFor(workers),
      limits.maxMemoryBytes,
      workers > 1,
    );
    this.engine.attach(this.store.memory);
    this.engine.begin(...pack(program.layout, initialState(program.system)));
  }

  /** Runs to the end or to a limit; why it was cut, or null. */
  run(): string | null {
    while (this.at < this.states) {
      if (this.at === this.levelEnd) {
        this.levels.push(this.at);
        this.levelEnd = this.states;
      }
      const wanted = Math.min(this.block, this.levelEnd - this.at);
      if (this.fitting(this.store.room()) < Math.min(wanted, leastOfBlock)) {
        const slots = this.store.nextSlots(this.states);
        if (slots === null) return this.outOfMemory();
        this.grow(slots);
      }
      const { maxStates } = this.limits;
      const most = Math.min(this.store.room(), this.store.affordable(), maxStates);
      this.expand(Math.max(1, Math.min(wanted, this.fitting(most))));
      const cut = this.cut();
      if (cut !== null) return cut;
    }
    return null;
  }

  /** How many states can be expanded with at most so many states stored then. */
  private fitting(states: number): number {
    return Math.floor((states - this.states) / Math.max(1, this.program.maxSuccessors));
  }

  private expand(size: number): void {
    const { parallel } = this.limits;
    const to = this.at + size;
    if (parallel !== undefined && parallel.workers > 1 && size >= parallel.fromBlock) {
      if (this.crew === null && this.states >= parallel.fromStates) this.gather(parallel);
      if (this.crew !== null && (this.shared || this.crew.ready)) {
        this.shared = true;
        this.states = this.crew.expand(this.at, to, this.states);
        this.at = to;
        return;
      }
    }
    this.states = this.engine.run(this.at, to, this.states);
    this.at = to;
  }

  private gather(parallel: Parallel): void {
    this.store.settle(this.states);
    this.engine.attach(this.store.memory);
    const { engine, marks, block, program, properties } = this;
    this.crew = new Crew(program, properties, { engine, marks, memory: this.store.memory, block }, parallel);
  }

  private grow(slots: number): void {
    const before = this.store.memory.slots;
    const kept = this.store.memory.index;
    this.store.grow(slots, this.states);
    const { memory } = this.store;
    if (this.crew !== null && this.shared) {
      this.crew.reindex(slots, before, this.states);
      return;
    }
    this.crew?.grewTo(slots);
    if (memory.index === kept) memory.index.fill(0, 0, before);
    this.engine.attach(memory);
    this.engine.reindex(this.states, 0, slots);
  }

  private cut(): string | null {
    const { limits, states } = this;
    const now = limits.now();
    if (now - this.reported >= progressEvery) {
      this.reported = now;
      limits.onProgress(this.counts(), this.seconds(), this.store.bytes(states));
    }
    if (this.at === states) return null;
    if (limits.stopAtFirst && hasViolation(this.findings(), this.properties))
      return "the search ended at the first violation";
    if (states >= limits.maxStates) return `the limit of ${limits.maxStates} states was reached`;
    if (this.seconds() > limits.maxSeconds) return `the limit of ${limits.maxSeconds} seconds was reached`;
    if (limits.interrupted()) return "the search was interrupted";
    return states >= this.store.affordable() ? this.outOfMemory() : null;
  }

  private outOfMemory(): string {
    const { most } = this.store;
    return most < this.limits.maxMemoryBytes
      ? `the system gives no more than ${most} bytes of memory`
      : `the limit of ${most} bytes of memory was reached`;
  }

  private seconds(): number {
    return (this.limits.now() - this.started) / 1000;
  }

  private counts(): Counts {
    const { states, at, levels, engine } = this;
    const others = this.crew?.others() ?? { transitions: 0, errors: 0 };
    return {
      states,
      transitions: engine.transitions() + others.transitions,
      errors: engine.errors() + others.errors,
      depth: levels.length - 1,
      expanded: at,
      frontier: states - at,
    };
  }

  private findings(): Findings {
    return readMarks(this.crew?.marks ?? [this.marks.marks], this.properties.length);
  }

  result(cut: string | null): Exploration {
    if (this.shared) this.crew?.dismiss();
    else this.abandon();
    const { program, states, engine, store, marks, levels, levelEnd } = this;
    const memoryBytes = store.bytes(states);
    return {
      program,
      counts: this.counts(),
      findings: this.findings(),
      cut,
      arena: store.memory.arena,
      parents: store.memory.parents,
      // A search that was cut has states of the level after the one that it was in.
      levels: states > levelEnd ? [...levels, levelEnd] : levels,
      taken: marks.taken,
      reached: marks.reached,
      find: (state) => engine.find(...state),
      seconds: this.seconds(),
      memoryBytes,
      peakMemoryBytes: memoryBytes,
      workers: this.shared ? (this.limits.parallel?.workers ?? 1) : 1,
    };
  }

  /** Ends the other threads after a failure. */
  abandon(): void {
    this.crew?.abandon();
  }
}
