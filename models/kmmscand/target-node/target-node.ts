/** Where a folio is promoted to: the number in sysfs, the target of the slot and of the mm, and the node that is meant. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import { actor, type Model } from "../../language/index.ts";
import { nodeMemory, process, stores } from "./environment.ts";
import { type Has, targetNodeFeatures } from "./features.ts";
import { memory } from "./memory.ts";
import { migration } from "./migrator.ts";
import { nodesOf } from "./nodes.ts";
import { targetNodeProperties } from "./properties.ts";
import { scanner } from "./scanner.ts";

export const targetNode: ModelEntry = {
  name: "target-node",
  title: "The node that folios are promoted to",
  doc: "What target_node_store takes, what a scan makes of the folios it has seen, and which node an entry goes to. fixed is v3 with every fix.",
  parameters: {
    folios: { default: 1, min: 1, max: 3, doc: "folios of each DRAM node that a scan comes across" },
    node0: { default: 1, min: 0, max: 1, doc: "node 0 lies in the top tier (1), or in a slower one (0)" },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: targetNodeFeatures,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const { folios = 0, node0 = 0 } = parameters;
  const { variables, v } = memory(folios, has);
  const nodes = nodesOf(v, node0 === 1);
  const separate = has("separateMigrateThread");
  const migrator = actor({
    name: "kmmmigrated",
    doc: "The migrator thread: promotes what it finds on the list.",
    initial: "migrate_folio:take",
    points: migration(v, has, nodes, null),
  });
  return {
    name: "target-node",
    title: targetNode.title,
    identities: {},
    variables,
    actors: [
      scanner(v, has, nodes, folios, separate ? {} : migration(v, has, nodes, "scan_mm_slot:start")),
      ...(separate ? [migrator] : []),
      stores(v, has, nodes),
      process(v, has),
      nodeMemory(v),
    ],
    properties: targetNodeProperties(v, has, nodes),
  };
}
