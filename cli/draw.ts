/** Models as graphs: the machine of each actor, or the reachable states. */
import { toDirectedGraph } from "@xstate/graph";
import {
  type Actor,
  enabledSteps,
  initialState,
  type Model,
  ModelError,
  type State,
  type System,
  same,
  type TransitionData,
  takeStep,
  type Value,
} from "../models/index.ts";
import { actorMachine } from "../models/xstate.ts";
import { effectText, expressionText } from "./expression-text.ts";
import { InputError } from "./input-error.ts";
import type { Graph, GraphEdge } from "./report/graph-report.ts";
import { valueText } from "./value-text.ts";

/** The machine of one actor: its program points and the steps between them. */
export function machineGraph(actor: Actor): Graph {
  const { children } = toDirectedGraph(actorMachine(actor));
  return {
    name: actor.name,
    title: actor.forEach === undefined ? actor.name : `${actor.name}, one for each ${actor.forEach}`,
    nodes: children.map(({ stateNode }) => ({
      id: stateNode.key,
      label: stateNode.key,
      initial: stateNode.key === actor.config.initial,
      final: stateNode.type === "final",
    })),
    edges: children.flatMap(({ stateNode, edges }) => {
      // XState keeps the alternatives of an event in their order, as the data has them.
      const seen = new Map<string, number>();
      return edges.map((edge): GraphEdge => {
        const event = edge.label.text;
        const k = seen.get(event) ?? 0;
        seen.set(event, k + 1);
        const data = actor.config.states[stateNode.key]?.on?.[event]?.[k];
        return {
          from: edge.source.key,
          to: edge.target.key,
          label: stepLabel(event, data),
          ...details(data),
        };
      });
    }),
  };
}

function stepLabel(event: string, data: TransitionData | undefined): string {
  const chosen = Object.entries(data?.meta?.choose ?? {}).map(([name, of]) => `${name}: ${of}`);
  return chosen.length === 0 ? event : `${event}(${chosen.join(", ")})`;
}

function details(data: TransitionData | undefined): Pick<GraphEdge, "guard" | "effects"> {
  return {
    guard: data?.guard === undefined ? null : expressionText(data.guard.params),
    effects: (data?.actions ?? []).flatMap(({ params }) => params.map(effectText)),
  };
}

/** All reachable states; refuses where there are more than `most`. */
export function stateGraph(system: System, most: number): Graph {
  const first = initialState(system);
  const ids = new Map([[JSON.stringify(first), "s0"]]);
  const states = [first];
  const edges: GraphEdge[] = [];
  const final: boolean[] = [];
  for (let i = 0; i < states.length; i++) {
    const state = states[i];
    if (state === undefined) break;
    const steps = enabledSteps(system, state);
    final.push(steps.length === 0);
    for (const step of steps) {
      const after = tryStep(system, state, step);
      if (after === null) continue;
      const key = JSON.stringify(after);
      let id = ids.get(key);
      if (id === undefined) {
        if (states.length >= most) {
          throw new InputError(
            `${system.model.name} has more than ${most} reachable states, too many to draw: make it smaller with --set, or raise --max-states`,
          );
        }
        id = `s${states.length}`;
        ids.set(key, id);
        states.push(after);
      }
      edges.push({ from: `s${i}`, to: id, label: step.event, guard: null, effects: [] });
    }
  }
  return {
    name: system.model.name,
    title: `${system.model.name}: ${states.length} states`,
    nodes: states.map((state, i) => ({
      id: `s${i}`,
      label: stateLabel(system, state, first),
      initial: i === 0,
      final: final[i] ?? false,
    })),
    edges,
  };
}

/** A step that is an error of the model leads nowhere; `explore` reports it. */
function tryStep(system: System, state: State, step: Parameters<typeof takeStep>[2]): State | null {
  try {
    return takeStep(system, state, step);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

/** Where everybody stands, and what differs from the beginning. */
function stateLabel(system: System, state: State, first: State): string {
  const points = system.instances.map(
    ({ name, points: of }, i) => `${name}: ${of[state.points[i] ?? -1] ?? ""}`,
  );
  const changed = Object.entries(system.model.variables)
    .filter(([name]) => !same(state.context[name] as Value, first.context[name] as Value))
    .map(([name, { sort }]) => `${name} = ${valueText(state.context[name] as Value, sort)}`);
  return [...points, ...changed].join("\n");
}

/** The actors to draw: all, or the one that is named. */
export function actorsOf(model: Model, name: string | null): readonly Actor[] {
  return name === null ? model.actors : model.actors.filter((actor) => actor.name === name);
}
