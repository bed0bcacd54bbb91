/** The settings: the stores of the sysfs group, and the scale that a process sets with prctl. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { type Has, sysfsFeatures } from "./features.ts";
import { memory } from "./memory.ts";
import { sysfsProperties } from "./properties.ts";
import { stores } from "./stores.ts";
import { processes, scanner } from "./threads.ts";

export const sysfs: ModelEntry = {
  name: "sysfs",
  title: "The settings: sysfs stores and the prctl scale",
  doc: "What each store checks, writes and reaches, and what becomes of the prctl scale in fork and exec. fixed is v3 with every fix.",
  parameters: {
    mms: { default: 2, min: 1, max: 2, doc: "processes: two for a fork" },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: sysfsFeatures,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const { mms = 0 } = parameters;
  const { variables, v } = memory(mms, has);
  return {
    name: "sysfs",
    title: sysfs.title,
    identities: { mm: mms },
    variables,
    actors: [scanner(v, has), stores(v, has), processes(v, has)],
    properties: sysfsProperties(v, has),
  };
}
