/** Where everybody stands in a state: who can move, and which guard keeps the others waiting. */
import { isEnabled, type State, type Step, type System } from "../../models/language/index.ts";
import type { Standing } from "../result.ts";
import { causesOf } from "./cause.ts";

/** One entry for each actor instance, in the model's order. */
export function standings(system: System, state: State): readonly Standing[] {
  return system.instances.map((instance, i) => {
    const at = state.points[i] ?? 0;
    const leaving = system.steps.filter((step) => step.instance === i && step.from === at);
    const able = leaving.filter((step) => isEnabled(system, state, step));
    const events = new Set(able.map(({ event }) => event));
    const shown = new Set<string>();
    const blocked = leaving.flatMap((step) => {
      if (step.guard === null || events.has(step.event)) return [];
      const causes = causesOf(system, state, step.guard);
      // The same step for another folio waits for the same thing: told once.
      const key = `${step.name} ${step.to} ${step.description}`;
      if (shown.has(key)) return [];
      shown.add(key);
      return [{ ...told(step), causes }];
    });
    return {
      actor: instance.name,
      point: instance.points[at] ?? "",
      ended: leaving.length === 0,
      able: able.map(told),
      blocked,
    };
  });
}

function told({ event, description }: Step): { readonly event: string; readonly description: string } {
  return { event, description };
}
