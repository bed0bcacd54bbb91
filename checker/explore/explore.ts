/** Breadth-first exploration: blocks of states, limits, progress. */
import { initialState, type Property } from "../../models/language/index.ts";
import { InternalError } from "../internal-error.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import { birthWords, parentsOf } from "./births.ts";
import { type Checkpoints, isSound, positionsOf, type Resumption, type Snapshot } from "./checkpoint.ts";
import { Crew, type Parallel } from "./crew.ts";
import { compileEngine, type Engine } from "./engine.ts";
import {
  type Findings,
  hasViolation,
  type Marks,
  marksLength,
  mergeMarks,
  newMarks,
  readMarks,
} from "./findings.ts";
import { type Patience, refusalOf } from "./refusal.ts";
import { leastOfBlock, Store } from "./store.ts";
import { trendOf } from "./trend.ts";

export interface Limits extends Patience {
  readonly maxStates: number;
  readonly maxMemoryBytes: number;
  /** Ends the search at the first violation. */
  readonly stopAtFirst: boolean;
  readonly onProgress: (counts: Counts, more: Standing) => void;
  /** Explores with several threads; with this one alone where absent. */
  readonly parallel?: Parallel;
  readonly checkpoints?: Checkpoints;
  /** Goes on from here in place of the initial state. */
  readonly resume?: Resumption;
}

/** How a search stands, beside its counts. */
export interface Standing {
  readonly seconds: number;
  readonly memoryBytes: number;
  /** Of a breadth-first search, see `trend.ts`. */
  readonly trend?: number | null;
  /** Id of the property that is judged on all runs, once the search is over. */
  readonly judging?: string;
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
  /** Asked of each state and step during the search. */
  readonly properties: readonly Property[];
  readonly counts: Counts;
  readonly findings: Findings;
  /** Null where every reachable state was expanded; else why not, in one sentence. */
  readonly cut: string | null;
  readonly arena: Int32Array;
  /** Makes a function from the number of a state to that of the state from which it was found; the initial one is its own. */
  readonly parents: () => (state: number) => number;
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

/**
 * Most states of a block: what is expanded between two looks at the clock and the limits. Four times as many in a large
 * search, where threads that wait for each other at the end of a block cost more than a late look.
 */
const [mostOfBlock, mostOfLargeBlock] = [1 << 14, 1 << 16];
/** Known states per state of a block in between. */
const statesPerBlock = 64;
/** Most candidates of a block. */
const mostCandidates = 1 << 20;
/** Of the widest level: where one is narrower than this, other threads do not join any more. */
const subsiding = 2 / 3;
/** Milliseconds between two reports of progress. */
export const progressEvery = 100;

/** Is it about whole runs, and so judged once the search is over? */
function isOfRuns({ kind }: Property): boolean {
  return kind === "leadsTo" || kind === "ltl" || kind === "alwaysPossible";
}

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
  /** Spent by the search that this one goes on with. */
  private before: Pick<Snapshot, "transitions" | "errors" | "seconds"> = {
    transitions: 0,
    errors: 0,
    seconds: 0,
  };
  private crew: Crew | null = null;
  /** The crew has taken part; from then on its leader waits for the others. */
  private shared = false;
  private reported: number;
  private stored: number;
  private states = 1;
  private at = 0;
  private levelEnd = 1;
  private levels = [0];
  /** States of the widest level. */
  private widest = 1;
  /** Where the block ends that was begun. A limit may divide it, but that must not show once the search goes on. */
  private blockEnd = 0;

  constructor(program: Program, properties: readonly Property[], limits: Limits) {
    this.program = program;
    this.properties = properties;
    this.limits = limits;
    this.started = this.reported = this.stored = limits.now();
    const workers = limits.parallel?.workers ?? 1;
    this.marks = newMarks(program.system.steps.length, properties.length, (n) => new ArrayBuffer(n));
    this.engine = compileEngine(program, properties, this.marks);
    this.block = Math.max(1, Math.min(mostOfLargeBlock, Math.floor(mostCandidates / program.maxSuccessors)));
    const { words } = program.layout;
    this.store = new Store(words, program.maxSuccessors, limits.maxMemoryBytes, workers > 1);
    this.engine.attach(this.store.memory);
    this.engine.begin(...pack(program.layout, initialState(program.system)));
    if (limits.resume !== undefined) this.resume(limits.resume);
  }

