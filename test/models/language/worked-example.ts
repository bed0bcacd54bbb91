import {
  actor,
  and,
  arrayOf,
  at,
  bool,
  checkModel,
  chosen,
  count,
  declare,
  eq,
  exists,
  get,
  id,
  individual,
  le,
  type Model,
  ne,
  not,
  point,
  self,
  set,
  step,
} from "../../../models/index.ts";

const { variables, v } = declare({
  wants: { sort: arrayOf("process", bool), initial: [false, false], doc: "Wants to enter" },
  turn: { sort: id("process"), initial: 0, doc: "Who goes first where both want to" },
});

const me = self("process");
const other = chosen("other", "process");
const blocked = exists("process", "p", (p) => and(ne(p, me), get(v.wants, p), eq(v.turn, p)));

const process = actor({
  name: "process",
  doc: "Enters its critical section again and again",
  forEach: "process",
  initial: "outside",
  points: {
    outside: point(step("want", "say so", { do: [set(get(v.wants, me), true)], to: "polite" })),
    polite: point(
      step("yield", "let the other one go first", {
        choose: { other: "process" },
        when: ne(other, me),
        do: [set(v.turn, other)],
        to: "waiting",
      }),
    ),
    waiting: point(
      step("enter", "enter unless the other one goes first", { when: not(blocked), to: "inside" }),
    ),
    inside: point(step("leave", "leave", { do: [set(get(v.wants, me), false)], to: "outside" })),
  },
});

export const model: Model = {
  name: "peterson",
  title: "Peterson's mutual exclusion of two processes",
  identities: { process: 2 },
  variables,
  actors: [process],
  properties: [
    {
      kind: "invariant",
      id: "mutual-exclusion",
      title: "At most one process is inside",
      says: "Both processes are inside.",
      holds: le(
        count("process", "p", (p) => at("process", ["inside"], p)),
        1,
      ),
    },
    {
      kind: "leadsTo",
      id: "no-starvation",
      title: "A process that wants to enter does",
      says: "A process waits for ever.",
      from: at("process", ["waiting"], individual("process", 0)),
      to: at("process", ["inside"], individual("process", 0)),
    },
  ],
};

for (const { path, message } of checkModel(model)) console.error(`${path}: ${message}`);
