/** The scanner, which also migrates, and the owner of an mm. */
import {
  type Actor,
  actor,
  and,
  append,
  chosen,
  drop,
  type Effect,
  type Expr,
  each,
  eq,
  get,
  head,
  type Id,
  individual,
  is,
  isEmpty,
  isNone,
  length,
  lt,
  ne,
  next,
  not,
  or,
  point,
  pop,
  remove,
  self,
  set,
  step,
  when,
} from "../../language/index.ts";
import { folioAfter, type Memory, ownerOf, type Sizes } from "./variables.ts";

export function scanner(v: Memory, sizes: Sizes): Actor {
  const mm = v.cursor;
  const folio = v.next_folio;
  const advance = set(v.next_folio, folioAfter(sizes, folio));
  const free = (lock: Memory["queue_lock"]) => set(lock, "free");
  const take = (lock: Memory["queue_lock"], to: string, why: string) =>
    step("lock", why, { when: is(lock, "free"), do: [set(lock, "scanner")], to });
  const enqueue = (what: Expr<Id<"folio">>): Effect =>
    when(lt(length(v.queue), sizes.queue), [append(v.queue, what), set(get(v.queued, what), true)]);
  const markAccessed = [set(get(v.accessed, folio), false), set(get(v.young, folio), true)];
  const heldIsExiting = get(v.exiting, ownerOf(sizes, v.held));

  return actor({
    name: "scanner",
    doc: "Walks the list of mms, queues folios of the slow tier that were accessed twice, and migrates them",
    initial: "S0",
    points: {
      S0: point(take(v.mm_list_lock, "S1", "lock the list of mms")),
      S1: point(
        step("choose", "nothing to scan: unlock", {
          when: and(isNone(mm), isEmpty(v.mm_list)),
          do: [free(v.mm_list_lock)],
          to: "S8",
        }),
        step("choose", "go on with the cursor, or with the first mm; unlock", {
          do: [when(isNone(mm), [set(mm, head(v.mm_list))]), free(v.mm_list_lock)],
          to: "S2",
        }),
      ),
      S2: point(
        step("mmap-read-trylock", "take the mmap lock for reading", {
          when: is(get(v.mmap_lock, mm), "free"),
          do: [set(get(v.mmap_lock, mm), "read")],
          to: "S3",
        }),
        step("mmap-read-trylock", "the mmap lock is taken: leave this mm", { to: "S6" }),
      ),
      S3: point(
        step("scan", "at the end, or the owner exits: unlock", {
          when: or(isNone(folio), get(v.exiting, mm)),
          do: [set(get(v.mmap_lock, mm), "free"), set(folio, individual("folio", 0))],
          to: "S6",
        }),
        step("scan", "a folio of another mm: skip it", {
          when: ne(ownerOf(sizes, folio), mm),
          do: [advance],
        }),
        step("scan", "accessed again, and slow: queue it", {
          when: and(
            get(v.accessed, folio),
            get(v.slow, folio),
            not(get(v.idle, folio)),
            not(get(v.queued, folio)),
          ),
          do: markAccessed,
          to: "S4",
        }),
        step("scan", "accessed: note it", {
          when: get(v.accessed, folio),
          do: [...markAccessed, set(get(v.idle, folio), false), advance],
        }),
        step("scan", "not accessed: it is idle", {
          do: [set(get(v.young, folio), false), set(get(v.idle, folio), true), advance],
        }),
      ),
      S4: point(take(v.queue_lock, "S5", "lock the queue")),
      S5: point(
        step("enqueue", "queue the folio where there is room, unlock", {
          do: [enqueue(folio), free(v.queue_lock), advance],
          to: "S3",
        }),
      ),
      S6: point(take(v.mm_list_lock, "S7", "lock the list of mms")),
      S7: point(
        step("advance", "go to the next mm, unlist this one where its owner exits; unlock", {
          do: [
            when(get(v.exiting, mm), [set(get(v.listed, mm), false)]),
            set(mm, next(v.mm_list, mm)),
            drop(v.mm_list, "m", (m) => not(get(v.listed, m))),
            free(v.mm_list_lock),
          ],
          to: "S8",
        }),
      ),
      S8: point(take(v.queue_lock, "S9", "lock the queue")),
      S9: point(
        step("dequeue", "nothing is queued: unlock", {
          when: isEmpty(v.queue),
          do: [free(v.queue_lock)],
          to: "S0",
        }),
        step("dequeue", "take the first folio, unlock", {
          do: [
            set(v.held, head(v.queue)),
            set(get(v.queued, v.held), false),
            pop(v.queue),
            free(v.queue_lock),
          ],
          to: "S10",
        }),
      ),
      S10: point(
        step("migrate", "move the folio to the fast tier, unless its owner exits", {
          do: [
            when(not(heldIsExiting), [set(get(v.slow, v.held), false), set(get(v.young, v.held), false)]),
            set(v.held, null),
          ],
          to: "S8",
        }),
        step("busy", "the folio is in use: try later", { when: get(v.accessed, v.held), to: "S11" }),
      ),
      S11: point(take(v.queue_lock, "S12", "lock the queue")),
      S12: point(
        step("requeue", "queue the folio again, unless its owner exits; unlock", {
          do: [when(not(heldIsExiting), [enqueue(v.held)]), set(v.held, null), free(v.queue_lock)],
          to: "S0",
        }),
      ),
    },
  });
}

