/** The administrator, the process and its scheduler, and the memory of the nodes. */
import {
  type Actor,
  actor,
  type Bool,
  type Expr,
  is,
  type NamedStep,
  ne,
  not,
  or,
  point,
  set,
  step,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { change, type Memory, type NodeNumber } from "./memory.ts";
import type { Nodes } from "./nodes.ts";

/**
 * target_node_store, with a number that is not refused. node_is_toptier says yes of a node that has no memory tier, and
 * whatever it finds of a node that there is not.
 */
export function stores(v: Memory, has: Has, { top, eligible }: Nodes): Actor {
  const checked = has("storedNodeChecked");
  const store = (number: NodeNumber, text: string, fit: Expr<Bool>): NamedStep =>
    step(`store_${number}`, `target_node_store: ${text}`, {
      ...(checked ? { when: fit } : {}),
      do: [set(v.target_node, number), set(v.stored, number), set(v.unfit, not(fit)), change(v)],
    });
  return actor({
    name: "sysfs",
    doc: "Writes numbers to target_node.",
    fairness: "none",
    initial: "store:idle",
    points: {
      "store:idle": point(
        ...(top ? [store("node0", "0", eligible.node0)] : []),
        store("dram", "the other DRAM node", eligible.dram),
        ...(checked
          ? []
          : [
              store("memoryless", "a node without memory", or()),
              store("outside", "-1, or MAX_NUMNODES", or()),
            ]),
      ),
    },
  });
}

/** Fork or exec makes the mm, once; then the scheduler moves the threads about. */
export function process(v: Memory, has: Has): Actor {
  const enter = (name: string, text: string, target: "node0" | "dram") =>
    step(name, text, {
      do: [set(v.entered, true), ...(has("targetChosenByScan") ? [set(v.mm_target, target)] : [])],
      to: "task:run",
    });
  const run = (name: string, text: string, on: "unset" | "node0" | "dram") =>
    step(name, text, { when: ne(v.runs_on, on), do: [set(v.runs_on, on), change(v)] });
  return actor({
    name: "owner",
    doc: "A process whose threads run on one node, or on both.",
    environment: true,
    initial: "task:start",
    points: {
      "task:start": point(
        enter("fork", "dup_mm: the mm begins as a copy of its parent's", "dram"),
        enter("exec", "mm_alloc: the mm begins with zeros", "node0"),
      ),
      "task:run": point(
        run("run_node0", "all threads run on node 0", "node0"),
        run("run_dram", "all threads run on the other node", "dram"),
        run("run_both", "the threads run on both nodes", "unset"),
        step("bind", "mbind or cpuset: its memory must lie in the slow tier", {
          when: v.toptier_allowed,
          do: [set(v.toptier_allowed, false)],
        }),
        step("unbind", "mbind or cpuset: its memory may lie anywhere", {
          when: not(v.toptier_allowed),
          do: [set(v.toptier_allowed, true)],
        }),
      ),
    },
  });
}

export function nodeMemory(v: Memory): Actor {
  return actor({
    name: "memory",
    doc: "Node 0 fills up and drains; the memory of the other node goes offline and comes back.",
    environment: true,
    initial: "memory:run",
    points: {
      "memory:run": point(
        step("fill", "node 0 is nearly full", { when: is(v.node0, "room"), do: [set(v.node0, "full")] }),
        step("drain", "node 0 has room again", { when: is(v.node0, "full"), do: [set(v.node0, "room")] }),
        step("offline", "the memory of the other node goes offline", {
          when: is(v.dram, "room"),
          do: [set(v.dram, "offline")],
        }),
        step("online", "and comes back", { when: is(v.dram, "offline"), do: [set(v.dram, "room")] }),
      ),
    },
  });
}
