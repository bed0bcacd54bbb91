/** What holds at every step of an mm, its task and its folios: who holds the lock, who is a user, what is left behind. */
import {
  and,
  at,
  type Expr,
  exists,
  field,
  forall,
  get,
  type Id,
  implies,
  is,
  isNone,
  not,
  or,
  type Property,
  self,
} from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import { mappedByLiving } from "../common-properties.ts";
import { lockIsBalanced, usersFollowTask } from "../mm-list/life.ts";
import { barrierAt, withoutMmAt } from "../mm-list/owner.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { servesSlots, someWaiting, someWaitingOf } from "./waiting.ts";

type Folio = Expr<Id<"folio">>;
type Mm = Expr<Id<"mm">>;

export function lifeProperties(v: Shared, has: Has): readonly Property[] {
  const slots = servesSlots(has);
  return [
    {
      ...lockIsBalanced(v, has, ["scan_mm_slot:users_test", "scan_mm_slot:walk"], inExecError(has, slots)),
      id: "S10.held",
    },
    usersFollowTask(v, has),
    exitProperty(v, has),
    ...(has("migrationSlots") && !slots ? [cleanedProperty(v, has)] : []),
    ...folioProperties(v, has),
  ];
}

/** The cleanup of __kmmscand_exit, as called from a program point. */
const cleanupAt = (caller: string, slots: boolean) => [
  `${caller}:cleanup`,
  ...(slots ? [`${caller}:wait`] : []),
];

/** The cleanup that a failing exec makes with mmap_lock held. */
const inExecError = (has: Has, slots: boolean) =>
  has("execEntersAfterStack") ? [] : cleanupAt("bprm_mm_init", slots);

function exitProperty(v: Shared, has: Has): Property {
  const slots = servesSlots(has);
  const waits = barrierAt(has);
  const exits = [...waits, ...cleanupAt("__mmput", slots), ...inExecError(has, slots)];
  const found = (x: Mm) => get(v.slot_found, x);
  return {
    id: "S02.found",
    kind: "invariant",
    title:
      "An exit waits for the daemon where it has left its slot to it, and what it has found goes with it",
    says: "the exit waits for a daemon that it has left nothing to, or goes by what it has not found",
    holds: forall("mm", "x", (x) =>
      and(
        implies(at("owner", waits, x), is(found(x), "left")),
        or(at("owner", exits, x), is(found(x), "none")),
      ),
    ),
  };
}

/** An exit that looks for entries of its own mm. */
function cleanedProperty(v: Shared, has: Has): Property {
  return {
    id: "A01.cleaned",
    ...assertion("owner", "cleaned"),
    title: "Entries are cleared, and the list made dirty, only where the mm has some",
    says: "an exit asks for an entry to be dropped that is not there: another one will be",
    holds: someWaitingOf(v, has, self("mm")),
  };
}

function folioProperties(v: Shared, has: Has): readonly Property[] {
  const free = (f: Folio) => isNone(get(v.folio_mm, f));
  const flags = (f: Folio) => [get(v.pte_young, f), get(v.pg_idle, f), get(v.pg_young, f), get(v.toptier, f)];
  return [
    mappedByLiving(v, withoutMmAt),
    {
      id: "S05.fresh",
      kind: "invariant",
      title:
        "A folio that nobody maps has nothing of its former life: no accessed bit, no flag, no place in the top tier",
      says: "a folio comes into an mm with the accesses of another one",
      holds: forall("folio", "f", (f) => implies(free(f), not(or(...flags(f))))),
      premise: exists("folio", "f", free),
    },
    ...(has("folioPinnedWhileQueued")
      ? [
          {
            id: "S05.freed",
            kind: "invariant" as const,
            title: "No folio is freed while an entry names it",
            says: "the entry owns no reference: its folio is freed, and may be another's by the time it is promoted",
            holds: not(
              or(
                field(v.in_flight, "stale"),
                someWaiting(v, has, (e) => field(e, "stale")),
              ),
            ),
          },
        ]
      : []),
  ];
}
