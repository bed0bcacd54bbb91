/** What a destination has to be. */
import {
  and,
  at,
  choose,
  type Expr,
  eq,
  type Int,
  implies,
  is,
  le,
  ne,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";
import type { Nodes } from "./nodes.ts";

export function targetNodeProperties(v: Memory, has: Has, nodes: Nodes): readonly Property[] {
  return [
    ...destination(v, has, nodes),
    {
      id: "A08.store",
      kind: "invariant",
      title: "A store takes only a node of the top tier that has memory",
      says: "a number is stored that names no node, or one without memory",
      defects: ["D75"],
      holds: not(v.unfit),
    },
    ...progress(has),
    ...(has("targetChosenByScan") ? choice(v, nodes) : []),
    ...(has("separateMigrateThread") ? entries(v, has) : []),
  ];
}

/** An entry that is taken, and a visit that has chosen a target, come to an end. */
function progress(has: Has): readonly Property[] {
  const migrator = has("separateMigrateThread") ? "kmmmigrated" : "kmmscand";
  const inFlight = at(migrator, ["promote_folio:destination"]);
  const chosen = at("kmmscand", ["scan_mm_slot:end"]);
  return [
    {
      id: "L03.ends",
      kind: "leadsTo",
      title: "An entry that is taken ends: at its destination, elsewhere, or failed",
      says: "an entry stays in flight for ever",
      from: inFlight,
      to: not(inFlight),
    },
    ...(has("targetChosenByScan")
      ? [
          {
            id: "L01.ends",
            kind: "leadsTo" as const,
            title: "A visit that has chosen its target comes to its end",
            says: "the scanner stays at one mm for ever",
            from: chosen,
            to: not(chosen),
          },
        ]
      : []),
  ];
}

/** What each list holds, and that nothing of an entry is left once it is consumed. */
function entries(v: Memory, has: Has): readonly Property[] {
  const scanner = (step: string) =>
    ({ kind: "assertion", on: [{ actor: "kmmscand", steps: [step] }] }) as const;
  return [
    {
      id: "A01.lists",
      kind: "invariant",
      title: "The scanner's list and the migrator's hold what was put there and not yet taken away",
      says: "entries are lost, or stay behind where they have been taken",
      holds: and(eq(v.scan_list, v.found_hot), eq(v.migrate_list, v.handed_over)),
    },
    {
      id: "A01.spliced",
      ...scanner("splice"),
      title: "The scanner hands over only what it has",
      says: "an empty list is spliced, and the migrator finds an entry that nobody has made",
      holds: v.found_hot,
    },
    {
      id: "A01.taken",
      kind: "assertion",
      title: "The migrator takes only what was handed over",
      says: "the migrator takes an entry from an empty list",
      on: [{ actor: "kmmmigrated", steps: ["take", ...(has("targetChosenByScan") ? ["take_busy"] : [])] }],
      holds: v.handed_over,
    },
    {
      id: "A01.flight",
      kind: "invariant",
      title: "An entry has a destination from its taking to its end",
      says: "the destination of one entry is still there for the next, or an entry has none",
      holds: eq(ne(v.dest, "unset"), at("kmmmigrated", ["promote_folio:destination"])),
    },
  ];
}

function destination(v: Memory, has: Has, { room, isEligible, hasRoom }: Nodes): readonly Property[] {
  const actor = has("separateMigrateThread") ? "kmmmigrated" : "kmmscand";
  const elsewhere = has("fallbackNodesUsed") ? ["promote_elsewhere"] : [];
  const on = (...steps: readonly string[]) => ({ kind: "assertion", on: [{ actor, steps }] }) as const;
  const together = and(ne(v.runs_on, "unset"), hasRoom(v.runs_on), not(v.changed));
  const apart = and(is(v.runs_on, "unset"), not(v.changed));
  const unknown = and(apart, is(v.found, "unset"));
  const known = and(apart, ne(v.found, "unset"), not(v.busy));
  const someRoom = or(room.node0, room.dram);
  return [
    {
      id: "S15",
      ...on("promote"),
      title: "A promotion goes to a node of the top tier that has memory",
      says: "the destination has no memory, lies in a slower tier, or is no node at all",
      defects: ["D75", "D76"],
      holds: isEligible(v.dest),
    },
    {
      id: "S15.task",
      ...on("promote", ...elsewhere),
      title: "A process that runs on one node has its folios promoted to that node while it has room",
      says: "the threads run on one node, and the folios are promoted to another one",
      defects: ["D77"],
      holds: implies(together, eq(v.dest, v.runs_on)),
      premise: together,
    },
    {
      id: "S15.room",
      ...on("fail"),
      title: "A promotion fails for want of room only where no node of the top tier has any",
      says: "the destination is nearly full, and the entry fails although another node has room",
      defects: ["D77"],
      holds: not(someRoom),
    },
    ...(has("fallbackNodesUsed")
      ? [
          {
            id: "S15.elsewhere",
            ...on(...elsewhere),
            title:
              "A folio goes to another node only where its destination will not do and that node has room",
            says: "the destination would have done, or no other node has room",
            holds: and(not(hasRoom(v.dest)), someRoom),
          } as const,
        ]
      : []),
    {
      id: "A11",
      ...on("promote", ...elsewhere),
      title: "A folio goes to the top tier only where policy and cpuset of its owner allow that",
      says: "the policy of the kthread was asked, not that of the process, which is bound to the slow tier",
      defects: ["D68"],
      holds: v.toptier_allowed,
    },
    ...(has("ownerPolicyAsked")
      ? [
          {
            id: "A11.refused",
            ...on("not_allowed"),
            title: "A promotion is refused for its policy only where the policy forbids it",
            says: "a process that may use the top tier is kept out of it",
            holds: not(v.toptier_allowed),
          } as const,
        ]
      : []),
    {
      id: "A08",
      ...on("promote", ...elsewhere),
      title: "Where nothing is known of an mm, its folios go to the node in sysfs",
      says: "the folios go to a node that neither a scan has found nor the administrator named",
      defects: ["D76"],
      holds: implies(unknown, eq(v.dest, v.stored)),
      premise: unknown,
    },
    ...(has("targetChosenByScan")
      ? [
          {
            id: "S15.found",
            ...on("promote", ...elsewhere),
            title:
              "Where the threads run on both nodes, the folios go to the node that the last scan has found",
            says: "the target that a scan has found is lost before the next scan has found another",
            holds: implies(known, eq(v.dest, v.found)),
            premise: known,
          } as const,
        ]
      : []),
  ];
}

function choice(v: Memory, { top }: Nodes): readonly Property[] {
  const other: Expr<Int> = choose(is(v.mm_target, "dram"), v.dram_accessed, 0);
  const ofTarget = top ? choose(is(v.mm_target, "node0"), v.node0_accessed, other) : other;
  const counters = [v.node0_scanned, v.dram_scanned, v.node0_accessed, v.dram_accessed];
  return [
    {
      id: "A03.target",
      kind: "assertion",
      title: "No node of the top tier has seen more accesses than the target",
      says: "the target is the node with the most folios scanned, accessed or not",
      defects: ["D67"],
      on: [{ actor: "kmmscand", steps: ["reset"] }],
      holds: and(le(v.node0_accessed, ofTarget), le(v.dram_accessed, ofTarget)),
    },
    {
      id: "A05",
      kind: "assertion",
      title: "A visit counts from 0",
      says: "the counters still hold what the visit of another mm has counted",
      on: [{ actor: "kmmscand", steps: ["start"] }],
      holds: and(...counters.map((counter) => eq(counter, 0))),
    },
    {
      id: "A05.leftover",
      kind: "assertion",
      title: "A visit ends with nothing left on the scanner's own list",
      says: "entries stay with the scanner and are handed over as those of the next mm",
      on: [{ actor: "kmmscand", steps: ["choose"] }],
      holds: not(v.found_hot),
    },
    {
      id: "A03.counted",
      kind: "invariant",
      title: "nr_accessed of a node counts each accessed folio of that node that the walk has come across",
      says: "an accessed folio is not counted, or one that was not accessed is",
      holds: and(eq(v.node0_accessed, v.node0_seen), eq(v.dram_accessed, v.dram_seen)),
    },
    {
      id: "A03.online",
      kind: "assertion",
      title: "Only folios of a node that has memory are counted",
      says: "a node without memory is counted for",
      on: [{ actor: "kmmscand", steps: ["accessed_dram"] }],
      holds: is(v.dram, "room"),
    },
  ];
}
