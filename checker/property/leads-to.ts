/**
 * Response: whenever `from` is true, `to` is true then or later, on every run that is fair.
 *
 * A violation is a run that reaches a state where `from` holds and from there stays where `to` is false, either for ever
 * or until it ends in a state that nothing leaves. This is the formula `always (from implies eventually to)`, judged
 * without an automaton: the product would have each state once before the request and once while it is pending, and
 * only the latter matter.
 */
import type { ExprData } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { fairComponent } from "./fair-component.ts";
import { fairnessOf } from "./fairness.ts";
import { loopThrough } from "./loop.ts";
import { type Lasso, type Part, stemTo } from "./part.ts";
import { PartBuilder } from "./part-builder.ts";
import { classify, successorReader } from "./successors.ts";

export type Response =
  | { readonly kind: "holds"; readonly vacuous: boolean }
  | { readonly kind: "violated"; readonly lasso: Lasso };

/** Judges a response property on a complete exploration. */
export function judgeLeadsTo(exploration: Exploration, from: ExprData, to: ExprData, meter: Meter): Response {
  const requested = classify(exploration, from, meter);
  const answered = classify(exploration, to, meter);
  const { part, stop } = collect(exploration, requested, answered, meter);
  if (part.states.length === 0) return { kind: "holds", vacuous: !requested.includes(1) };
  if (stop >= 0) return { kind: "violated", lasso: { ...stemTo(part, stop), loop: [] } };
  const fair = fairnessOf(exploration.program.system);
  const component = fairComponent(part, fair, meter);
  if (component === null) return { kind: "holds", vacuous: false };
  const loop = loopThrough(part, component, fair, meter);
  return { kind: "violated", lasso: { ...stemTo(part, component.position), loop } };
}

/** The states in which a request is pending: reachable from `from` without passing `to`. */
function collect(
  exploration: Exploration,
  requested: Uint8Array,
  answered: Uint8Array,
  meter: Meter,
): { readonly part: Part; readonly stop: number } {
  const reader = successorReader(exploration, meter);
  const builder = new PartBuilder(exploration.program.system, 0, meter);
  meter.take(4 * requested.length);
  /** Position of each state, counted from 1; 0 where it is not pending. */
  const positions = new Uint32Array(requested.length);
  for (let state = 0; state < requested.length; state++) {
    if (requested[state] === 1 && answered[state] === 0) positions[state] = builder.add(state, -1) + 1;
  }
  let stop = -1;
  for (let at = 0; at < builder.states.length; at++) {
    builder.open();
    const count = reader.read(builder.states.items[at] as number);
    if (count === 0 && stop < 0) stop = at;
    for (let e = 0; e < count; e++) {
      const step = reader.steps[e] as number;
      builder.enable(step);
      const target = reader.targets[e] as number;
      if (answered[target] === 1) continue;
      if (positions[target] === 0) positions[target] = builder.add(target, at) + 1;
      builder.edge(step, (positions[target] as number) - 1, 0);
    }
  }
  return { part: builder.finish(), stop };
}
