/** Who maps, touches, swaps, and reads the accessed bits beside the scanner. */
import {
  type Actor,
  actor,
  and,
  chosen,
  type Effect,
  each,
  eq,
  exists,
  get,
  individual,
  is,
  ne,
  not,
  or,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";

/** The accessed bit of an entry that the walk has passed is as good as set after the walk: touches come between walks. */
export function application(v: Memory): Actor {
  const pte = chosen("pte", "pte");
  const map = (kind: "anon" | "file" | "ksm" | "huge" | "toptier", text: string) =>
    step(`map_${kind}`, text, { when: is(v.kind, "unmapped"), do: [set(v.kind, kind)] });
  return actor({
    name: "application",
    doc: "Maps one folio, once, and touches it when it likes.",
    environment: true,
    initial: "application:run",
    points: {
      "application:run": point(
        map("anon", "an anonymous folio is mapped, untouched"),
        map("file", "a folio of a file is mapped, untouched"),
        map("ksm", "a folio that KSM has merged is mapped"),
        map("huge", "an anonymous folio is mapped by a huge PMD"),
        map("toptier", "a folio of the top tier is mapped, untouched"),
        step("touch", "the processor sets the accessed bit", {
          choose: { pte: "pte" },
          when: and(
            ne(v.kind, "unmapped"),
            not(v.swapped),
            not(v.walking),
            or(not(is(v.kind, "huge")), eq(pte, individual("pte", 0))),
          ),
          do: [
            set(get(v.pte_young, pte), true),
            set(v.touched, true),
            set(v.used, true),
            when(is(v.since_marked, "idle"), [set(v.since_marked, "used")]),
          ],
        }),
      ),
    },
  });
}

/** Reclaim, and a user of the idle page bitmap. */
export function others(v: Memory, has: Has): Actor {
  const clear = each("pte", "p", (p) => [set(get(v.pte_young, p), false)]);
  const bit = exists("pte", "p", (p) => get(v.pte_young, p));
  const forget: readonly Effect[] = [
    v.pg_idle,
    v.pg_young,
    v.bitmap_idle,
    v.handed_on,
    v.visited,
    v.used,
    v.touched,
    v.touched_before,
  ].map((flag) => set(flag, false));
  const alone = not(v.walking);
  return actor({
    name: "memory",
    doc: "Swaps the folio out and in; somebody writes to the idle page bitmap.",
    environment: true,
    initial: "memory:run",
    points: {
      "memory:run": point(
        step("swap_out", "reclaim swaps the folio out", {
          when: and(is(v.kind, "anon"), not(v.swapped), alone),
          do: [set(v.swapped, true), clear, ...forget, set(v.since_marked, "unmarked")],
        }),
        step("swap_in", "a fault brings it back, in a new folio", {
          when: and(v.swapped, alone),
          do: [set(v.swapped, false)],
        }),
        step("page_idle", "page_idle_bitmap_write: clear the bits, set PG_idle", {
          when: and(ne(v.kind, "unmapped"), not(v.swapped), alone),
          do: [
            has("ownFlags") ? set(v.handed_on, or(v.handed_on, bit)) : set(v.pg_idle, true),
            set(v.pg_young, or(v.pg_young, bit)),
            set(v.bitmap_idle, true),
            set(v.since_marked, "idle"),
            clear,
          ],
          why: has("ownFlags") ? "the access is handed on to the scanner" : "the scanner uses the same flag",
        }),
      ),
    },
  });
}
