/** Models whose answers can be counted by hand. */
import {
  actor,
  add,
  bool,
  declare,
  type Effect,
  eq,
  int,
  lt,
  type Model,
  not,
  point,
  set,
  step,
  type Value,
  type Variable,
} from "../../../models/language/index.ts";

/** A lamp: 2 states, 2 transitions, depth 1. */
export function toggle(): Model {
  const { variables, v } = declare({ on: { sort: bool, initial: false, doc: "The lamp is on" } });
  const lamp = actor({
    name: "lamp",
    doc: "A lamp with one button",
    initial: "idle",
    points: { idle: point(step("press", "press the button", { do: [set(v.on, not(v.on))] })) },
  });
  return { name: "toggle", title: "Toggle", identities: {}, variables, actors: [lamp], properties: [] };
}

/** Counts to n and stops: n + 1 states, n transitions, depth n, one end. */
export function counter(n: number): Model {
  const { variables, v } = declare({ value: { sort: int(0, n), initial: 0, doc: "How far it is" } });
  const count = actor({
    name: "counter",
    doc: "Counts",
    initial: "counting",
    points: {
      counting: point(
        step("count", "one more", { when: lt(v.value, n), do: [set(v.value, add(v.value, 1))] }),
      ),
    },
  });
  return {
    name: "counter",
    title: `Counter to ${n}`,
    identities: {},
    variables,
    actors: [count],
    properties: [
      {
        kind: "deadlock",
        id: "ends",
        title: "Ends at the top",
        says: "It stops early.",
        final: eq(v.value, n),
      },
    ],
  };
}

/** A model with one step that does the effects, from `before` to `after`. */
export function oneStep(
  variables: Readonly<Record<string, Variable>>,
  effects: readonly Effect[],
  identities: Model["identities"] = { mm: 2, folio: 3 },
): Model {
  const only = actor({
    name: "only",
    doc: "",
    initial: "before",
    points: { before: point(step("go", "", { do: effects, to: "after" })), after: { type: "final" } },
  });
  return { name: "one-step", title: "One step", identities, variables, actors: [only], properties: [] };
}

/** A variable without a story. */
export function variable<S extends Variable["sort"]>(
  sort: S,
  initial: Value,
): Variable & { readonly sort: S } {
  return { sort, initial, doc: "" };
}
