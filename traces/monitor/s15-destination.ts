/** S15, as far as a log shows it: a migration that succeeds goes to a node of the top tier (V1 on print the node). */

import { Kind } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const destination: MonitorEntry = {
  id: "S15",
  title: "promotion goes to a node of the top tier",
  needs: "scan_mm_migrate with a node (V1 on), the top-tier nodes as a tunable",
  applies: (has, tunables) => tunables.topTierNodes !== undefined && has(Kind.migrate),
  create,
};

function create(env: MonitorEnv): Monitor {
  const nodes = env.tunables.topTierNodes;
  let judged = 0;
  let without = 0;
  return {
    kinds: [Kind.migrate],
    event(event) {
      if (event.rc !== 0) return;
      if (event.style <= 0) without++;
      else if (nodes !== undefined) {
        judged++;
        if (nodes.includes(event.node)) return;
        env.findings.report(event, {
          message: `the destination must be a node of the top tier (${nodes.join(", ")}), but is node ${event.node}`,
          group: `node ${event.node}`,
          since: event.line,
          alone: true,
        });
      }
    },
    finish: () => ({
      judged,
      undecided:
        nodes === undefined
          ? "which nodes are of the top tier is not known, give them as a tunable"
          : without > 0
            ? "the migrate events of V0 print no node"
            : null,
      moot: judged === 0 && env.assumed.has("topTierNodes"),
      note: judged > 0 ? `${judged} successful migrations` : null,
    }),
  };
}
