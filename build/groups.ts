import { resolve } from "node:path";
import type { ChunkingContext } from "rolldown";

/** A chunk of all that some modules import, for commands that need it whole. */
interface Group {
  readonly name: string;
  readonly of: readonly string[];
}

/**
 * Names the chunk of a module: the first group whose modules import it, not counting `import()`; null where there is none.
 *
 * @param apart - modules that, with all that they import, stay out of every group
 */
export function chunkNames(groups: readonly Group[], apart: readonly string[]) {
  let chunks: ReadonlyMap<string, string> | null = null;
  return (id: string, context: ChunkingContext): string | null => {
    chunks ??= chunksOf(groups, apart, context);
    return chunks.get(id) ?? null;
  };
}

function chunksOf(groups: readonly Group[], apart: readonly string[], context: ChunkingContext) {
  const chunks = new Map<string, string>();
  const reach = (id: string, seen: Set<string>): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) reach(imported, seen);
  };
  const importedBy = (names: readonly string[]): ReadonlySet<string> => {
    const seen = new Set<string>();
    for (const name of names) reach(resolve(name), seen);
    return seen;
  };
  const excluded = importedBy(apart);
  for (const { name, of } of groups) {
    for (const id of importedBy(of)) if (!excluded.has(id) && !chunks.has(id)) chunks.set(id, name);
  }
  return chunks;
}