  private resume({ snapshot, fill }: Resumption): void {
    const { program, properties, store, engine, marks } = this;
    const most = { steps: marks.taken.length, marks: marksLength(properties.length) };
    if (snapshot.words !== program.layout.words || !isSound(snapshot, most))
      throw new InternalError("a snapshot is of another search");
    const { states, expanded, levels, levelEnd, blockEnd, slots } = snapshot;
    store.memory.index.fill(0);
    store.grow(slots, 0);
    const { arena, births } = store.memory;
    fill([arena.subarray(0, states * program.layout.words), births.subarray(0, birthWords(states))]);
    engine.attach(store.memory);
    engine.reindex(states, 0, slots);
    for (const step of snapshot.taken) marks.taken[step] = 1;
    for (const property of snapshot.reached) marks.reached[property] = 1;
    marks.marks.set(snapshot.marks);
    this.states = states;
    this.at = expanded;
    this.levels = [...levels];
    this.levelEnd = levelEnd;
    this.widest = [...levels, levelEnd].reduce(
      (widest, end, level, ends) => Math.max(widest, end - (ends[level - 1] ?? end)),
      0,
    );
    this.blockEnd = blockEnd;
    this.before = snapshot;
  }

  private snapshot(): Snapshot {
    const { states, at, levels, levelEnd, blockEnd, store, program } = this;
    const { taken, reached, marks } = this.allMarks();
    const { transitions, errors } = this.counts();
    return {
      words: program.layout.words,
      states,
      expanded: at,
      levels,
      levelEnd,
      blockEnd,
      slots: store.memory.slots,
      transitions,
      errors,
      seconds: this.seconds(),
      taken: positionsOf(taken),
      reached: positionsOf(reached),
      marks: [...marks],
    };
  }

  private save(): void {
    const { arena, births } = this.store.memory;
    const { states, program } = this;
    const arrays = [
      arena.subarray(0, states * program.layout.words),
      births.subarray(0, birthWords(states)),
    ] as const;
    this.limits.checkpoints?.save(this.snapshot(), arrays);
    this.stored = this.limits.now();
  }

  /** Runs to the end or to a limit; why it was cut, or null. */
  run(): string | null {
    const cut = this.advance();
    // Runs are judged once the search is over, and that may take a while as well.
    if (cut !== null || this.properties.some(isOfRuns)) this.save();
    return cut;
  }

  private advance(): string | null {
    if (this.limits.resume !== undefined) {
      const cut = this.cut();
      if (cut !== null) return cut;
    }
    while (this.at < this.states) {
      if (this.at === this.levelEnd) {
        this.levels.push(this.at);
        this.levelEnd = this.states;
        this.widest = Math.max(this.widest, this.levelEnd - this.at);
      }
      if (this.at === this.blockEnd && !this.beginBlock()) return this.outOfMemory();
      const most = Math.min(this.store.affordable(), this.limits.maxStates);
      this.expand(Math.max(1, Math.min(this.blockEnd - this.at, this.fitting(most))));
      const cut = this.cut();
      if (cut !== null) return cut;
    }
    return null;
  }

  /** Chooses the next block, for which the index has room; false where it cannot have that. */
  private beginBlock(): boolean {
    const large = Math.max(mostOfBlock, Math.floor(this.states / statesPerBlock));
    const wanted = Math.min(this.block, large, this.levelEnd - this.at);
    if (this.fitting(this.store.room()) < Math.min(wanted, leastOfBlock)) {
      const slots = this.store.nextSlots(this.states);
      if (slots === null) return false;
      this.grow(slots);
    }
    this.blockEnd = this.at + Math.max(1, Math.min(wanted, this.fitting(this.store.room())));
    return true;
  }

