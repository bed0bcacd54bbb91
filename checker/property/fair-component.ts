/**
 * Components that hold a fair accepting run.
 *
 * In a strongly connected component every position and edge can be visited again and again. So a component holds a fair
 * run that visits all of it if it is in every acceptance set and good for every fair actor and step. A smaller part of it can be
 * good only where a strongly fair actor spoils it: one that can move somewhere in it but has no edge in it. Such a run
 * must leave out the positions where that actor can move, so they are removed, and what is left is split anew, as Emerson
 * and Lei (Modalities for model checking, 1987) and Couvreur et al. do for Streett acceptance. Each round removes a
 * position, so it ends.
 */
import type { Meter } from "../explore/meter.ts";
import { Components } from "./components.ts";
import { type Fair, Tally } from "./fairness.ts";
import type { Part } from "./part.ts";

/** A component that holds a fair run. */
export interface FairComponent {
  /** Its position that was found first. */
  readonly position: number;
  /** Group of each position; the component is the group of `position`. */
  readonly group: Int32Array;
}

/** The fair component whose first position was found first; null where there is none. */
export function fairComponent(part: Part, fair: Fair, meter: Meter): FairComponent | null {
  const components = new Components(part, meter);
  const { group } = components;
  const tally = new Tally(part, fair);
  const waiting: Int32Array[] = [];
  let best = -1;
  const judge = (component: number, members: Int32Array, from: number, to: number) => {
    tally.clear();
    let edges = 0;
    let least = members[from] as number;
    for (let i = from; i < to; i++) {
      const at = members[i] as number;
      tally.visit(at);
      if (at < least) least = at;
      for (let e = part.first[at] as number; e < (part.first[at + 1] as number); e++) {
        if (group[part.targets[e] as number] !== component) continue;
        edges++;
        tally.take(e);
      }
    }
    if (edges === 0 || tally.isHopeless()) return;
    const neglected = tally.neglected();
    if (neglected === null) {
      if (best < 0 || least < best) best = least;
      return;
    }
    meter.take(4 * (to - from));
    waiting.push(
      members
        .slice(from, to)
        .filter((at) => !isAnyAble(part, at, neglected))
        .sort(),
    );
  };
  components.split(0, null, judge);
  for (let rest = waiting.pop(); rest !== undefined; rest = waiting.pop()) {
    components.split(components.regroup(rest), rest, judge);
  }
  return best < 0 ? null : { position: best, group };
}

function isAnyAble(part: Part, position: number, claims: Int32Array): boolean {
  const { able, width } = part;
  return claims.some((mask, w) => (mask & (able[position * width + w] as number)) !== 0);
}
