/** The whole system: the daemon, the tasks, and an environment that does what it likes. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { sysfs } from "../administrator.ts";
import { daemon } from "./daemon.ts";
import { application, memory, stopper } from "./environment.ts";
import { type Has, systemDesigns, systemFeatures } from "./features.ts";
import { lifeProperties } from "./life-properties.ts";
import { livenessProperties } from "./liveness.ts";
import { migrator } from "./migrator.ts";
import { owner } from "./owner.ts";
import { promotionProperties } from "./promotion-properties.ts";
import { queueProperties } from "./queue-properties.ts";
import { safetyProperties } from "./safety.ts";
import { type Scope, sharedMemory } from "./shared-memory.ts";
import { threadProperties } from "./thread-properties.ts";
import { servesSlots } from "./waiting.ts";
import { walkProperties } from "./walk-properties.ts";
import { wayProperties } from "./ways.ts";

export const system: ModelEntry = {
  name: "system",
  title: "The daemon kmmscand among tasks that fork, exec, run and exit",
  doc: "One thread scans and migrates (v0, fixed), or each has a thread of its own, with one migration list (v1) or one for each mm (v2, v3). Every step is what the kernel does between two points where another task can come in between.",
  parameters: {
    mms: {
      default: 1,
      min: 1,
      max: 3,
      doc: "address spaces, each with one life from fork or exec to its end",
    },
    folios: {
      default: 2,
      min: 1,
      max: 3,
      doc: "folios of the slow tier that can be mapped, touched, freed, reused",
    },
    queue: {
      default: 2,
      min: 1,
      max: 4,
      doc: "entries allocated at a time, on the migration list or in flight; one more kzalloc fails",
    },
    stores: { default: 1, min: 0, max: 4, doc: "writes of scan_enabled: off, on, off, ..." },
  },
  patches: ["v0", "v1", "v2", "v3", "fixed"],
  features: systemFeatures,
  scopes: [
    {
      name: "two mms",
      properties: ["L04", "B02.list"],
      patches: ["v0", "fixed"],
      parameters: { mms: 2, folios: 1, queue: 1 },
    },
    {
      name: "two mms",
      properties: ["B02.list"],
      patches: ["v1"],
      parameters: { mms: 2, folios: 1, queue: 1, stores: 0 },
    },
    {
      name: "two mms",
      properties: ["L03"],
      patches: ["v2", "v3"],
      parameters: { mms: 2, folios: 1, queue: 1, stores: 0 },
    },
    { name: "one folio", patches: ["v1", "v2", "v3"], parameters: { folios: 1 } },
  ],
  designs: systemDesigns,
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const { mms = 0, folios = 0, queue = 0, stores = 0 } = parameters;
  const scope: Scope = { mms, folios, queue, stores };
  const has: Has = (feature) => features[feature] === true;
  const thread = has("separateMigrateThread");
  const { variables, v } = sharedMemory(scope, thread, servesSlots(has));
  return {
    name: "system",
    title: system.title,
    identities: { mm: mms, folio: folios },
    variables,
    actors: [
      daemon(v, has, scope),
      ...(thread ? [migrator(v, has)] : []),
      owner(v, has),
      application(v, has),
      memory(v, has),
      sysfs(v, stores),
      stopper(v),
    ],
    properties: [
      ...safetyProperties(v, has),
      ...queueProperties(v, has),
      ...(thread ? threadProperties(v, has) : []),
      ...wayProperties(v, has, scope),
      ...walkProperties(v, has, scope),
      ...(thread ? [] : promotionProperties(v, has)),
      ...lifeProperties(v, has),
      ...livenessProperties(v, has),
    ],
  };
}
