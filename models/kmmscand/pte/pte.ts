/** One folio under the eyes of the scanner: the flags and the order in which each version reads and writes them. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { scanner } from "./callback.ts";
import { application, others } from "./environment.ts";
import { type Has, pteFeatures } from "./features.ts";
import { memory } from "./memory.ts";
import { pteProperties } from "./properties.ts";

export const pte: ModelEntry = {
  name: "pte",
  title: "The page-table callback and the flags of one folio",
  doc: "PG_idle, PG_young and the accessed bits of a folio with one or two entries, in any sequence of touches and visits. fixed is the callback of v3 with every fix.",
  parameters: {
    ptes: { default: 2, min: 1, max: 2, doc: "entries that map the folio: two for a large one" },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: pteFeatures,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const { ptes = 0 } = parameters;
  const { variables, v } = memory(ptes, has);
  return {
    name: "pte",
    title: pte.title,
    identities: { pte: ptes },
    variables,
    actors: [scanner(v, has, ptes), application(v), others(v, has)],
    properties: pteProperties(v, has),
  };
}
