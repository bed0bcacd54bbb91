/** What a checkpoint is of, and what tells it from the search that is to go on with it. */
import { createHash } from "node:crypto";
import type { CheckLimits } from "../host.ts";
import type { LoadedModel } from "../load-model.ts";
import { VERSION } from "../version.ts";

/** Everything on which the states, their order and the verdicts depend. */
export interface Identity {
  readonly version: string;
  readonly model: string;
  readonly patch: string | null;
  readonly parameters: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
  /** Hash of the whole model: that of a file may have changed under its name. */
  readonly digest: string;
  readonly properties: readonly string[];
  readonly reduce: readonly string[];
  readonly stopAtFirst: boolean;
  readonly coverage: boolean;
}

export function identityOf({ model, subject }: LoadedModel, limits: CheckLimits): Identity {
  const asked = limits.properties;
  const ids = model.properties.map(({ id }) => id);
  return {
    version: VERSION,
    model: subject.model,
    patch: subject.patch,
    parameters: subject.parameters,
    features: subject.features,
    digest: createHash("sha256").update(JSON.stringify(model)).digest("hex"),
    properties: asked === undefined ? ids : ids.filter((id) => asked.includes(id)),
    reduce: limits.reduce ?? [],
    stopAtFirst: limits.stopAtFirst ?? false,
    coverage: limits.coverage ?? false,
  };
}

/** The first difference, as the end of a sentence that begins with "this checkpoint is"; null where there is none. */
export function differenceOf(stored: Identity, asked: Identity): string | null {
  const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  if (stored.version !== asked.version)
    return `of kmmcheck ${stored.version}, and this is kmmcheck ${asked.version}`;
  if (stored.model !== asked.model) return `of model ${stored.model}, not of ${asked.model}`;
  if (stored.patch !== asked.patch) return `of --patch ${stored.patch}, not of ${asked.patch}`;
  for (const [name, value] of Object.entries(asked.parameters)) {
    const other = stored.parameters[name];
    if (other !== value) return `of --set ${name}=${other}, not ${name}=${value}`;
  }
  const onOff = (on: boolean | undefined) => (on === true ? "on" : "off");
  for (const [name, on] of Object.entries(asked.features)) {
    const other = stored.features[name];
    if (other !== on) return `of --feature ${name}=${onOff(other)}, not ${name}=${onOff(on)}`;
  }
  if (stored.digest !== asked.digest) return `of model ${stored.model} before it was changed`;
  if (differ(stored.properties, asked.properties))
    return `of the properties ${listOf(stored.properties)}, not of ${listOf(asked.properties)}`;
  if (differ(stored.reduce, asked.reduce))
    return `of --reduce ${listOf(stored.reduce, ",")}, not ${listOf(asked.reduce, ",")}`;
  if (stored.stopAtFirst !== asked.stopAtFirst)
    return `of a search ${stored.stopAtFirst ? "with" : "without"} --no-continue`;
  if (stored.coverage !== asked.coverage)
    return `of a search ${stored.coverage ? "with" : "without"} --coverage`;
  return null;
}

function listOf(words: readonly string[], separator = ", "): string {
  return words.length === 0 ? "none" : words.join(separator);
}
