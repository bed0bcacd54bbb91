/** Two processes that pass a turn; one of them may sit on it for ever. For lassos and deadlocks. */
import type { ModelEntry } from "../../../models/entry.ts";
import { actor, bool, declare, eq, oneOf, point, set, step } from "../../../models/language/index.ts";

const { variables, v } = declare({
  turn: { sort: oneOf("ping", "pong"), initial: "ping", doc: "whose turn it is" },
  served: { sort: bool, initial: false, doc: "pong has had its turn" },
});

const ping = actor({
  name: "ping",
  doc: "spins, or passes the turn",
  fairness: "none",
  initial: "spin:top",
  points: {
    "spin:top": point(
      step("look", "look whether somebody waits", { to: "spin:look" }),
      step("pass", "pass the turn", { when: eq(v.turn, "ping"), do: [set(v.turn, "pong")] }),
    ),
    "spin:look": point(
      step("again", "nobody waits: go round again", { to: "spin:top", why: "the turn is kept" }),
    ),
  },
});

const pong = actor({
  name: "pong",
  doc: "waits for its turn once",
  initial: "wait:turn",
  points: {
    "wait:turn": point(
      step("serve", "take the turn", {
        when: eq(v.turn, "pong"),
        do: [set(v.served, true)],
        to: "wait:done",
      }),
    ),
    "wait:done": { type: "final" },
  },
});

export const turns: ModelEntry = {
  name: "turns",
  title: "two processes and a turn",
  doc: "Ping may spin for ever, so pong need not be served.",
  parameters: {},
  patches: [],
  features: [],
  build: () => ({
    name: "turns",
    title: "two processes and a turn",
    identities: {},
    variables,
    actors: [ping, pong],
    properties: [
      {
        kind: "leadsTo",
        id: "L01",
        title: "pong is served",
        says: "Pong waits for a turn that never comes.",
        from: eq(v.served, false),
        to: eq(v.served, true),
      },
      {
        kind: "invariant",
        id: "I01",
        title: "pong is served in its own turn only",
        says: "Pong was served in the turn of ping.",
        holds: { kind: "or", of: [eq(v.served, false), eq(v.turn, "pong")] },
      },
    ],
  }),
};
