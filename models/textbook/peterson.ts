/**
 * The filter lock: Peterson's mutual exclusion for any number of processes. A process passes one level after the other;
 * at each it waits while another is at the same level or above and it was the last to arrive there.
 *
 * Step for step the `peterson` of the BEEM collection: the search for others above is not atomic, it looks at one process
 * at a time.
 */
import type { ModelEntry } from "../entry.ts";
import {
  actor,
  add,
  and,
  arrayOf,
  at,
  count,
  declare,
  eq,
  exists,
  get,
  id,
  idOrNone,
  individual,
  int,
  isNone,
  le,
  lt,
  type Model,
  ne,
  not,
  or,
  point,
  self,
  set,
  step,
} from "../language/index.ts";
import { pick } from "./pick.ts";

function build(processes: number): Model {
  const levels = processes - 1;
  const nobody: readonly number[] = Array.from({ length: processes }, () => 0);
  const { variables, v } = declare({
    position: {
      sort: arrayOf("process", int(0, levels)),
      initial: nobody,
      doc: "Level at which each process stands; 0 outside",
    },
    last: {
      sort: arrayOf("level", id("process")),
      initial: Array.from({ length: levels }, () => 0),
      doc: "Last process to arrive at each level",
    },
    next_level: {
      sort: arrayOf("process", int(0, processes)),
      initial: nobody,
      doc: "Level that each process enters next; `processes` once all are passed",
    },
    looks_at: {
      sort: arrayOf("process", idOrNone("process")),
      initial: nobody,
      doc: "Process that each process compares itself with; none once all are below it",
    },
  });
  const me = self("process");
  const level = get(v.next_level, me);
  const other = get(v.looks_at, me);
  const first = individual("process", 0);
  /** The process behind `other` in the fixed order; none behind the last. */
  const following = pick("process", processes, other, (p) =>
    p + 1 < processes ? individual("process", p + 1) : null,
  );
  /** The last process to arrive at the level of this one, which is counted from 1. */
  const lastHere = Array.from({ length: levels }, (_, l) => ({
    isHere: eq(level, l + 1),
    last: get(v.last, individual("level", l)),
  }));

  const process = actor({
    name: "process",
    doc: "A process that enters its critical section again and again",
    forEach: "process",
    initial: "outside",
    points: {
      outside: point(
        step("start", "begin with the lowest level", { do: [set(level, 1)], to: "choose-level" }),
      ),
      "choose-level": point(
        step("announce", "announce the level", {
          when: lt(level, processes),
          do: [set(get(v.position, me), level)],
          to: "arrive",
        }),
        step("enter", "all levels are passed: enter", { when: eq(level, processes), to: "critical" }),
      ),
      arrive: point(
        ...lastHere.map(({ isHere, last }) =>
          step("arrive", "be the last one here, look at the first process", {
            when: isHere,
            do: [set(last, me), set(other, first)],
            to: "wait",
          }),
        ),
      ),
      wait: point(
        step("look-at-next", "the one looked at is oneself or is below: look at the next", {
          when: and(not(isNone(other)), or(eq(other, me), lt(get(v.position, other), level))),
          do: [set(other, following)],
        }),
        step("pass", "another one arrived later, or all others are below: pass", {
          when: or(isNone(other), ...lastHere.map(({ isHere, last }) => and(isHere, ne(last, me)))),
          do: [set(level, add(level, 1))],
          to: "choose-level",
        }),
      ),
      critical: point(step("leave", "leave", { do: [set(get(v.position, me), 0)], to: "outside" })),
    },
  });

  return {
    name: "peterson",
    title: `Filter lock of ${processes} processes`,
    identities: { process: processes, level: levels },
    variables,
    actors: [process],
    properties: [
      {
        kind: "invariant",
        id: "mutual-exclusion",
        title: "At most one process is in its critical section",
        says: "Two processes are in their critical sections at once.",
        holds: le(
          count("process", "p", (p) => at("process", ["critical"], p)),
          1,
        ),
        premise: exists("process", "p", (p) => at("process", ["critical"], p)),
      },
      {
        kind: "leadsTo",
        id: "no-starvation",
        title: "A process that waits enters its critical section",
        says: "A process waits for ever although all processes go on.",
        from: at("process", ["arrive", "wait"], first),
        to: at("process", ["critical"], first),
      },
      {
        kind: "deadlock",
        id: "no-deadlock",
        title: "Some process can always go on",
        says: "No process can go on.",
        final: { kind: "bool", value: false },
      },
    ],
  };
}

export const peterson: ModelEntry = {
  name: "peterson",
  title: "Filter lock (Peterson) for N processes",
  doc: "Mutual exclusion with shared variables only; the same transitions as in the BEEM benchmark collection.",
  parameters: { processes: { default: 3, min: 2, max: 4, doc: "Processes that compete" } },
  patches: [],
  features: [],
  build: ({ parameters }) => build(parameters["processes"] ?? 3),
};
