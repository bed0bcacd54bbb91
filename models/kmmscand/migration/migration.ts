/** The way of a folio from the visit that finds it to the thread that migrates it, among exits. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { application, memory } from "./environment.ts";
import { type Has, migrationFeatures } from "./features.ts";
import { kmmmigrated } from "./global-list.ts";
import { lifeProperties } from "./life.ts";
import { owner } from "./owner.ts";
import { migrationProperties } from "./properties.ts";
import { scanner } from "./scanner.ts";
import { migrationMemory, type Scope } from "./shared-memory.ts";
import { kmigrated } from "./slots.ts";
import { wayProperties } from "./ways.ts";

export const migration: ModelEntry = {
  name: "migration",
  title: "The migration list between scanner, migrator thread and exits",
  doc: "Two threads, as from v1 on: one queues, one migrates. v1 has one list for all mms, v2 and v3 one for each. fixed is the design of v3, mended; with migrationSlots=off that of v1.",
  parameters: {
    mms: { default: 1, min: 1, max: 2, doc: "address spaces, each with one life" },
    folios: { default: 1, min: 1, max: 2, doc: "folios that can be mapped, queued, moved, freed, reused" },
    queue: { default: 2, min: 1, max: 2, doc: "entries of a migration list; for one more kzalloc fails" },
    visit: { default: 2, min: 1, max: 2, doc: "folios that one visit passes before scan_size is" },
    lockdep: { default: 1, min: 0, max: 1, doc: "v2, v3: 1 where lock debugging makes a spinlock larger" },
  },
  patches: ["v1", "v2", "v3", "fixed"],
  features: migrationFeatures,
  scopes: [
    {
      name: "two mms",
      properties: ["A01", "S18.meant"],
      patches: ["v1"],
      parameters: { mms: 2, queue: 1 },
    },
    {
      name: "two mms",
      properties: ["L03", "S18", "S18.meant"],
      patches: ["v2", "v3"],
      parameters: { mms: 2, queue: 1 },
    },
  ],
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const { mms = 0, folios = 0, queue = 0, visit = 0, lockdep = 0 } = parameters;
  const scope: Scope = { mms, folios, queue, visit, lockdep: lockdep === 1 };
  const has: Has = (feature) => features[feature] === true;
  const { variables, v } = migrationMemory(scope);
  const actors = [
    scanner(v, has, scope),
    has("migrationSlots") ? kmigrated(v, has) : kmmmigrated(v, has),
    owner(v, has),
    application(v, has),
    memory(v, has),
  ];
  const points = (of: string) => Object.keys(actors.find(({ name }) => name === of)?.config.states ?? {});
  return {
    name: "migration",
    title: migration.title,
    identities: { mm: mms, folio: folios },
    variables,
    actors,
    properties: [
      ...migrationProperties(v, has, scope),
      ...lifeProperties(v, has, points),
      ...wayProperties(v, has),
    ],
  };
}
