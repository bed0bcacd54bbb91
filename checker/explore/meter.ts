/** What bounds the work that follows a search: memory, time and an interrupt, the same as bound the search. */
import { type Exploration, type Limits, progressEvery } from "./explore.ts";
import { type Patience, refusalOf } from "./refusal.ts";

/** Work was given up; the message says why, as `cut` of an exploration does. */
export class LimitReached extends Error {
  override readonly name = "LimitReached";
}

/** Calls of {@link Meter.poll} between two looks at the clock. */
const slice = 1 << 11;

type Metered = Pick<Limits, "maxMemoryBytes"> & Patience;

/** Counts what is about to be allocated, before it is, and looks at the clock now and then. */
export class Meter {
  /** Most bytes that were in use at once. */
  peak = 0;
  private readonly limits: Metered;
  private reported: number;
  private inUse = 0;
  /** What stays in use beyond a piece of work, and how it is given back early. */
  private kept: { readonly bytes: number; readonly forget: () => void } | null = null;
  private polls = 0;
  private report: (bytes: number, seconds: number) => void = () => {};

  constructor(limits: Metered) {
    this.limits = limits;
    this.reported = limits.now();
  }

  /**
   * Begins a piece of work beside what is in use already; what an earlier piece took is free again.
   *
   * @param report - told of the bytes in use and the seconds that have passed, at intervals
   */
  begin(
    exploration: Pick<Exploration, "memoryBytes">,
    report: (bytes: number, seconds: number) => void,
  ): void {
    this.beginSoon(exploration);
    this.report = report;
    this.look();
  }

  /** Like {@link begin}, for work that may be so little that it is done before anyone asks whether it may be. */
  beginSoon({ memoryBytes }: Pick<Exploration, "memoryBytes">): void {
    this.inUse = memoryBytes + (this.kept?.bytes ?? 0);
    this.peak = Math.max(this.peak, this.inUse);
    this.report = () => {};
  }

  /** Asks for so many bytes. */
  take(bytes: number): void {
    const { maxMemoryBytes } = this.limits;
    if (this.inUse + bytes > maxMemoryBytes) this.forgetKept();
    if (this.inUse + bytes > maxMemoryBytes) {
      throw new LimitReached(`the limit of ${maxMemoryBytes} bytes of memory was reached`);
    }
    this.inUse += bytes;
    this.peak = Math.max(this.peak, this.inUse);
  }

  /**
   * Asks for bytes that stay in use through later pieces of work as well, in place of what was kept before.
   *
   * @param forget - called as soon as anything else needs them
   * @returns whether there is room
   */
  keep(bytes: number, forget: () => void): boolean {
    this.forgetKept();
    if (this.inUse + bytes > this.limits.maxMemoryBytes) return false;
    this.take(bytes);
    this.kept = { bytes, forget };
    return true;
  }

  private forgetKept(): void {
    if (this.kept === null) return;
    this.kept.forget();
    this.inUse -= this.kept.bytes;
    this.kept = null;
  }

  /** Gives back so many bytes. */
  give(bytes: number): void {
    this.inUse -= bytes;
  }

  /** To be called in every loop over states. */
  poll(): void {
    if (++this.polls % slice === 0) this.look();
  }

  /** Why no more work may be done, by time or by an interrupt; null where it may. */
  refusal(): string | null {
    return refusalOf(this.limits);
  }

  /** To be called in loops whose every turn takes a while, such as one over pieces of all states. */
  look(): void {
    const refusal = this.refusal();
    if (refusal !== null) throw new LimitReached(refusal);
    const now = this.limits.now();
    if (now - this.reported < progressEvery) return;
    this.reported = now;
    this.report(this.inUse, (now - this.limits.started) / 1000);
  }
}

/** Does the work; where it was given up, or the system gives no more memory, the reason in its place. */
export function within<T>(work: () => T, otherwise: (reason: string) => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LimitReached) return otherwise(error.message);
    const isFull =
      error instanceof RangeError && /allocation failed|Invalid typed array length/u.test(error.message);
    if (isFull) return otherwise("the system gives no more memory");
    throw error;
  }
}
