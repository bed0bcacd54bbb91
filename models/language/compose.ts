/**
 * Composition: the instances of all actors as the regions of one parallel XState machine with one context. The result is
 * an ordinary XState v5 machine: `createActor` runs it, `@xstate/graph` walks it, a visualiser draws it.
 */
import { type AnyStateMachine, assign, type StateValue, setup } from "xstate";
import type { Effect } from "./effect.ts";
import { type Context, evaluate } from "./evaluate.ts";
import type { ExprData } from "./expr.ts";
import type { Actor } from "./model.ts";
import { perform } from "./perform.ts";
import type { Scope } from "./scope.ts";
import { initialContext, scopeOf } from "./state.ts";
import type { Instance, Step, System } from "./system.ts";

interface MachineEvent {
  readonly type: string;
}

/** The implementations that give the data of guards and actions their meaning: the reference evaluator. */
function machineSetup(scope: Scope) {
  return setup({
    types: {} as { context: Context; events: MachineEvent },
    guards: {
      holds: ({ context }, that: ExprData) => evaluate(that, { scope, context }) as boolean,
    },
    actions: {
      update: assign(({ context }, effects: readonly Effect[]) => perform(effects, { scope, context })),
    },
  });
}

/**
 * The composed machine of a flattened model. Its events are {@link Step.event}s, without payload.
 *
 * A write outside its sort throws {@link ModelError} inside `transition`.
 */
export function compose(system: System): AnyStateMachine {
  const states = Object.fromEntries(
    system.instances.map((instance, position) => [
      instance.name,
      region(
        instance,
        system.steps.filter((step) => step.instance === position),
      ),
    ]),
  );
  return machineSetup(scopeOf(system)).createMachine({
    id: system.model.name,
    type: "parallel",
    context: initialContext(system.model),
    states,
    // The configuration is assembled from data, so its literal types are not known to the compiler.
  } as unknown as Parameters<ReturnType<typeof machineSetup>["createMachine"]>[0]) as AnyStateMachine;
}

function region(instance: Instance, steps: readonly Step[]) {
  return {
    initial: instance.points[instance.initial],
    states: Object.fromEntries(
      instance.points.map((point, index) => [
        point,
        {
          ...(instance.actor.config.states[point]?.type === "final" ? { type: "final" } : {}),
          on: transitions(
            instance,
            steps.filter((step) => step.from === index),
          ),
        },
      ]),
    ),
  };
}

function transitions(instance: Instance, steps: readonly Step[]) {
  const on: Record<string, object[]> = {};
  for (const step of steps) {
    on[step.event] ??= [];
    on[step.event]?.push({
      target: instance.points[step.to],
      ...(step.guard === null ? {} : { guard: { type: "holds", params: step.guard } }),
      ...(step.effects.length === 0 ? {} : { actions: [{ type: "update", params: step.effects }] }),
      description: step.description,
    });
  }
  return on;
}

/** The actor alone as an XState machine with the same data, for drawing. It cannot run: `self` is not bound. */
export function actorMachine(actor: Actor): AnyStateMachine {
  const scope: Scope = { identities: {}, variables: {}, bound: {} };
  return machineSetup(scope).createMachine({
    id: actor.name,
    context: {},
    ...actor.config,
  } as unknown as Parameters<ReturnType<typeof machineSetup>["createMachine"]>[0]) as AnyStateMachine;
}

/** The program point of every instance in an XState snapshot's value, in the order of the instances. */
export function pointsOf(system: System, value: StateValue): readonly string[] {
  const regions = value as Readonly<Record<string, string>>;
  return system.instances.map(({ name }) => regions[name] ?? "");
}
