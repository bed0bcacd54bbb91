/** What a walk and its callback may count on, whom they pass over, and what they leave behind. */
import {
  and,
  at,
  chosen,
  eq,
  exists,
  field,
  forall,
  get,
  implies,
  includes,
  not,
  or,
  type Property,
  someElement,
} from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { roomForEntry, toVisit } from "./walk.ts";

export function walkProperties(v: Shared, has: Has, scope: Scope): readonly Property[] {
  const folio = chosen("folio", "folio");
  const slow = not(get(v.toptier, folio));
  const touched = get(v.touched, folio);
  const already = has("separateMigrateThread") && has("queueSkipsListed") ? ["queued_already"] : [];
  const candidates = ["queue", "kzalloc_fails", ...already, "idle"];
  const someLeft = exists("folio", "f", (f) => toVisit(v, f));
  const oneThread = !has("separateMigrateThread");
  return [
    {
      id: "A05.visited",
      ...assertion("kmmscand", ...candidates, "toptier"),
      title: "A walk visits each folio that the mm under scan maps, and each once",
      says: "the callback judges a folio of another mm, or one that this walk has judged already",
      holds: toVisit(v, folio),
    },
    {
      id: "S15.queued",
      ...assertion("kmmscand", ...candidates),
      title: "Only a folio of the slow tier is a candidate for promotion",
      says: "a folio that lies in the top tier is queued for promotion, or counted as idle",
      holds: slow,
    },
    {
      id: "A03.node",
      ...assertion("kmmscand", "toptier"),
      title: "Only a folio of the top tier is merely counted",
      says: "a folio of the slow tier is passed over as one that has been promoted",
      holds: not(slow),
    },
    {
      id: "A03.missed",
      ...assertion("kmmscand", "idle", "kzalloc_fails"),
      title: "A folio that was accessed as often as the version asks goes unqueued only for want of memory",
      says: "a hot folio looks cold, or is not queued although an entry could be had",
      holds: implies(
        has("secondAccess") ? and(touched, not(get(v.pg_idle, folio))) : touched,
        not(roomForEntry(v, has, scope)),
      ),
    },
    ...(has("secondAccess")
      ? []
      : [
          {
            id: "A03.mark",
            kind: "invariant" as const,
            title: "A folio that was visited is marked idle until it is unmapped or promoted",
            says: "a visit leaves PG_idle clear: whoever asks next takes the folio for accessed",
            holds: forall("folio", "f", (f) => implies(get(v.visited, f), get(v.pg_idle, f))),
            premise: exists("folio", "f", (f) => get(v.visited, f)),
          },
        ]),
    {
      id: "L02.end",
      ...assertion("kmmscand", "end"),
      title: "A walk comes to its end only behind the last folio",
      says: "folios are left out although the scan has not come to its size",
      holds: not(someLeft),
    },
    {
      id: "L02.enough",
      ...assertion("kmmscand", "enough"),
      title: "A walk is cut short only where folios are left",
      says: "the resume address says that VMAs are left where there is none",
      holds: someLeft,
    },
    {
      id: "L02.walked",
      kind: "invariant",
      title: "A new walk has passed no folio yet",
      says: "the daemon passes over a folio because an earlier walk has seen it",
      holds: or(
        at("kmmscand", ["scan_mm_slot:walk"]),
        not(exists("folio", "f", (f) => includes(v.walked, f))),
      ),
    },
    ...(oneThread ? [passedProperty(v)] : []),
  ];
}

/** Of one thread: the list is drained before the next walk, so what waits during a walk was queued by it. */
function passedProperty(v: Shared): Property {
  const walking = at("kmmscand", ["scan_mm_slot:walk"]);
  return {
    id: "B05.passed",
    kind: "invariant",
    title: "A walk that has queued a folio has passed it",
    says: "the walk comes to a folio again that it has queued",
    holds: implies(
      walking,
      not(
        someElement(v.migrate_list, "e", (e) =>
          and(eq(field(e, "mm"), v.cursor), not(includes(v.walked, field(e, "folio")))),
        ),
      ),
    ),
    premise: walking,
  };
}
