/** What the way through the address spaces has to keep. */
import { and, eq, isNone, le, not, or, type Property } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { type Memory, patience, type Scope, scanSize } from "./memory.ts";

export function scanProperties(v: Memory, has: Has, scope: Scope): readonly Property[] {
  return [
    {
      id: "A05",
      kind: "assertion",
      title: "The address to resume at comes from a walk of the same mm",
      says: "scanctrl.address is left over from another mm",
      defects: ["D42"],
      on: [{ actor: "kmmscand", steps: ["stop"] }],
      holds: has("resumesWhereItStopped") ? not(isNone(v.vma)) : eq(v.last_visited_of, v.cursor),
    },
    {
      id: "A05.list",
      kind: "assertion",
      title: "Entries are handed over for the mm that they belong to",
      says: "entries of one mm are left on scan_list and handed over for the next one",
      defects: ["D48"],
      on: [{ actor: "kmmscand", steps: ["stop"] }],
      holds: or(isNone(v.scan_list), eq(v.scan_list, v.cursor)),
      premise: not(isNone(v.scan_list)),
    },
    {
      id: "B01",
      kind: "invariant",
      title: "One scan visits no more pages than scan_size has",
      says: "mmap_lock is held for as long as a VMA is large, or the address space is",
      defects: ["D49", "D50", "D51", "D52"],
      holds: le(v.visited, scanSize),
    },
    {
      id: "L02",
      kind: "invariant",
      title: "Every populated page is visited within a bounded number of scans",
      says: "the scans of an mm come by the same pages again and again, and never at this one",
      defects: ["D40", "D41", "D42", "D43"],
      holds: le(v.since, patience(scope)),
      premise: and(not(isNone(v.watched))),
    },
  ];
}
