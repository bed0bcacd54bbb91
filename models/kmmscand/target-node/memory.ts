/** The nodes, the numbers that name them, and what a scan has counted. */
import {
  bool,
  declare,
  type Effect,
  type Expr,
  int,
  ne,
  oneOf,
  set,
  type TagOf,
} from "../../language/index.ts";
import type { Has } from "./features.ts";

/**
 * What a node number may name. `unset` is NUMA_NO_NODE; `outside` is below 0, or MAX_NUMNODES and more; `memoryless` is
 * possible and has no memory, hence no memory tier.
 */
const nid = oneOf("unset", "node0", "dram", "memoryless", "outside");

/** A node number. */
export type Node = Expr<TagOf<typeof nid>>;
export type NodeNumber = "unset" | "node0" | "dram" | "memoryless" | "outside";

export const node = (value: NodeNumber): Node => ({ kind: "enum", value });

export function memory(folios: number, has: Has) {
  const none = has("unchosenTargetReadsSysfs") ? "unset" : "node0";
  const nr = int(0, folios);
  const scanned = (name: string) => ({ sort: nr, initial: 0, doc: `nr_scanned of ${name}` });
  const accessed = (name: string) => ({
    sort: nr,
    initial: 0,
    doc: `nr_accessed of ${name}`,
    history: !has("accessesCompared"),
  });
  return declare({
    node0: { sort: oneOf("room", "full"), initial: "room", doc: "the memory of node 0" },
    dram: {
      sort: oneOf("room", "offline"),
      initial: "room",
      doc: "the memory of another node, of the top tier",
    },
    target_node: { sort: nid, initial: "node0", doc: "kmmscand_target_node: what sysfs shows" },
    slot_target: { sort: nid, initial: none, doc: "target_node of the slot; 0 as it is allocated" },
    mm_target: { sort: nid, initial: "node0", doc: "target_node of the mm_struct" },
    node0_scanned: scanned("node 0"),
    dram_scanned: scanned("the other node"),
    node0_accessed: accessed("node 0"),
    dram_accessed: accessed("the other node"),
    scan_list: { sort: bool, initial: false, doc: "the scanner has entries of its own" },
    migrate_list: { sort: bool, initial: false, doc: "the migrator has entries" },
    entered: { sort: bool, initial: false, doc: "the mm has a slot" },
    runs_on: {
      sort: nid,
      initial: "unset",
      doc: "the node that all threads run on; unset: they are on both",
    },
    toptier_allowed: {
      sort: bool,
      initial: true,
      doc: "policy and cpuset of the process allow its VMAs memory of the top tier",
    },
    dest: { sort: nid, initial: "unset", doc: "where the entry in flight is to go" },
    node0_seen: { sort: nr, initial: 0, doc: "accessed folios of node 0 in this visit", history: true },
    dram_seen: { sort: nr, initial: 0, doc: "accessed folios of the other node", history: true },
    found_hot: {
      sort: bool,
      initial: false,
      doc: "the scanner has queued entries and not yet handed them over",
      history: true,
    },
    handed_over: {
      sort: bool,
      initial: false,
      doc: "entries were handed over that the migrator has not yet taken",
      history: true,
    },
    stored: { sort: nid, initial: "node0", doc: "what the last store has been given", history: true },
    found: {
      sort: nid,
      initial: "unset",
      doc: "the node that the last scan has chosen by what it found",
      history: true,
    },
    busy: { sort: bool, initial: false, doc: "mmap_lock was not to be had as dest was read", history: true },
    changed: {
      sort: bool,
      initial: false,
      doc: "a store, a scan or the scheduler has come between since dest was read",
      history: true,
    },
    unfit: {
      sort: bool,
      initial: false,
      doc: "a store has taken a node that is not one of the top tier with memory",
      history: true,
    },
  });
}

export type Memory = ReturnType<typeof memory>["v"];

/** Something that dest was read from has changed, if an entry is in flight. */
export const change = (v: Memory): Effect => set(v.changed, ne(v.dest, "unset"));
