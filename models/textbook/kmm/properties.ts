/** What the yardstick model must satisfy; the two invariants are those of its TLA+ and Murphi versions. */
import {
  and,
  at,
  eq,
  exists,
  forall,
  get,
  implies,
  isNone,
  not,
  type Property,
  self,
} from "../../language/index.ts";
import { type Memory, ownerOf, type Sizes } from "./variables.ts";

export function propertiesOf(v: Memory, sizes: Sizes): readonly Property[] {
  const scanning = at("scanner", ["S2", "S3", "S4", "S5", "S6", "S7"]);
  return [
    {
      kind: "invariant",
      id: "cursor-listed",
      title: "The mm that is scanned is on the list",
      says: "The scanner works on an mm that has left the list.",
      holds: implies(scanning, and(not(isNone(v.cursor)), get(v.listed, v.cursor))),
      premise: scanning,
    },
    {
      kind: "invariant",
      id: "queued-has-owner",
      title: "A queued folio has an owner that runs",
      says: "A folio is queued though its owner has not started or is gone.",
      holds: forall("folio", "f", (f) =>
        implies(get(v.queued, f), not(at("owner", ["O0", "O1", "O9"], ownerOf(sizes, f)))),
      ),
      premise: exists("folio", "f", (f) => get(v.queued, f)),
    },
    {
      kind: "assertion",
      id: "freed-unqueued",
      title: "An owner frees no folio that is queued",
      says: "A folio is freed while the migration queue still refers to it.",
      on: [{ actor: "owner", steps: ["free"] }],
      holds: forall("folio", "f", (f) => implies(eq(ownerOf(sizes, f), self("mm")), not(get(v.queued, f)))),
    },
    {
      kind: "reachable",
      id: "can-migrate",
      title: "A folio can reach the fast tier",
      says: "No run migrates a folio.",
      goal: exists("folio", "f", (f) => not(get(v.slow, f))),
    },
    {
      kind: "deadlock",
      id: "no-deadlock",
      title: "Some step is always possible",
      says: "Nothing can happen any more.",
      final: { kind: "bool", value: false },
    },
  ];
}
