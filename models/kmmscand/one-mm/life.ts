/** The life of one mm as the trace events of each version show it; everything else is environment. Logs are compared with it. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import { daemon } from "./daemon.ts";
import { eventsOf } from "./events.ts";
import { type Has, oneMmFeatures } from "./features.ts";
import { memoryOfOneMm } from "./memory.ts";
import { migrator } from "./migrator.ts";
import { namesOf } from "./names.ts";
import { owner } from "./owner.ts";

/** `one-mm` without its properties: what may happen, of which nothing is asked. */
export const lifeOfOneMm: ModelEntry = {
  name: "one-mm",
  title: "One mm and what the trace events of its version show of it",
  doc: "What logs are compared with: the daemon, the migrator and the task of one mm; other mms are steps that change nothing. mm0 is the mm, mm1 stands for all others.",
  parameters: {},
  patches: ["v0", "p1", "v1", "v2", "v3"],
  features: oneMmFeatures,
  build: (options) => lifeModel(options, false),
};

/** @param judged - with the history that properties read */
export function lifeModel({ patch, features }: BuildOptions, judged: boolean): Model {
  const has: Has = (feature) => features[feature] === true;
  const names = namesOf(patch);
  const { variables, v } = memoryOfOneMm(judged);
  const events = eventsOf(v, has, judged);
  return {
    name: "one-mm",
    title: lifeOfOneMm.title,
    identities: { mm: 2 },
    variables,
    actors: [
      daemon(v, has, names, events),
      ...(has("separateMigrateThread") ? [migrator(v, has, names, events)] : []),
      owner(v, has, names, events),
    ],
    properties: [],
  };
}
