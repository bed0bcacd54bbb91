/** The properties of the textbook models are worth having: a model with a mistake violates them. */
import { expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import { checkModel, type Model, type ModelEntry } from "../../../models/index.ts";
import { kmm } from "../../../models/textbook/kmm.ts";
import { peterson } from "../../../models/textbook/peterson.ts";
import { twoPhaseCommit } from "../../../models/textbook/two-phase-commit.ts";
import { withValueAt } from "../language/json-pointer.ts";

const yes = { kind: "bool", value: true };
const build = (entry: ModelEntry, parameters: Readonly<Record<string, number>>) =>
  entry.build({ patch: null, features: {}, parameters });
const two = build(peterson, { processes: 2 });
const commit = build(twoPhaseCommit, { managers: 2 });
const yardstick = build(kmm, { mms: 1, folios: 2, queue: 2 });

test.each<[string, Model, string, unknown, readonly string[]]>([
  [
    "a process passes without looking",
    two,
    "/actors/0/config/states/wait/on/pass/0/guard/params",
    yes,
    ["mutual-exclusion"],
  ],
  [
    "nobody notes who arrived last",
    two,
    "/actors/0/config/states/arrive/on/arrive/0/actions/0/params/0",
    undefined,
    ["no-starvation"],
  ],
  ["nobody passes", two, "/actors/0/config/states/wait/on/pass", undefined, ["no-deadlock"]],
  [
    "the coordinator does not wait for all",
    commit,
    "/actors/1/config/states/undecided/on/commit/0/guard",
    undefined,
    ["commit-needs-all", "consistent"],
  ],
  [
    "the coordinator forgets to send",
    commit,
    "/actors/1/config/states/undecided/on/commit/0/actions",
    undefined,
    ["can-commit", "commit-spreads"],
  ],
  [
    "the owner leaves its folios marked as queued",
    yardstick,
    "/actors/1/config/states/O8/on/purge/0/actions/0/params/1",
    undefined,
    ["freed-unqueued", "queued-has-owner"],
  ],
  [
    "the owner unlists the mm under the scanner",
    yardstick,
    "/actors/1/config/states/O5/on/unlist/0",
    undefined,
    ["cursor-listed"],
  ],
  [
    "the scanner never enqueues",
    yardstick,
    "/actors/0/config/states/S5/on/enqueue/0/actions/0/params/0",
    undefined,
    ["can-migrate"],
  ],
])("%s", (_, model, pointer, value, expected) => {
  const broken = withValueAt(model, pointer, value);
  expect(checkModel(broken)).toEqual([]);
  const violated = check(broken, { now: () => 0 }).properties.filter(({ verdict }) => verdict === "violated");
  expect(violated.map(({ id }) => id).sort()).toEqual(expect.arrayContaining([...expected]));
  expect(check(model, { now: () => 0 }).verdict).toBe("holds");
});
