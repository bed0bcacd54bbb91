/** migrate_folio and promote_folio, as far as the destination is concerned. */
import { and, choose, is, ne, not, or, point, set, step } from "../../language/index.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Memory, Node } from "./memory.ts";
import type { Nodes } from "./nodes.ts";

/** @param done - where the thread goes when the list is empty; none where it waits for entries */
export function migration(
  v: Memory,
  has: Has,
  { room, isEligible, hasRoom }: Nodes,
  done: string | null,
): Points {
  const chosen = has("unchosenTargetReadsSysfs")
    ? choose(is(v.mm_target, "unset"), v.target_node, v.mm_target)
    : v.mm_target;
  const take = (name: string, text: string, target: Node, busy = false) =>
    step(name, text, {
      when: v.migrate_list,
      do: [
        set(v.handed_over, false),
        set(v.migrate_list, false),
        set(
          v.dest,
          has("destinationFollowsTask") ? choose(ne(v.runs_on, "unset"), v.runs_on, target) : target,
        ),
        set(v.busy, busy),
      ],
      to: "promote_folio:destination",
    });
  const back = {
    do: [set(v.dest, "unset"), set(v.changed, false), set(v.busy, false)],
    to: "migrate_folio:take",
  } as const;
  const goesOn = has("destinationChecked") ? hasRoom(v.dest) : or(not(isEligible(v.dest)), hasRoom(v.dest));
  const someRoom = or(room.node0, room.dram);
  const asks = has("ownerPolicyAsked");
  const allowed = asks ? [v.toptier_allowed] : [];
  return {
    "migrate_folio:take": point(
      ...(has("targetChosenByScan")
        ? [
            take("take", "mmap_read_trylock: the target of the mm is read", chosen),
            take("take_busy", "the trylock fails: the node in sysfs is read", v.target_node, true),
          ]
        : [take("take", "the node in sysfs is read", v.target_node)]),
      ...(done === null
        ? []
        : [step("empty", "nothing is left on the list", { when: not(v.migrate_list), to: done })]),
    ),
    "promote_folio:destination": point(
      step("promote", "the folio is isolated and migrated", { when: and(goesOn, ...allowed), ...back }),
      ...(has("fallbackNodesUsed")
        ? [
            step("promote_elsewhere", "the folio goes to another node, which has room", {
              when: and(not(goesOn), someRoom, ...allowed),
              ...back,
            }),
          ]
        : []),
      step("fail", "the destination will not do: the entry has failed", {
        when: and(not(goesOn), ...(has("fallbackNodesUsed") ? [not(someRoom)] : []), ...allowed),
        ...back,
      }),
      ...(asks
        ? [
            step("not_allowed", "its owner allows no top tier: the entry has failed", {
              when: not(v.toptier_allowed),
              ...back,
            }),
          ]
        : []),
    ),
  };
}
