/** The life of the two threads: init, the loops, sleep and wake-up, stop. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { clock, sysfs, task } from "./environment.ts";
import { daemonFeatures, type Has } from "./features.ts";
import { init, stopper } from "./init.ts";
import { variables } from "./memory.ts";
import { migrator } from "./migrator.ts";
import { daemonProperties } from "./properties.ts";
import { scanner } from "./scanner.ts";

export const daemon: ModelEntry = {
  name: "daemon",
  title: "The life of the daemon: init, loops, sleep and wake-up, stop",
  doc: "kmmscand and, from v1 on, kmmmigrated, with task states, timers in ticks and every waker. What a visit does is left to other models. fixed is v3 with every fix.",
  parameters: {
    stores: {
      default: 1,
      min: 0,
      max: 3,
      doc: "writes of the administrator to scan_enabled, scan_sleep_ms, mms_to_scan",
    },
    stops: { default: 1, min: 0, max: 1, doc: "whether somebody stops the threads, as a module would" },
  },
  patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  features: daemonFeatures,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const { stores = 0, stops = 0 } = parameters;
  return {
    name: "daemon",
    title: daemon.title,
    identities: {},
    variables,
    actors: [
      init(has),
      scanner(has),
      ...(has("separateMigrateThread") ? [migrator(has)] : []),
      sysfs(has, stores),
      task(has),
      clock(),
      stopper(has, stops === 1),
    ],
    properties: daemonProperties(has, stores),
  };
}
