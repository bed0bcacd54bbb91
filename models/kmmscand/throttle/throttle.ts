/** The throttle of one mm, exhaustively: every sequence of scans, whatever each of them finds. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { type Has, throttleFeatures } from "./features.ts";
import { memory, type Scope } from "./memory.ts";
import { migrator } from "./migrator.ts";
import { program } from "./program.ts";
import { callsPrctl, countsFailures, throttleProperties } from "./properties.ts";
import { slot } from "./slot.ts";
import { limitsOf } from "./throttle-law.ts";
import { updateOf } from "./update.ts";

export const throttle: ModelEntry = {
  name: "throttle",
  title: "The scan throttle of one mm",
  doc: "update_mmslot_info in exact integers. A scan finds nothing, too little, just enough, or so much that scan_delta stays large; from p1 on with the prctl scale, in v3 with the share of failed migrations. fixed is v3 with every fix.",
  parameters: {
    scale: { default: 8, min: 0, max: 10, doc: "v3 and fixed: the prctl scale that a process begins with" },
    prctls: { default: 1, min: 0, max: 2, doc: "from p1 on: calls of prctl that set the scale" },
    window: {
      default: 2,
      min: 0,
      max: 4,
      doc: "v3 and fixed: entries between two updates of the failure share (1024); 0: no migration fails",
    },
    decays: { default: 1, min: 1, max: 3, doc: "idle scans that what the busiest scan has found outlasts" },
    queue: {
      default: 0,
      min: 0,
      max: 128,
      doc: "from p1 on: bound of the queue, in entries of a scan of the least size; 0: not counted. With it, the scale stays, and no migration fails",
    },
    rate: {
      default: 4,
      min: 1,
      max: 32,
      doc: "with queue: how many of these the migrator takes in a second",
    },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: throttleFeatures,
  scopes: [
    // Stretched by the default scale a period hardly ever leaves its maximum, and an idle scan has nothing to shorten.
    {
      name: "scale 1",
      patches: ["v3"],
      properties: ["A07.idle"],
      parameters: { scale: 1, prctls: 0, window: 0 },
    },
  ],
  build,
};

function build({ patch, features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const limits = limitsOf[patch ?? "v0"];
  const { scale = 0, prctls = 0, window = 0, decays = 0, queue = 0, rate = 0 } = parameters;
  const scope: Scope = {
    scale: has("scaleStretches") ? scale : 1,
    prctls,
    window: has("failuresStretch") ? window : 0,
    decays,
    queue: has("separateMigrateThread") ? queue : 0,
    rate,
  };
  const { variables, v } = memory(limits, scope);
  const update = updateOf(v, has, limits, scope);
  return {
    name: "throttle",
    title: throttle.title,
    identities: {},
    variables,
    actors: [
      slot(v, has, scope, update),
      ...(countsFailures(has, scope) ? [migrator(v, has, scope)] : []),
      ...(callsPrctl(has, scope) ? [program(v, has, limits, scope)] : []),
    ],
    properties: throttleProperties(v, has, scope, update),
  };
}
