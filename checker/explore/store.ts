/** The memory of a search: the arena of states, their births and the index over them. */
import { InternalError } from "../internal-error.ts";
import { birthWords } from "./births.ts";
import type { Memory } from "./engine.ts";
import { bytesOfIndex, indexIn } from "./probe.ts";

/** The index is at most this full. */
const load = 0.75;
const [smallestIndex, largestIndex] = [2 ** 16, 2 ** 31];
/** The index grows where fewer states than this could be expanded without. */
export const leastOfBlock = 256;
/** The index grows fourfold up to so many slots, so that a small model is not indexed anew again and again. */
const fourfoldBelow = 2 ** 22;
/**
 * With more slots than this, arena, births and index are reserved at once for as many states as may be stored. Memory that
 * was not touched yet costs nothing, so what is large never moves and growing takes no second copy.
 */
const reserveFrom = 2 ** 18;

/** Typed arrays in shared or ordinary memory. */
function allocate(words: number, states: number, slots: number, shared: boolean) {
  const bytes = (n: number) => (shared ? new SharedArrayBuffer(n) : new ArrayBuffer(n));
  return {
    arena: new Int32Array(bytes(4 * words * states)),
    births: new Int32Array(bytes(4 * birthWords(states))),
    index: indexIn(bytes(bytesOfIndex(slots))),
  };
}

/** Grows by the model's needs only, so the same model takes the same memory with any number of threads. */
export class Store {
  memory: Memory;
  /** Bytes that may be in use. Smaller than asked for where the system does not give so much. */
  most: number;
  private readonly words: number;
  private readonly reserve: number;
  private readonly shared: boolean;
  private reserved = false;

  /**
   * @param words - 32-bit words of a state
   * @param reserve - states that expanding a single one may add
   * @param most - bytes that may be in use
   * @param shared - whether several threads use it
   */
  constructor(words: number, reserve: number, most: number, shared: boolean) {
    this.words = words;
    this.reserve = reserve;
    this.most = most;
    this.shared = shared;
    const slots = Math.max(smallestIndex, 2 ** Math.ceil(Math.log2((2 * reserve + 2) / load)));
    this.memory = { ...allocate(words, Math.floor(slots * load), slots, shared), slots };
  }

  /** Bytes in use with so many states: the index, and what the states take of arena and births. */
  bytes(states: number, slots = this.memory.slots): number {
    return 4 * (states * this.words + birthWords(states) + slots);
  }

  private bytesOfState(): number {
    return 4 * this.words + 1 / 4;
  }

  /** Most states for which the index has room. */
  room(): number {
    return Math.floor(this.memory.slots * load);
  }

  /** Most states that take no more than the bytes that may be in use, with the index as it is. */
  affordable(): number {
    // The last word of births may be begun by one state.
    return Math.floor((this.most - 4 * (this.memory.slots + 1)) / this.bytesOfState());
  }

  /** Slots after the next growth; null where the index would be larger than what may be in use. */
  nextSlots(states: number, slots = this.memory.slots): number | null {
    const next = slots * (slots < fourfoldBelow ? 4 : 2);
    return next > largestIndex || this.bytes(states + this.reserve, next) > this.most ? null : next;
  }

  /** Makes room for `slots` slots; the states are to be entered anew, the index is not cleared. */
  grow(slots: number, states: number): void {
    const { arena, births, index } = this.memory;
    if (index.length >= slots) {
      this.memory = { arena, births, index, slots };
      return;
    }
    if (this.reserved) throw new InternalError("the index grew beyond what was reserved");
    const larger = slots > reserveFrom ? this.reserveAll(slots) : this.exactly(slots);
    this.copy(larger, states);
    this.memory = { ...larger, slots };
  }

  /** Reserves at once all memory that may be in use: nothing moves from now on. */
  settle(states: number): void {
    if (this.reserved) return;
    const { slots, index } = this.memory;
    const all = this.reserveAll(slots);
    this.copy(all, states);
    all.index.set(index.subarray(0, slots));
    this.memory = { ...all, slots };
  }

  private copy(to: { readonly arena: Int32Array; readonly births: Int32Array }, states: number): void {
    to.arena.set(this.memory.arena.subarray(0, states * this.words));
    to.births.set(this.memory.births.subarray(0, birthWords(states)));
  }

  private exactly(slots: number) {
    return allocate(this.words, Math.floor(slots * load), slots, this.shared);
  }

  /** Slots after the last growth. An index that is nearly full grows, so what counts are the states that it has then. */
  private mostSlots(slots: number): number {
    const states = Math.max(0, Math.floor(slots * load) - leastOfBlock * this.reserve);
    const next = this.nextSlots(states, slots);
    return next === null ? slots : this.mostSlots(next);
  }

  /** As much as may be in use, or as the system gives. */
  private reserveAll(slots: number) {
    for (;;) {
      const all = this.mostSlots(slots);
      const states = Math.max(
        Math.floor(slots * load),
        Math.min(Math.floor(all * load), Math.floor(this.most / this.bytesOfState())),
      );
      try {
        this.reserved = true;
        return allocate(this.words, states, all, this.shared);
      } catch (error) {
        if (!(error instanceof RangeError) || this.bytes(Math.floor(slots * load), slots) >= this.most / 2)
          throw error;
        this.most = Math.floor(this.most / 2);
      }
    }
  }
}
