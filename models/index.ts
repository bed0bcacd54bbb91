/** The catalogue: every model that ships with kmmcheck. Other folders import from here only. */
import type { ModelEntry } from "./entry.ts";
import { kmmscandModels } from "./kmmscand/index.ts";
import { textbookModels } from "./textbook/index.ts";

export * from "./entry.ts";
export { defects, mayShow } from "./kmmscand/defects.ts";
export { catalogueProperties } from "./kmmscand/properties.ts";
export * from "./language/index.ts";

/** The kernel's models first, then those of the literature. */
export const catalogue: readonly ModelEntry[] = [...kmmscandModels, ...textbookModels];

/** The model of that name; undefined where there is none. */
export function findModel(name: string): ModelEntry | undefined {
  return catalogue.find((entry) => entry.name === name);
}
