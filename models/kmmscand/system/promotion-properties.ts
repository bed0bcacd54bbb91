/** What the one thread of v0 and fixed has to get right about an entry that it takes off the list. */
import {
  and,
  at,
  eq,
  field,
  get,
  head,
  implies,
  is,
  isEmpty,
  isNone,
  ne,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import { type Outcome, outcomes, type Shared } from "./shared-memory.ts";

/** KMMSCAND_ codes of promote_folio, once more, by what it has found. */
const codes: Readonly<Record<Outcome, number>> = {
  moved: 0,
  invalidFolio: 2,
  isolationError: 6,
  again: -11,
};

export function promotionProperties(v: Shared, has: Has): readonly Property[] {
  const folio = field(v.in_flight, "folio");
  const nameless = isNone(field(v.in_flight, "mm"));
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const next = field(head(v.migrate_list), "mm");
  return [
    {
      id: "S18.dirty",
      kind: "invariant",
      title: "The list is dirty only while its first entry is one of an mm that exits",
      says: "the daemon is asked to drop an entry, and none of an exiting mm waits: the next one is lost",
      holds: implies(
        v.list_dirty,
        and(not(isEmpty(v.migrate_list)), or(isNone(next), eq(get(v.mm_users, next), 0))),
      ),
      premise: v.list_dirty,
    },
    {
      id: "S06.unnamed",
      ...assertion("kmmscand", "take_null"),
      title: "promote_folio is passed over only for an entry without an mm",
      says: "an entry of a live mm is consumed and not promoted",
      holds: isNone(next),
    },
    {
      id: "S05.valid",
      ...assertion("kmmscand", "flags_valid", "folio_moved", "folio_busy"),
      title: "Only a mapped folio passes the checks and is isolated",
      says: "promotion goes on with a folio that nobody maps",
      holds: mapped,
    },
    {
      id: "A02.refused",
      ...assertion("kmmscand", "flags_invalid", "not_isolated"),
      title: "A folio is refused only where it is not mapped",
      says: "a mapped folio is refused, and counted as failed",
      holds: not(mapped),
    },
    {
      id: "A02.code",
      kind: "invariant",
      title: "promote_folio returns 0 for a success, and for a refusal the code of the check that refuses",
      says: "the trace shows an rc that belongs to another outcome",
      holds: and(...outcomes.map((way) => implies(is(v.outcome, way), eq(v.ret, codes[way])))),
      premise: ne(v.outcome, "none"),
    },
    {
      id: "A02.failed",
      ...assertion("kmmscand", "failed"),
      title: "migrate_failed counts no success",
      says: "migrate_failed grows for a folio that was promoted",
      holds: ne(v.ret, 0),
    },
    {
      id: "S15.moved",
      kind: "invariant",
      title: "A folio that was promoted lies in the top tier, unless it has been unmapped since",
      says: "promotion returns 0 and has moved nothing",
      holds: implies(
        is(v.outcome, "moved"),
        or(get(v.toptier, folio), field(v.in_flight, "stale"), not(mapped)),
      ),
      premise: is(v.outcome, "moved"),
    },
    ...(has("nullEntryNotCounted")
      ? [
          {
            id: "A01.discarded",
            ...assertion("kmmscand", "discard"),
            title: "Only an entry without an mm is neither counted nor traced",
            says: "an entry was promoted, or refused, and no counter tells",
            holds: nameless,
          },
          {
            id: "A02.left",
            kind: "invariant" as const,
            title: "ret is 0 between two entries",
            says: "what one entry has returned is taken for what the next one returns",
            holds: or(eq(v.ret, 0), at("kmmscand", ["migrate_folio:account"])),
          },
        ]
      : []),
  ];
}
