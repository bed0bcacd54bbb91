/** The model that logs are compared with, and what is asked of it. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import type { Model } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { lifeModel, lifeOfOneMm } from "./life.ts";
import { memoryOfOneMm } from "./memory.ts";
import { namesOf } from "./names.ts";
import { oneMmProperties } from "./properties.ts";

export const oneMm: ModelEntry = { ...lifeOfOneMm, build };

function build(options: BuildOptions): Model {
  const has: Has = (feature) => options.features[feature] === true;
  const { v } = memoryOfOneMm(true);
  return {
    ...lifeModel(options, true),
    properties: oneMmProperties(v, has, namesOf(options.patch)),
  };
}
