/** States of a flattened model and the steps between them, on the reference evaluator. */
import { type Context, type Environment, evaluate } from "./evaluate.ts";
import type { ExprData } from "./expr.ts";
import type { Model, Property } from "./model.ts";
import { perform } from "./perform.ts";
import type { Scope } from "./scope.ts";
import { type Step, type System, substitute } from "./system.ts";
import { inOrder } from "./value.ts";

/** A state: for each instance the position of its program point, and the values of all variables. */
export interface State {
  readonly points: readonly number[];
  readonly context: Context;
}

/** The scope of closed expressions of the model. */
export function scopeOf(system: System): Scope {
  return { identities: system.model.identities, variables: system.model.variables, bound: {} };
}

/** The values with which the variables of a model start. */
export function initialContext(model: Model): Context {
  return Object.fromEntries(
    Object.entries(model.variables).map(([name, { initial, sort }]) => [name, inOrder(initial, sort)]),
  );
}

export function initialState(system: System): State {
  return {
    points: system.instances.map(({ initial }) => initial),
    context: initialContext(system.model),
  };
}

/** An environment in which a property of the state can be evaluated. */
export function environmentOf(system: System, state: State): Environment {
  return {
    scope: scopeOf(system),
    context: state.context,
    standsAt: (actor, self, points) =>
      system.instances.some(
        (instance, i) =>
          instance.actor.name === actor &&
          instance.self === self &&
          points.includes(instance.points[state.points[i] ?? -1] ?? ""),
      ),
  };
}

/** The value of a closed boolean expression in a state. */
export function holdsIn(system: System, state: State, expr: ExprData): boolean {
  return evaluate(expr, environmentOf(system, state)) as boolean;
}

/** True where the step can be taken: its instance is at its point, its guard is true and no alternative comes before it. */
export function isEnabled(system: System, state: State, step: Step): boolean {
  if (state.points[step.instance] !== step.from) return false;
  const holds = (guard: ExprData | null) => guard === null || holdsIn(system, state, guard);
  return holds(step.guard) && !step.unless.some(holds);
}

/** All steps that can be taken, in the model's order. */
export function enabledSteps(system: System, state: State): readonly Step[] {
  return system.steps.filter((step) => isEnabled(system, state, step));
}

/** The state after an enabled step. Throws {@link ModelError} where it writes outside a sort. */
export function takeStep(system: System, state: State, step: Step): State {
  return {
    points: state.points.with(step.instance, step.to),
    context: perform(step.effects, { scope: scopeOf(system), context: state.context }),
  };
}

type Assertion = Property & { readonly kind: "assertion" };

/** True where the assertion is about that step of the actor. */
export function isAbout({ on }: Assertion, actor: string, step: string): boolean {
  return on.some((of) => of.actor === actor && of.steps.includes(step));
}

/** True where the step, taken in the state, falsifies the assertion. */
export function falsifies(system: System, state: State, step: Step, assertion: Assertion): boolean {
  const actor = system.instances[step.instance]?.actor.name ?? "";
  const value = (expr: ExprData) => holdsIn(system, state, substitute(expr, step.bindings));
  const { premise, holds } = assertion;
  return isAbout(assertion, actor, step.name) && (premise === undefined || value(premise)) && !value(holds);
}
