/** The programs and memory management: none of these is obliged to move. */
import {
  type Actor,
  actor,
  and,
  chosen,
  get,
  isNone,
  not,
  point,
  self,
  set,
  step,
} from "../../language/index.ts";
import { memoryManagement } from "../memory-management.ts";
import { isReferenced, unmap } from "./entries.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

const choose = { folio: "folio" };

export function application(v: Shared, has: Has): Actor {
  const mm = self("mm");
  const folio = chosen("folio", "folio");
  const running = get(v.running, mm);
  return actor({
    name: "application",
    doc: "The program on an mm: maps folios, exits when it likes.",
    forEach: "mm",
    environment: true,
    initial: "application:run",
    points: {
      "application:run": point(
        step("map", "a free folio of the slow tier is mapped", {
          choose,
          when: and(running, isNone(get(v.folio_mm, folio)), not(isReferenced(v, has, folio))),
          do: [set(get(v.folio_mm, folio), mm)],
        }),
        step("exit", "do_exit: mmput, mm_users drops to 0", {
          when: running,
          do: [set(get(v.running, mm), false), set(get(v.mm_users, mm), 0)],
        }),
      ),
    },
  });
}

export function memory(v: Shared, has: Has): Actor {
  return memoryManagement(v.folio_mm, (folio) => unmap(v, has, folio));
}
