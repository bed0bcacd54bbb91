/** Which model, version and properties are judged at which sizes where the whole series is judged side by side. */
import type { JudgedScope, ModelEntry, Patch } from "../models/index.ts";
import type { Host } from "./host.ts";
import { InputError, unknownName } from "./input-error.ts";
import { type LoadedModel, loadModel } from "./load-model.ts";

/** One search: a version of a model at some sizes, and what is judged there. */
export interface PlannedRun {
  /** `system-v0-two-mms`: model, version, and the scope or design where it is not the version as it is at default sizes. */
  readonly name: string;
  readonly patch: Patch;
  /** Name of the design of `fixed`; null for a version as it is. */
  readonly design: string | null;
  readonly loaded: LoadedModel;
  readonly properties: readonly string[];
}

/** Leaves out what is not asked for; empty and undefined leave everything in. */
export interface PlanFilter {
  readonly model?: string | undefined;
  readonly patch?: string | undefined;
  /** Ids; that of the catalogue (`S06`) stands for its parts (`S06.queued`), too. */
  readonly properties?: readonly string[];
}

/**
 * Every model with versions, every version, every property once: at the first scope of the model that names it, else at the
 * default sizes. Then the designs of the model, each at its own sizes.
 *
 * @throws InputError for a model, version or property that none of them has
 */
export async function planAll(filter: PlanFilter, host: Host): Promise<readonly PlannedRun[]> {
  const series = (await host.catalogue()).filter(({ patches }) => patches.length > 0);
  const entries = series.filter(({ name }) => filter.model === undefined || name === filter.model);
  if (filter.model !== undefined) refuseUnknown("model with versions", [filter.model], namesOf(series));
  const versions: readonly string[] = [...new Set(entries.flatMap(({ patches }) => patches))];
  const { model, patch: wanted } = filter;
  if (wanted !== undefined && !versions.includes(wanted)) {
    // A version that one model lacks is refused in the words of that model.
    if (model !== undefined) await loadModel({ model, patch: wanted }, host);
    refuseUnknown("version", [wanted], versions);
  }
  const runs: PlannedRun[] = [];
  const known = new Set<string>();
  for (const entry of entries) {
    for (const patch of entry.patches) {
      if (filter.patch !== undefined && patch !== filter.patch) continue;
      const usual = await loadModel({ model: entry.name, patch }, host);
      const ids = usual.model.properties.map(({ id }) => id);
      for (const id of ids) known.add(id);
      const asked = ids.filter((id) => isAsked(id, filter.properties ?? []));
      for (const [scope, properties] of byScope(entry, patch, asked)) {
        const parameters = scope?.parameters ?? {};
        const loaded =
          scope === null ? usual : await loadModel({ model: entry.name, patch, parameters }, host);
        const name = runName(entry.name, patch, scope?.name);
        runs.push({ name, patch, design: null, loaded, properties });
      }
      if (patch !== "fixed") continue;
      for (const { name: design, features, parameters } of entry.designs ?? []) {
        const loaded = await loadModel({ model: entry.name, patch, features, parameters }, host);
        const all = loaded.model.properties.map(({ id }) => id);
        for (const id of all) known.add(id);
        const properties = all.filter((id) => isAsked(id, filter.properties ?? []));
        const name = runName(entry.name, patch, design);
        if (properties.length > 0) runs.push({ name, patch, design, loaded, properties });
      }
    }
  }
  const roots = [...known].map((id) => id.split(".")[0] ?? id);
  refuseUnknown("property", filter.properties ?? [], [...new Set([...known, ...roots])]);
  return runs;
}

function runName(model: string, patch: Patch, kind?: string): string {
  return [model, patch, ...(kind === undefined ? [] : kind.split(" "))].join("-");
}

function namesOf(entries: readonly ModelEntry[]): readonly string[] {
  return entries.map(({ name }) => name);
}

function refuseUnknown(what: string, asked: readonly string[], known: readonly string[]): void {
  for (const name of asked) {
    if (!known.includes(name)) throw new InputError(unknownName(what, name, known));
  }
}

function isAsked(id: string, asked: readonly string[]): boolean {
  return asked.length === 0 || asked.some((one) => id === one || id.startsWith(`${one}.`));
}

/** The properties of each scope that is the first to have them; null stands for the default sizes. */
function byScope(
  { scopes = [] }: ModelEntry,
  patch: Patch,
  ids: readonly string[],
): ReadonlyMap<JudgedScope | null, readonly string[]> {
  const chosen = new Map<JudgedScope | null, string[]>();
  for (const id of ids) {
    const has = (scope: JudgedScope) =>
      (scope.patches?.includes(patch) ?? true) && (scope.properties?.includes(id) ?? true);
    const scope = scopes.find(has) ?? null;
    chosen.set(scope, [...(chosen.get(scope) ?? []), id]);
  }
  return chosen;
}
