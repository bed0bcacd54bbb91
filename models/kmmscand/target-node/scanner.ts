/** One visit of the mm after the other: what is counted for each node, and the target that comes of it. */
import {
  type Actor,
  actor,
  add,
  and,
  choose,
  type Effect,
  gt,
  is,
  lt,
  type NamedStep,
  not,
  type PointData,
  point,
  set,
  step,
} from "../../language/index.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import { change, type Memory, type Node, node } from "./memory.ts";
import type { Nodes } from "./nodes.ts";

const first = "scan_mm_slot:start";

/** @param migration - what v0 does at the end of a visit */
export function scanner(v: Memory, has: Has, nodes: Nodes, folios: number, migration: Points): Actor {
  const chooses = has("targetChosenByScan");
  const next = has("separateMigrateThread") ? first : "migrate_folio:take";
  return actor({
    name: "kmmscand",
    doc: "Visits the mm again and again.",
    initial: first,
    points: {
      [first]: point(
        step("start", chooses ? "mm->target_node = the target of the slot" : "the visit begins", {
          when: v.entered,
          do: chooses ? [set(v.mm_target, v.slot_target)] : [],
          to: "scan_mm_slot:walk",
        }),
      ),
      "scan_mm_slot:walk": point(
        ...(chooses ? topTier(v, has, nodes, folios) : []),
        ...(has("separateMigrateThread") ? listed(v) : [queue(v.migrate_list, v.handed_over)]),
        chooses ? choice(v, has, nodes) : step("end", "the visit ends", { when: not(v.scan_list), to: next }),
      ),
      ...(chooses ? { "scan_mm_slot:end": reset(v, has, nodes, next) } : {}),
      ...migration,
    },
  });
}

/** hot_vma_idle_pte_entry for folios of the top tier, which are counted and no more. */
function topTier(v: Memory, has: Has, { top }: Nodes, folios: number): readonly NamedStep[] {
  const visits = (of: "node0" | "dram", where: string): readonly NamedStep[] => {
    const accessed = v[`${of}_accessed`];
    const seen = set(v[`${of}_seen`], add(v[`${of}_seen`], 1));
    const scanned = v[`${of}_scanned`];
    const online = of === "dram" ? is(v.dram, "room") : and();
    if (has("accessesCompared")) {
      return [
        step(`accessed_${of}`, `a folio of ${where}, accessed`, {
          when: and(online, lt(accessed, folios)),
          do: [seen, set(accessed, add(accessed, 1))],
        }),
      ];
    }
    const when = and(online, lt(scanned, folios));
    const counted = set(scanned, add(scanned, 1));
    return [
      step(`accessed_${of}`, `a folio of ${where}, accessed`, {
        when,
        do: [seen, counted, set(accessed, add(accessed, 1))],
      }),
      step(`idle_${of}`, `a folio of ${where}, not accessed`, { when, do: [counted] }),
    ];
  };
  return [...(top ? visits("node0", "node 0") : []), ...visits("dram", "the other DRAM node")];
}

const queue = (list: Memory["scan_list"], known: Memory["found_hot"]): NamedStep =>
  step("queue", "a folio of the slow tier, hot: an entry is made", {
    when: not(list),
    do: [set(known, true), set(list, true)],
  });

const listed = (v: Memory): readonly NamedStep[] => [
  queue(v.scan_list, v.found_hot),
  step("splice", "the end of a VMA: the entries go to the migrator", {
    when: v.scan_list,
    do: [
      set(v.found_hot, false),
      set(v.handed_over, true),
      set(v.scan_list, false),
      set(v.migrate_list, true),
    ],
  }),
];

/** get_target_node: of two nodes that are level the first one wins. */
function choice(v: Memory, has: Has, { top }: Nodes): NamedStep {
  const [node0, dram] = has("accessesCompared")
    ? [v.node0_accessed, v.dram_accessed]
    : [v.node0_scanned, v.dram_scanned];
  const none = has("unchosenTargetReadsSysfs") ? node("unset") : v.target_node;
  const targetOr = (otherwise: Node): Node => {
    const other = choose(gt(dram, 0), node("dram"), otherwise);
    return top ? choose(and(gt(node0, 0), not(gt(dram, node0))), node("node0"), other) : other;
  };
  return step("choose", "get_target_node: mm and slot have a new target", {
    when: not(v.scan_list),
    do: [
      set(v.mm_target, targetOr(none)),
      set(v.slot_target, targetOr(none)),
      set(v.found, targetOr(node("unset"))),
      change(v),
    ],
    to: "scan_mm_slot:end",
  });
}

function reset(v: Memory, has: Has, { top }: Nodes, next: string): PointData {
  const zero = (of: "node0" | "dram"): readonly Effect[] => [
    set(v[`${of}_seen`], 0),
    ...(has("accessesCompared") ? [] : [set(v[`${of}_scanned`], 0)]),
    set(v[`${of}_accessed`], 0),
  ];
  return point(
    step("reset", "reset_scanctrl: the counters are 0 again", {
      do: [...(top ? zero("node0") : []), ...zero("dram")],
      to: next,
    }),
  );
}
