/** A model small enough to follow by eye, and its entry as in the catalogue: exit of an mm races with a promotion. */
import type { ModelEntry } from "../../../models/entry.ts";
import {
  actor,
  and,
  arrayOf,
  bool,
  declare,
  emits,
  eq,
  finalPoint,
  get,
  gt,
  head,
  id,
  idOrNone,
  isNone,
  length,
  listOf,
  type Model,
  ne,
  not,
  oneOf,
  or,
  point,
  pop,
  self,
  set,
  step,
} from "../../../models/language/index.ts";

const { variables, v } = declare({
  migrate_lock: {
    sort: oneOf("free", "daemon", "exit"),
    initial: "free",
    doc: "kmmscand_migrate_lock",
  },
  migrate_list: { sort: listOf(id("mm"), 2), initial: [0], doc: "queued folios, by their mm" },
  cur_mm: { sort: idOrNone("mm"), initial: null, doc: "the mm whose folio is in flight" },
  gone: { sort: arrayOf("mm", bool), initial: [], doc: "exit of the mm is done" },
});

function daemon() {
  return actor({
    name: "kmmscand",
    doc: "promotes the folio at the head of the list",
    initial: "migrate:idle",
    points: {
      "migrate:idle": point(
        step("lock", "take migrate_lock", {
          when: and(eq(v.migrate_lock, "free"), gt(length(v.migrate_list), 0)),
          do: [set(v.migrate_lock, "daemon")],
          to: "migrate:take",
        }),
      ),
      "migrate:take": point(
        step("take", "take the last entry off the list and remember its mm", {
          do: [set(v.cur_mm, head(v.migrate_list)), pop(v.migrate_list), set(v.migrate_lock, "free")],
          to: "migrate:promote",
          why: "the list is empty now although a folio is in flight",
        }),
      ),
      "migrate:promote": point(
        step("promote", "migrate the folio to the top tier", {
          do: [set(v.cur_mm, null)],
          to: "migrate:idle",
          emits: emits("kmem_scan_mm_migrate", { mm: v.cur_mm }),
        }),
      ),
    },
  });
}

function exit(fixed: boolean) {
  return actor({
    name: "exit_mm",
    doc: "the exit of an mm",
    forEach: "mm",
    fairness: "none",
    initial: "exit:start",
    points: {
      "exit:start": point(
        step("lock", "take migrate_lock", {
          when: and(
            eq(v.migrate_lock, "free"),
            ...(fixed ? [or(isNone(v.cur_mm), ne(v.cur_mm, self("mm")))] : []),
          ),
          do: [set(v.migrate_lock, "exit")],
          to: "exit:look",
        }),
      ),
      "exit:look": point(
        step("look", "the list is empty, so do not look at cur_mm", {
          when: eq(length(v.migrate_list), 0),
          do: [set(v.migrate_lock, "free"), set(get(v.gone, self("mm")), true)],
          to: "exit:done",
          why: "exit does not wait for the folio in flight",
        }),
        step("wait", "the list has entries: remove them", {
          when: gt(length(v.migrate_list), 0),
          do: [pop(v.migrate_list), set(v.migrate_lock, "free")],
          to: "exit:start",
        }),
      ),
      "exit:done": finalPoint,
    },
  });
}

function build(fixed: boolean, mms: number): Model {
  return {
    name: "exit-race",
    title: "exit of an mm against a promotion",
    identities: { mm: mms },
    variables: {
      ...variables,
      gone: { ...variables.gone, initial: Array.from({ length: mms }, () => false) },
    },
    actors: [daemon(), exit(fixed)],
    properties: [
      {
        kind: "assertion",
        id: "S06",
        title: "no folio of an mm is promoted after the exit of that mm",
        says: "The daemon migrates a folio of an address space that has been torn down.",
        defects: ["D06", "D07"],
        on: [{ actor: "kmmscand", steps: ["promote"] }],
        holds: or(isNone(v.cur_mm), not(get(v.gone, v.cur_mm))),
      },
      {
        kind: "reachable",
        id: "R01",
        title: "an exit can finish",
        says: "No exit ever finishes: the model is too strict.",
        goal: get(v.gone, { kind: "id", of: "mm", value: 0 }),
      },
    ],
  };
}

export const exitRace: ModelEntry = {
  name: "exit-race",
  title: "exit of an mm against a promotion",
  doc: "The daemon takes the last entry off the list; exit sees an empty list and does not wait.",
  parameters: { mms: { default: 1, min: 1, max: 3, doc: "address spaces" } },
  patches: ["v0", "fixed"],
  features: [
    {
      name: "exitWaitsForInFlight",
      doc: "exit waits for the folio in flight as well",
      closes: ["D06", "D07"],
      restores: ["S06"],
      patches: ["fixed"],
    },
  ],
  build: ({ features, parameters }) =>
    build(features["exitWaitsForInFlight"] ?? false, parameters["mms"] ?? 1),
};