export function owner(v: Memory, sizes: Sizes): Actor {
  const me = self("mm");
  const mine = (f: Expr<Id<"folio">>) => eq(ownerOf(sizes, f), me);
  const take = (lock: Memory["queue_lock"], to: string, why: string) =>
    step("lock", why, { when: is(lock, "free"), do: [set(lock, "owner")], to });
  const touched = chosen("folio", "folio");

  return actor({
    name: "owner",
    doc: "A process that starts, touches its folios, changes its mappings, and exits",
    forEach: "mm",
    initial: "O0",
    points: {
      O0: point(take(v.mm_list_lock, "O1", "start: lock the list of mms")),
      O1: point(
        step("enter", "list the mm, unlock", {
          do: [append(v.mm_list, me), set(get(v.listed, me), true), set(v.mm_list_lock, "free")],
          to: "O2",
        }),
      ),
      O2: point(
        step("touch", "use a folio", {
          choose: { folio: "folio" },
          when: and(mine(touched), not(get(v.accessed, touched))),
          do: [set(get(v.accessed, touched), true)],
        }),
        step("mmap-write-lock", "lock the mappings to change them", {
          when: is(get(v.mmap_lock, me), "free"),
          do: [set(get(v.mmap_lock, me), "write")],
          to: "O3",
        }),
        step("exit", "begin to exit", { do: [set(get(v.exiting, me), true)], to: "O4" }),
      ),
      O3: point(
        step("mmap-write-unlock", "unlock the mappings", {
          do: [set(get(v.mmap_lock, me), "free")],
          to: "O2",
        }),
      ),
      O4: point(take(v.mm_list_lock, "O5", "lock the list of mms")),
      O5: point(
        step("unlist", "the scanner is here: leave it to the scanner, unlock", {
          when: and(get(v.listed, me), eq(v.cursor, me)),
          do: [set(v.mm_list_lock, "free")],
          to: "O6",
        }),
        step("unlist", "take the mm off the list, unlock", {
          when: get(v.listed, me),
          do: [remove(v.mm_list, me), set(get(v.listed, me), false), set(v.mm_list_lock, "free")],
          to: "O7",
        }),
        step("unlist", "the scanner has done it: unlock", { do: [set(v.mm_list_lock, "free")], to: "O7" }),
      ),
      O6: point(
        step("wait", "wait until the scanner has left the mappings", {
          when: is(get(v.mmap_lock, me), "free"),
          to: "O7",
        }),
      ),
      O7: point(take(v.queue_lock, "O8", "lock the queue")),
      O8: point(
        step("purge", "take the own folios off the queue, unlock", {
          do: [
            drop(v.queue, "f", mine),
            each("folio", "f", (f) => [when(mine(f), [set(get(v.queued, f), false)])]),
            set(v.queue_lock, "free"),
          ],
          to: "O9",
        }),
      ),
      O9: point(
        step("free", "once unlisted and not being migrated: free the folios, start anew", {
          when: and(not(get(v.listed, me)), or(isNone(v.held), ne(ownerOf(sizes, v.held), me))),
          do: [
            each("folio", "f", (f) => [
              when(mine(f), [
                set(get(v.slow, f), true),
                set(get(v.accessed, f), false),
                set(get(v.idle, f), true),
                set(get(v.young, f), false),
              ]),
            ]),
            set(get(v.exiting, me), false),
          ],
          to: "O0",
        }),
      ),
    },
  });
}
