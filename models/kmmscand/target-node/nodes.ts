/** What is true of a node, whatever the functions of the kernel make of its number. */
import { and, type Bool, type Expr, is, or } from "../../language/index.ts";
import type { Memory, Node } from "./memory.ts";

/** What is true of node 0 and of the other DRAM node; no other number names a node that folios may go to. */
interface Of {
  readonly node0: Expr<Bool>;
  readonly dram: Expr<Bool>;
}

export interface Nodes {
  /** Node 0 lies in the top tier. */
  readonly top: boolean;
  /** The node lies in the top tier and has memory. */
  readonly eligible: Of;
  /** It is eligible and not full. */
  readonly room: Of;
  readonly isEligible: (node: Node) => Expr<Bool>;
  readonly hasRoom: (node: Node) => Expr<Bool>;
}

/** @param top - node 0 lies in the top tier */
export function nodesOf(v: Memory, top: boolean): Nodes {
  const dram = is(v.dram, "room");
  const eligible = { node0: top ? and() : or(), dram };
  const room = { node0: top ? is(v.node0, "room") : or(), dram };
  const named = (of: Of) => (node: Node) =>
    or(...(top ? [and(is(node, "node0"), of.node0)] : []), and(is(node, "dram"), of.dram));
  return { top, eligible, room, isEligible: named(eligible), hasRoom: named(room) };
}
