/** The naive explorer against `@xstate/graph`, which walks the composed machine by itself. */
import { getAdjacencyMap } from "@xstate/graph";
import fc from "fast-check";
import { expect, test } from "vitest";
import { flatten, type Model } from "../../../models/index.ts";
import { kmm } from "../../../models/textbook/kmm.ts";
import { peterson } from "../../../models/textbook/peterson.ts";
import { twoPhaseCommit } from "../../../models/textbook/two-phase-commit.ts";
import { compose } from "../../../models/xstate.ts";
import { smallModel } from "../../arbitrary/model.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { runs } from "../../runs.ts";
import { counter, toggle } from "./toys.ts";

/** States and enabled transitions of the composed machine. */
function countByGraph(model: Model): { readonly states: number; readonly transitions: number } {
  const system = flatten(model);
  const events = [...new Set(system.steps.map(({ event }) => event))].map((type) => ({ type }));
  const adjacency = getAdjacencyMap(compose(system), { events, limit: Number.POSITIVE_INFINITY });
  const nodes = Object.values(adjacency);
  // The map has an entry for every event in every state, disabled ones too.
  const transitions = nodes.flatMap(({ state }) => events.filter((event) => state.can(event)));
  return { states: nodes.length, transitions: transitions.length };
}

const textbook = { patch: null, features: {} } as const;

test.each<[string, Model]>([
  ["a toggle", toggle()],
  ["a counter", counter(9)],
  ["peterson for 2", peterson.build({ ...textbook, parameters: { processes: 2 } })],
  ["two-phase commit for 3", twoPhaseCommit.build({ ...textbook, parameters: { managers: 3 } })],
  ["kmm 1,1,1", kmm.build({ ...textbook, parameters: { mms: 1, folios: 1, queue: 1 } })],
])("%s has as many states and transitions as @xstate/graph finds", (_, model) => {
  const { states, transitions } = exploreNaively(flatten(model));
  expect(countByGraph(model)).toEqual({ states, transitions });
});

test("a random model without errors has as many states and transitions as @xstate/graph finds", () => {
  const sound = smallModel(60).filter((model) => exploreNaively(flatten(model)).errors === 0);
  fc.assert(
    fc.property(sound, (model) => {
      const { states, transitions } = exploreNaively(flatten(model));
      expect(countByGraph(model)).toEqual({ states, transitions });
    }),
    runs(20),
  );
});
