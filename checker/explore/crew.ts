/** Several threads that expand blocks of states together: what they share, and the one that leads them. */
import type { Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";
import { control } from "./crew-text.ts";
import type { Engine, Memory } from "./engine.ts";
import { engineText } from "./engine-text.ts";
import { type Marks, newMarks } from "./findings.ts";

/**
 * Starts a thread that makes a function of `shared` of the text and calls it. `died` is to be called where the thread ends
 * before that function has returned; it may be called from any thread.
 */
export type StartThread = (text: string, shared: object) => void;

/** How many threads explore, and from when on. */
export interface Parallel {
  readonly workers: number;
  readonly startThread: StartThread;
  /** Seconds of the search from which more than one thread is worth its start. */
  readonly fromSeconds: number;
  /** States of a block from which it is worth its barriers. */
  readonly fromBlock: number;
}

/** What the members share; all of it in shared memory. */
export interface CrewShared {
  readonly control: Int32Array;
  /** As buffers: a view of more than 4 GiB does not reach another thread with its length. */
  readonly arena: ArrayBufferLike;
  readonly births: ArrayBufferLike;
  readonly index: ArrayBufferLike;
  /** For each portion of the block how many candidates it offers, counted from 1; 0 where it is not expanded yet. */
  readonly offered: Int32Array;
  /** What the portions offer: states, and the number of that from which each was found. */
  readonly offeredCandidates: Int32Array;
  readonly offeredSources: Uint32Array;
  /** For each member the states that found no slot in its part of the index, see `reindex-text.ts`. */
  readonly spilled: readonly Int32Array[];
  /** Transitions and errors of each member. */
  readonly totals: Float64Array;
  readonly members: number;
}

/** Parts of a block for each member, at most; the first ones are the longest, see `crew-text.ts`. */
const portionsOfMember = 20;
/** States that one member may find no slot for when the index grows; even one is rare. */
const mostSpilled = 1000;

/** The crew's leader. */
export class Crew {
  /** The marks of all members, the leader's first. */
  readonly marks: readonly Marks[];
  private readonly shared: CrewShared;
  private readonly engine: Engine;

  /** Starts the other members; they may take a while until they are {@link ready}. */
  constructor(
    program: Program,
    properties: readonly Property[],
    parts: {
      readonly engine: Engine;
      readonly marks: Marks;
      readonly memory: Memory;
      readonly block: number;
      /** States that are expanded already. */
      readonly expanded: number;
    },
    { workers, startThread }: Parallel,
  ) {
    const { engine, marks, memory, block, expanded } = parts;
    const room = block * program.maxSuccessors;
    const ints = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
    this.engine = engine;
    this.shared = {
      control: ints(control.length),
      arena: memory.arena.buffer,
      births: memory.births.buffer,
      index: memory.index.buffer,
      offered: ints(portionsOfMember * workers),
      offeredCandidates: ints(room * program.layout.words),
      offeredSources: new Uint32Array(new SharedArrayBuffer(4 * room)),
      spilled: Array.from({ length: workers }, () => ints(1 + mostSpilled)),
      totals: new Float64Array(new SharedArrayBuffer(16 * workers)),
      members: workers,
    };
    this.shared.control[control.slots] = memory.slots;
    this.shared.control[control.to] = expanded;
    engine.join(this.shared, 0);
    const text = memberText(engineText(program, properties));
    const others = Array.from({ length: workers - 1 }, (_, i) => ({
      member: i + 1,
      marks: newMarks(
        program.system.steps.length,
        properties.length,
        (bytes) => new SharedArrayBuffer(bytes),
      ),
    }));
    this.marks = [marks, ...others.map((other) => other.marks)];
    for (const other of others) startThread(text, { ...other, crew: this.shared });
  }

  /** All members have started and wait for work. */
  get ready(): boolean {
    const dead = Atomics.load(this.shared.control, control.dead);
    if (dead !== 0) throw new WorkerDied(dead);
    return Atomics.load(this.shared.control, control.arrived) === this.shared.members - 1;
  }

  /** Like `Engine.run`. */
  expand(from: number, to: number, known: number): number {
    return this.alive(() => this.engine.lead(from, to, known));
  }

  /** Enters the states anew after the index grew to `slots` slots. */
  reindex(slots: number, known: number): void {
    this.alive(() => this.engine.leadReindex(slots, known));
  }

  /** Tells members that have not started yet how large the index is. */
  grewTo(slots: number): void {
    this.shared.control[control.slots] = slots;
  }

  /** What the other members counted. */
  others(): { readonly transitions: number; readonly errors: number } {
    const { totals, members } = this.shared;
    let [transitions, errors] = [0, 0];
    for (let m = 1; m < members; m++) {
      transitions += totals[2 * m] as number;
      errors += totals[2 * m + 1] as number;
    }
    return { transitions, errors };
  }

  /** Ends the other members. */
  dismiss(): void {
    this.alive(() => this.engine.dismiss());
  }

  /** Makes the other members end at their next barrier, wherever they are. */
  abandon(): void {
    Atomics.compareExchange(this.shared.control, control.dead, 0, this.shared.members);
    Atomics.notify(this.shared.control, control.generation);
  }

  private alive<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const dead = Atomics.load(this.shared.control, control.dead);
      throw dead === 0 ? error : new WorkerDied(dead);
    }
  }
}

/** A thread of the search ended before its time; the search cannot go on. */
export class WorkerDied extends Error {
  override readonly name = "WorkerDied";
  constructor(worker: number) {
    super(`worker ${worker + 1} of the search ended before its time, so the search was given up`);
  }
}

/** Notes that a thread ended, and wakes those who wait for it. `shared` is what it was started with. */
export function reportDeath(shared: object): void {
  const { crew, member } = shared as { readonly crew: CrewShared; readonly member: number };
  // The first one counts: the others end because of it.
  Atomics.compareExchange(crew.control, control.dead, 0, member);
  Atomics.notify(crew.control, control.generation);
}

/** What a member runs: the engine, until it is dismissed. */
function memberText(engine: string): string {
  return `"use strict";
const engine = (function (taken, reached, marks) {
${engine}
})(shared.marks.taken, shared.marks.reached, shared.marks.marks);
engine.join(shared.crew, shared.member);
engine.serve();
`;
}
