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

export function createRuns(patch: SimulatedPatch): Runs {
  const beliefs = beliefsOf(patch);
  const known = new Map<string, number>();
  return {
    take(mm, name, value) {
      const kind = EVENT_NAMES.indexOf(name);
      const own = beliefs.step(known.get(mm) ?? ANYWHERE, 0, 2 * kind + (value === 0 ? 0 : 1));
      if (own === NOTHING) return false;
      const symbol = kind === Kind.migrate ? OTHER_MIGRATE : kind >= Kind.scanStart ? OTHER_SCAN : null;
      const others = symbol === null ? [] : [...known].filter(([other]) => other !== mm);
      const after = others.map(([other, belief]) => [other, beliefs.step(belief, 0, symbol ?? 0)] as const);
      if (after.some(([, belief]) => belief === NOTHING)) return false;
      for (const [other, belief] of after) known.set(other, belief);
      known.set(mm, own);
      return true;
    },
  };
}

function beliefsOf(patch: SimulatedPatch): Beliefs {
  const entry = findModel("one-mm");
  if (entry === undefined) throw new Error("the catalogue has no model one-mm");
  const model = entry.build({ patch, features: featuresOf(entry, patch), parameters: {} });
  const beliefs = createBeliefs(graphOf(model));
  for (const kind of KINDS) beliefs.reveal(kind);
  return beliefs;
}
