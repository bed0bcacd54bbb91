/** The life of one mm as the trace events of each version show it; everything else is environment. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import { and, at, eq, implies, is, type Model, not, type Property } from "../../language/index.ts";
import { daemon, walkingAt } from "./daemon.ts";
import { eventsOf } from "./events.ts";
import { type Has, oneMmFeatures } from "./features.ts";
import { type Memory, memoryOfOneMm } from "./memory.ts";
import { migrator, oopsAt } from "./migrator.ts";
import { type Names, namesOf } from "./names.ts";
import { owner, tornDownAt } from "./owner.ts";

export const oneMm: ModelEntry = {
  name: "one-mm",
  title: "One mm and what the trace events of its version show of it",
  doc: "What logs are compared with: the daemon, the migrator and the task of one mm; other mms are steps that change nothing. mm0 is the mm, mm1 stands for all others.",
  parameters: {},
  patches: ["v0", "p1", "v1", "v2", "v3"],
  features: oneMmFeatures,
  build,
};

function build({ patch, features }: BuildOptions): Model {
  const has: Has = (feature) => features[feature] === true;
  const names = namesOf(patch);
  const { variables, v } = memoryOfOneMm();
  const events = eventsOf(v, has);
  return {
    name: "one-mm",
    title: oneMm.title,
    identities: { mm: 2 },
    variables,
    actors: [
      daemon(v, has, names, events),
      ...(has("separateMigrateThread") ? [migrator(v, has, names, events)] : []),
      owner(v, has, names, events),
    ],
    properties: properties(v, has, names),
  };
}

function properties(v: Memory, has: Has, names: Names): readonly Property[] {
  const migrates = has("separateMigrateThread") ? names.migrator : names.scanner;
  const walks = at(names.scanner, walkingAt(names));
  return [
    {
      id: "S03",
      kind: "invariant",
      title: "Page tables are walked under mmap_lock, and never while they are taken down",
      says: "the daemon reads page tables that exit_mmap is freeing",
      holds: implies(walks, and(is(v.mmap_lock, "read"), not(at("owner", tornDownAt)))),
      premise: walks,
    },
    {
      id: "S13",
      kind: "invariant",
      title: "No trace event looks at an mm->owner that an exit has cleared",
      says: "the migrate event dereferences a NULL mm->owner: the daemon dies",
      defects: ["D29"],
      holds: has("eventsWithoutTask") ? and() : not(at(migrates, [oopsAt])),
      premise: v.cur_migrate_mm,
    },
    {
      id: "REUSE",
      kind: "reachable",
      title: "A pointer comes back while entries of the mm before it are queued or in flight",
      says: "every pointer that a migrate event prints belongs to the mm that was scanned",
      goal: and(at("owner", ["bprm_mm_init:stack"]), v.cur_migrate_mm, eq(v.mm_count, 2)),
    },
  ];
}
