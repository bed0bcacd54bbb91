/** What happens to events on their way into a log: some are lost, clocks differ, neighbours change places, the beginning is missing. */
import type { LogItem, SimulatedEvent } from "./event.ts";
import type { Random } from "./random.ts";

/** Events of different CPUs that are closer than this may change places, nanoseconds. */
const NEAR = 20e3;
/** Most events of one hole. */
const LONGEST_HOLE = 40;

/**
 * Adds to the times of each CPU an error of its own, at most `skew` nanoseconds, and puts the events in the order that
 * results.
 */
export function skewed(
  events: readonly SimulatedEvent[],
  skew: number,
  random: Random,
): readonly SimulatedEvent[] {
  const errors = new Map<number, number>();
  const late = events.map((event) => {
    const error = errors.get(event.cpu) ?? random.int(-skew, skew);
    errors.set(event.cpu, error);
    return { ...event, ns: event.ns + error };
  });
  return late.sort((a, b) => a.ns - b.ns);
}

/** Lets close neighbours of different CPUs and tasks change places, about one pair in two; each place keeps its time. */
export function reordered(events: readonly SimulatedEvent[], random: Random): readonly SimulatedEvent[] {
  const out = [...events];
  for (let i = 0; i + 1 < out.length; i++) {
    const [first, second] = [out[i], out[i + 1]];
    if (first === undefined || second === undefined) continue;
    if (first.cpu === second.cpu || first.pid === second.pid || second.ns - first.ns > NEAR) continue;
    if (random.oneIn(2)) continue;
    out[i] = { ...second, ns: first.ns };
    out[++i] = { ...first, ns: second.ns };
  }
  return out;
}

/** Loses `count` events in stretches of single CPUs; a marker stands before the next event of that CPU. */
export function withLoss(
  events: readonly SimulatedEvent[],
  count: number,
  random: Random,
): readonly LogItem[] {
  const lost = new Set<number>();
  for (let tries = 0; lost.size < count && tries < 1000 + 20 * count; tries++) {
    const from = random.int(0, events.length - 1);
    const cpu = events[from]?.cpu;
    const most = Math.min(LONGEST_HOLE, count - lost.size);
    const stretch = ofCpu(events, from, cpu, random.int(1, most) + 1);
    // Behind the hole there must be an event to stand a marker before.
    stretch.slice(0, -1).forEach((at) => {
      lost.add(at);
    });
  }
  return marked(events, lost);
}

/** Places of the next `count` events of a CPU. */
function ofCpu(
  events: readonly SimulatedEvent[],
  from: number,
  cpu: number | undefined,
  count: number,
): readonly number[] {
  const places: number[] = [];
  for (let at = from; at < events.length && places.length < count; at++)
    if (events[at]?.cpu === cpu) places.push(at);
  return places;
}

function marked(events: readonly SimulatedEvent[], lost: ReadonlySet<number>): readonly LogItem[] {
  const waiting = new Map<number, number>();
  const items: LogItem[] = [];
  events.forEach((event, at) => {
    const { cpu, ns } = event;
    const before = waiting.get(cpu) ?? 0;
    if (lost.has(at)) {
      waiting.set(cpu, before + 1);
      return;
    }
    if (before > 0) items.push({ name: "lost", cpu, lost: before, ns });
    waiting.delete(cpu);
    items.push(event);
  });
  return items;
}
