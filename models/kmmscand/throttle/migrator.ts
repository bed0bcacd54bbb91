/** kmigrated_migrate_mm, as far as it counts: how many of the last entries could not be migrated. */
import {
  type Actor,
  actor,
  add,
  and,
  div,
  type Effect,
  type Expr,
  eq,
  type Int,
  least,
  mul,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory, Scope } from "./memory.ts";

export function migrator(v: Memory, has: Has, { window }: Scope): Actor {
  const consumes = (name: string, text: string, counter: Expr<Int>) =>
    step(name, text, {
      do: [
        set(counter, add(counter, 1)),
        set(v.unseen, least(add(v.unseen, 1), window + 1)),
        when(eq(add(v.succeeded, v.failed), window), takesOver(v)),
      ],
    });
  return actor({
    name: "kmigrated",
    doc: "Consumes entries of the mm and counts which of them failed.",
    initial: "kmigrated_migrate_mm:entry",
    points: {
      "kmigrated_migrate_mm:entry": point(
        consumes("migrated", "an entry is migrated: msuccess++", v.succeeded),
        consumes("migrate_failed", "an entry fails: mfailed++", v.failed),
        has("failureWindowKept")
          ? step("list_empty", "the list is empty: what was counted stays", {})
          : step("list_empty", "the list is empty: the counts are locals, and gone", {
              do: [set(v.succeeded, 0), set(v.failed, 0)],
              why: "the share was not updated: there were fewer entries than it takes",
            }),
      ),
    },
  });
}

/** The window is full: a quarter of what was counted before stays, and the share is computed anew. */
function takesOver(v: Memory): readonly Effect[] {
  const before = (kept: Expr<Int>, counted: Expr<Int>) => add(div(kept, 4), counted);
  const [succeeded, failed] = [before(v.msuccess, v.succeeded), before(v.mfailed, v.failed)];
  const share = div(mul(failed, 100), add(succeeded, failed));
  return [
    set(v.steady, and(v.steady, eq(div(v.fratio, 10), div(share, 10)))),
    set(v.fratio, share),
    set(v.msuccess, succeeded),
    set(v.mfailed, failed),
    set(v.succeeded, 0),
    set(v.failed, 0),
    set(v.unseen, 0),
  ];
}
