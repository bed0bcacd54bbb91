/**
 * Two-phase commit, after the TLA+ specification of Gray and Lamport ("Consensus on transaction commit"): messages are
 * only ever sent, never lost, and may be received again.
 */
import type { ModelEntry } from "../entry.ts";
import {
  actor,
  and,
  at,
  chosen,
  declare,
  eq,
  exists,
  finalPoint,
  forall,
  implies,
  include,
  includes,
  is,
  type Model,
  not,
  oneOf,
  point,
  self,
  set,
  setOf,
  size,
  step,
} from "../language/index.ts";

function build(managers: number): Model {
  const { variables, v } = declare({
    prepared_sent: { sort: setOf("manager"), initial: [], doc: "Managers that sent `prepared`" },
    prepared_received: {
      sort: setOf("manager"),
      initial: [],
      doc: "Managers whose `prepared` the coordinator received",
    },
    decision_sent: {
      sort: oneOf("none", "commit", "abort"),
      initial: "none",
      doc: "Decision that the coordinator sent to all",
    },
  });
  const me = self("manager");
  const receiveCommit = step("receive-commit", "commit as the coordinator says", {
    when: is(v.decision_sent, "commit"),
    to: "committed",
  });
  const receiveAbort = step("receive-abort", "abort as the coordinator says", {
    when: is(v.decision_sent, "abort"),
    to: "aborted",
  });
  const manager = actor({
    name: "manager",
    doc: "A resource manager that takes part in the transaction",
    forEach: "manager",
    initial: "working",
    points: {
      working: point(
        step("prepare", "promise to commit and say so", {
          do: [include(v.prepared_sent, me)],
          to: "prepared",
        }),
        step("abort", "abort alone, while nothing is promised", { to: "aborted" }),
        receiveCommit,
        receiveAbort,
      ),
      prepared: point(receiveCommit, receiveAbort),
      committed: point(receiveCommit, receiveAbort),
      aborted: point(receiveCommit, receiveAbort),
    },
  });
  const sender = chosen("sender", "manager");
  const coordinator = actor({
    name: "coordinator",
    doc: "The transaction manager that decides",
    initial: "undecided",
    points: {
      undecided: point(
        step("receive-prepared", "note who is prepared", {
          choose: { sender: "manager" },
          when: includes(v.prepared_sent, sender),
          do: [include(v.prepared_received, sender)],
        }),
        step("commit", "all are prepared: decide to commit", {
          when: eq(size(v.prepared_received), managers),
          do: [set(v.decision_sent, "commit")],
          to: "committed",
        }),
        step("abort", "decide to abort, for any reason", {
          do: [set(v.decision_sent, "abort")],
          to: "aborted",
        }),
      ),
      committed: finalPoint,
      aborted: finalPoint,
    },
  });
  const some = (place: string) => exists("manager", "m", (m) => at("manager", [place], m));
  const all = (place: string) => forall("manager", "m", (m) => at("manager", [place], m));

  return {
    name: "two-phase-commit",
    title: `Two-phase commit of ${managers} resource managers`,
    identities: { manager: managers },
    variables,
    actors: [manager, coordinator],
    properties: [
      {
        kind: "invariant",
        id: "consistent",
        title: "No manager commits while another aborts",
        says: "One manager committed the transaction and another aborted it.",
        holds: not(and(some("committed"), some("aborted"))),
        premise: some("committed"),
      },
      {
        kind: "invariant",
        id: "commit-needs-all",
        title: "A commit follows the promise of every manager",
        says: "A manager committed though one had not promised to.",
        holds: implies(some("committed"), eq(size(v.prepared_sent), managers)),
        premise: some("committed"),
      },
      {
        kind: "leadsTo",
        id: "commit-spreads",
        title: "Once the coordinator commits, every manager does",
        says: "The coordinator committed, but some manager never does.",
        from: at("coordinator", ["committed"]),
        to: all("committed"),
      },
      {
        kind: "leadsTo",
        id: "abort-spreads",
        title: "Once the coordinator aborts, every manager does",
        says: "The coordinator aborted, but some manager never does.",
        from: at("coordinator", ["aborted"]),
        to: all("aborted"),
      },
      {
        kind: "reachable",
        id: "can-commit",
        title: "All managers can commit",
        says: "No run commits the transaction.",
        goal: all("committed"),
      },
      {
        kind: "deadlock",
        id: "no-deadlock",
        title: "Some step is always possible",
        says: "Nothing can happen any more.",
        final: { kind: "bool", value: false },
      },
    ],
  };
}

export const twoPhaseCommit: ModelEntry = {
  name: "two-phase-commit",
  title: "Two-phase commit (Gray and Lamport)",
  doc: "A coordinator and N resource managers agree to commit or abort; the counts are those of the TLA+ examples.",
  parameters: { managers: { default: 3, min: 1, max: 8, doc: "Resource managers" } },
  patches: [],
  features: [],
  build: ({ parameters }) => build(parameters["managers"] ?? 3),
};
