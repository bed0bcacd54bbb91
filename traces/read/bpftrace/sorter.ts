/** Putting events in the order of their times: bpftrace reads the buffer of one CPU after the other. */

interface Timed {
  readonly sec: number;
  readonly nsec: number;
}

export interface Sorter<T extends Timed> {
  readonly add: (item: T) => void;
  readonly end: () => void;
  /** Events that came later than the window: they stand at the wrong place. */
  readonly late: () => number;
}

/** How long after a later one an event may still come, seconds. */
const WINDOW = 2;
const BATCH = 4096;
const MOST = 200_000;

/** Hands items to `deliver` in the order of their times, those of equal time as they came. */
export function createSorter<T extends Timed>(deliver: (item: T) => void): Sorter<T> {
  let held: T[] = [];
  let fresh = 0;
  let newest = Number.NEGATIVE_INFINITY;
  let lastSec = Number.NEGATIVE_INFINITY;
  let lastNsec = 0;
  let late = 0;

  function release(until: number): void {
    held.sort(order);
    let n = 0;
    while (n < held.length && ((held[n]?.sec ?? 0) < until || held.length - n > MOST)) n++;
    for (const item of held.slice(0, n)) hand(item);
    held = held.slice(n);
    fresh = 0;
  }

  function hand(item: T): void {
    if (item.sec < lastSec || (item.sec === lastSec && item.nsec < lastNsec)) late++;
    else {
      lastSec = item.sec;
      lastNsec = item.nsec;
    }
    deliver(item);
  }

  return {
    add(item) {
      held.push(item);
      newest = Math.max(newest, item.sec);
      if (++fresh >= BATCH) release(newest - WINDOW);
    },
    end: () => release(Number.POSITIVE_INFINITY),
    late: () => late,
  };
}

function order(a: Timed, b: Timed): number {
  return a.sec - b.sec || a.nsec - b.nsec;
}
