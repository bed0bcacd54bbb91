/** v2 and v3: the thread kmigrated, which serves one migration slot after the other. */
import {
  type Actor,
  actor,
  and,
  choose,
  type Effect,
  type Enum,
  get,
  gt,
  head,
  is,
  isEmpty,
  isNone,
  length,
  next,
  not,
  or,
  type PointData,
  point,
  pop,
  set,
  step,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { accountSteps, afterTake, askedToStop, promotePoints, targetPoints } from "./promote.ts";
import type { Shared } from "./shared-memory.ts";

const target = "kmigrated_migrate_mm:target";

export function kmigrated(v: Shared, has: Has): Actor {
  const take = "kmigrated_migrate_mm:take";
  return actor({
    name: "migrator",
    doc: "The thread kmigrated: serves the migration slot of one mm, then looks for the next.",
    initial: "kmigrated:has_work",
    points: {
      "kmigrated:has_work": point(
        step("slots_listed", "has_work: there is a migration slot", {
          when: not(isEmpty(v.kmigrated_list)),
          to: "kmigrated_migrate_folio:pick",
          why: "list_empty is read without kscand_migrate_lock",
        }),
      ),
      "kmigrated_migrate_folio:pick": pick(v, has, take),
      [take]: takePoint(v, has),
      ...targetPoints(has, target),
      ...promotePoints(v, has, "kmigrated_migrate_mm:account"),
      "kmigrated_migrate_mm:account": point(
        ...accountSteps(
          v,
          has,
          has("migratorTakesTurns")
            ? { do: [set(v.cur_migrate_mm, null), set(v.served, null)], to: "kmigrated:has_work" }
            : { do: [], to: take },
        ),
      ),
    },
  });
}

function pick(v: Shared, has: Has, take: string): PointData {
  const free = is(v.kscand_migrate_lock, "free");
  const none = and(isNone(v.kmigrated_cursor), isEmpty(v.kmigrated_list));
  const slot = choose(isNone(v.kmigrated_cursor), head(v.kmigrated_list), v.kmigrated_cursor);
  return point(
    step(
      has("migratorRechecksList") ? "none_listed" : "serve",
      has("migratorRechecksList")
        ? "kscand_migrate_lock: no migration slot is left"
        : "kscand_migrate_lock: slot = list_entry of an empty list",
      {
        when: and(free, none),
        to: "kmigrated:has_work",
        ...(has("migratorRechecksList")
          ? {}
          : { why: "the list head itself is taken for a slot; the model goes on as if there were none" }),
      },
    ),
    step("serve", "kscand_migrate_lock: slot at the cursor, or first; cur_mm", {
      when: and(free, not(none)),
      do: [
        set(v.served, slot),
        set(v.cur_migrate_mm, v.served),
        set(v.kmigrated_cursor, has("migratorTakesTurns") ? next(v.kmigrated_list, v.served) : v.served),
      ],
      to: take,
      ...(has("migratorTakesTurns") ? {} : { why: "the cursor stays on this slot until its mm exits" }),
    }),
  );
}

/** The slot's lock is taken, for the first time or again after a promotion. */
function takePoint(v: Shared, has: Has): PointData {
  const list = get(v.slot_list, v.served);
  const unlocked = not(get(v.slot_lock, v.served));
  const stop = askedToStop(v, has, v.served);
  const over = has("migratorTakesTurns")
    ? isEmpty(list)
    : or(isEmpty(list), is(v.successor, "head", "freed"));
  const after = choose<Enum<"first" | "head" | "listed" | "freed">>(
    gt(length(list), 1),
    { kind: "enum", value: "listed" },
    "head",
  );
  const remember: readonly Effect[] = has("migratorTakesTurns") ? [] : [set(v.successor, after)];
  const returns: readonly Effect[] = [
    set(v.cur_migrate_mm, null),
    set(v.served, null),
    ...(has("migratorTakesTurns") ? [] : [set(v.successor, "first" as const)]),
  ];
  return point(
    step("stopped", "migrate_lock: clean_list is set: cur_mm = NULL, return", {
      when: and(unlocked, stop),
      do: returns,
      to: "kmigrated:has_work",
    }),
    step("served", "migrate_lock: no entry is left: cur_mm = NULL, return", {
      when: and(unlocked, not(stop), over),
      do: returns,
      to: "kmigrated:has_work",
    }),
    step("take", "migrate_lock: unlink the entry, remember its successor", {
      when: and(unlocked, not(stop), not(over)),
      do: [...remember, set(v.in_flight, head(list)), pop(list)],
      to: afterTake(has, target),
      why: "the lock is given up while the folio is promoted",
    }),
  );
}
