/**
 * Events within the error of the clocks: the belief over every order that they may have had.
 *
 * Two events keep their order if one CPU or one task showed both, or if they are further apart than the error. What
 * other mms showed in between is used for the order of the log only; the other orders then allow more, never less.
 */
import type { TraceEvent } from "../event.ts";
import { type Beliefs, NOTHING } from "./beliefs.ts";
import type { Run, Track, Tracks } from "./tracks.ts";

/** Events of different CPUs closer than this may be in either order, nanoseconds. */
export const CLOCK_SKEW = 50e3;
/** Most runs of equal events that are put in other orders together. */
const WINDOW = 4;

/** True if another order of the event and the ones before it is possible. */
export function mayBeLate(track: Track, event: TraceEvent): boolean {
  if (!(event.ns - track.ns <= CLOCK_SKEW)) return false;
  return track.close === 1 || (event.cpu !== track.cpu && event.pid !== track.pid);
}

/**
 * The belief after an event that follows others closely, over every order. Takes note of the event.
 *
 * @param straight - the belief in the order of the log
 */
export function reordered(
  beliefs: Beliefs,
  tracks: Tracks,
  track: Track,
  event: TraceEvent,
  prefix: number,
  symbol: number,
  straight: number,
): number {
  const { cpu, pid, ns } = event;
  const recent = tracks.recent(track) ?? [lastRun(track)];
  const last = recent.at(-1);
  if (last !== undefined && last.symbol === symbol && last.cpu === cpu && last.pid === pid) {
    last.until = ns;
    last.times++;
  } else recent.push({ symbol, prefix, cpu, pid, ns, until: ns, times: 1 });
  while (recent.length > WINDOW) {
    const oldest = recent.shift();
    if (oldest !== undefined) track.base = repeat(beliefs, track.base, oldest, oldest.prefix);
  }
  tracks.keep(track, recent);
  return orders(recent).reduce(
    (all, order) =>
      beliefs.union(
        all,
        order.reduce((belief, run) => repeat(beliefs, belief, run, 0), track.base),
      ),
    straight,
  );
}

function lastRun({ symbol, prefix, cpu, pid, since, ns, times }: Track): Run {
  return { symbol, prefix, cpu, pid, ns: since, until: ns, times };
}

function repeat(beliefs: Beliefs, belief: number, run: Run, prefix: number): number {
  let after = beliefs.step(belief, prefix, run.symbol);
  for (let n = 1; n < run.times && after !== NOTHING; n++) {
    const next = beliefs.step(after, 0, run.symbol);
    if (next === after) break;
    after = next;
  }
  return after;
}

/** Every order of the runs but that of the log that keeps what is certain. */
export function orders(runs: readonly Run[]): readonly (readonly Run[])[] {
  const found: (readonly Run[])[] = [];
  const extend = (order: readonly Run[], left: readonly Run[]): void => {
    if (left.length === 0) found.push(order);
    left.forEach((next, at) => {
      if (left.slice(0, at).some((other) => inOrder(other, next))) return;
      extend([...order, next], left.toSpliced(at, 1));
    });
  };
  extend([], runs);
  return found.slice(1);
}

/** True if `first`, which stands before `second` in the log, certainly came first. */
function inOrder(first: Run, second: Run): boolean {
  return first.cpu === second.cpu || first.pid === second.pid || second.ns - first.until > CLOCK_SKEW;
}