  /** How many states can be expanded with at most so many states stored then. */
  private fitting(states: number): number {
    return Math.floor((states - this.states) / Math.max(1, this.program.maxSuccessors));
  }

  private expand(size: number): void {
    const { parallel } = this.limits;
    const to = this.at + size;
    const together = parallel !== undefined && parallel.workers > 1 && size >= parallel.fromBlock;
    if (together && (this.shared || !this.subsides())) {
      if (this.crew === null && this.seconds() >= parallel.fromSeconds) this.gather(parallel);
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

  /** Most searches are nearly over once their levels have become much narrower than the widest one. */
  private subsides(): boolean {
    return this.levelEnd - (this.levels.at(-1) ?? 0) < subsiding * this.widest;
  }

  private gather(parallel: Parallel): void {
    this.store.settle(this.states);
    this.engine.attach(this.store.memory);
    const { engine, marks, block, program, properties, at: expanded } = this;
    const { memory } = this.store;
    this.crew = new Crew(program, properties, { engine, marks, memory, block, expanded }, parallel);
  }

  private grow(slots: number): void {
    this.store.grow(slots, this.states);
    const { memory } = this.store;
    if (this.crew !== null && this.shared) {
      this.crew.reindex(slots, this.states);
      return;
    }
    this.crew?.grewTo(slots);
    // All of it: memory that is read before it is written to is given twice.
    memory.index.fill(0, 0, slots);
    this.engine.attach(memory);
    this.engine.reindex(this.states, 0, slots);
  }

  private cut(): string | null {
    const { limits, states } = this;
    const now = limits.now();
    if (now - this.reported >= progressEvery) {
      this.reported = now;
      limits.onProgress(this.counts(), {
        seconds: this.seconds(),
        memoryBytes: this.store.bytes(states),
        trend: trendOf(this.levels, this.levelEnd),
      });
    }
    if (this.at === states) return null;
    if (limits.stopAtFirst && this.at === this.blockEnd && hasViolation(this.findings(), this.properties))
      return "the search ended at the first violation";
    if (states >= limits.maxStates) return `the limit of ${limits.maxStates} states was reached`;
    const refusal = refusalOf(limits);
    if (refusal !== null) return refusal;
    if (states >= this.store.affordable()) return this.outOfMemory();
    if (limits.checkpoints !== undefined && now - this.stored >= limits.checkpoints.everySeconds * 1000)
      this.save();
    return null;
  }

  private outOfMemory(): string {
    const { most } = this.store;
    return most < this.limits.maxMemoryBytes
      ? `the system gives no more than ${most} bytes of memory`
      : `the limit of ${most} bytes of memory was reached`;
  }

  private seconds(): number {
    return this.before.seconds + (this.limits.now() - this.started) / 1000;
  }

  private counts(): Counts {
    const { states, at, levels, engine, before } = this;
    const others = this.crew?.others() ?? { transitions: 0, errors: 0 };
    return {
      states,
      transitions: before.transitions + engine.transitions() + others.transitions,
      errors: before.errors + engine.errors() + others.errors,
      depth: levels.length - 1,
      expanded: at,
      frontier: states - at,
    };
  }

  private findings(): Findings {
    return readMarks(this.allMarks(), this.properties.length);
  }

  private allMarks(): Marks {
    const { program, properties, crew, marks } = this;
    return mergeMarks(crew?.marks ?? [marks], program.system.steps.length, properties.length);
  }

  result(cut: string | null): Exploration {
    if (this.shared) this.crew?.dismiss();
    else this.abandon();
    const { program, states, engine, store, levels, levelEnd } = this;
    const { taken, reached } = this.allMarks();
    const memoryBytes = store.bytes(states);
    return {
      program,
      properties: this.properties,
      counts: this.counts(),
      findings: this.findings(),
      cut,
      arena: store.memory.arena,
      parents: () => parentsOf(store.memory.births, states),
      // A search that was cut has states of the level after the one that it was in.
      levels: states > levelEnd ? [...levels, levelEnd] : levels,
      taken,
      reached,
      find: engine.find,
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
