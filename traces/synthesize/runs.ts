/**
 * The runs of the model `one-mm` that fit what a simulation has shown so far, one set for each mm pointer. An event is shown only if
 * the model of its mm has a run on which it comes next, and so have the models of all others.
 */
import { featuresOf, findModel } from "../../models/index.ts";
import { OTHER_MIGRATE, OTHER_SCAN } from "../conform/alphabet.ts";
import { ANYWHERE, type Beliefs, createBeliefs, NOTHING } from "../conform/beliefs.ts";
import { graphOf } from "../conform/graph.ts";
import { EVENT_NAMES, Kind } from "../event.ts";
import type { EventName } from "./event.ts";
import type { SimulatedPatch } from "./throttle.ts";

const KINDS = [Kind.mmEnter, Kind.mmExit, Kind.scanStart, Kind.scanEnd, Kind.migrate] as const;

export interface Runs {
  /**
   * Takes the step that shows the event, if there is a run with it.
   *
   * @param value - total of scan_mm_end, rc of scan_mm_migrate; it matters whether it is 0
   */
  readonly take: (mm: string, name: EventName, value: number) => boolean;
}

/** Mms of which the same is known. */
interface Group {
  belief: number;
  readonly mms: Set<string>;
}

export function createRuns(patch: SimulatedPatch): Runs {
  const beliefs = beliefsOf(patch);
  const groups = new Map<number, Group>();
  const groupOf = new Map<string, Group>();

  function put(mm: string, belief: number): void {
    const known = groups.get(belief) ?? { belief, mms: new Set() };
    groups.set(belief, known);
    known.mms.add(mm);
    groupOf.set(mm, known);
  }

  function take(mm: string): void {
    const group = groupOf.get(mm);
    group?.mms.delete(mm);
    if (group?.mms.size === 0) groups.delete(group.belief);
  }

  /** Lets every group see an event of an mm that is in none. */
  function seeOther(symbol: number): void {
    const before = [...groups.values()].map(
      (group) => [group, beliefs.step(group.belief, 0, symbol)] as const,
    );
    if (before.every(([group, belief]) => belief === group.belief)) return;
    groups.clear();
    for (const [group, belief] of before) {
      const same = groups.get(belief);
      if (same === undefined) {
        group.belief = belief;
        groups.set(belief, group);
        continue;
      }
      for (const mm of group.mms) {
        same.mms.add(mm);
        groupOf.set(mm, same);
      }
    }
  }

  return {
    take(mm, name, value) {
      const kind = EVENT_NAMES.indexOf(name);
      const old = groupOf.get(mm);
      const own = beliefs.step(old?.belief ?? ANYWHERE, 0, 2 * kind + (value === 0 ? 0 : 1));
      if (own === NOTHING) return false;
      const symbol = kind === Kind.migrate ? OTHER_MIGRATE : kind >= Kind.scanStart ? OTHER_SCAN : null;
      if (symbol !== null) {
        for (const group of groups.values()) {
          if (group === old && group.mms.size === 1) continue;
          if (beliefs.step(group.belief, 0, symbol) === NOTHING) return false;
        }
      }
      take(mm);
      if (symbol !== null) seeOther(symbol);
      put(mm, own);
      return true;
    },
  };
}

/** What they remember is the same for all runs. */
const known = new Map<SimulatedPatch, Beliefs>();

function beliefsOf(patch: SimulatedPatch): Beliefs {
  const cached = known.get(patch);
  if (cached !== undefined) return cached;
  const entry = findModel("one-mm");
  if (entry === undefined) throw new Error("the catalogue has no model one-mm");
  const model = entry.build({ patch, features: featuresOf(entry, patch), parameters: {} });
  const beliefs = createBeliefs(graphOf(model));
  for (const kind of KINDS) beliefs.reveal(kind);
  known.set(patch, beliefs);
  return beliefs;
}
