/** What the catalogue knows of a model before it is built. */
import type { Model } from "./language/index.ts";

/**
 * Versions of the patch series, oldest first: four postings, and `p1`, the single patch posted between the first two.
 * `fixed` is the first version that needs mending, with every fix.
 */
export const patches = ["v0", "p1", "v1", "v2", "v3", "fixed"] as const;
export type Patch = (typeof patches)[number];

/** A size of the model: how many mms, folios, queue entries. */
export interface Parameter {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly doc: string;
}

/** A switch that tells versions apart. On is what the fixed daemon does, so v0 has every feature off unless listed. */
export interface Feature {
  readonly name: string;
  readonly doc: string;
  /** Defects that it closes (`D62`). */
  readonly closes: readonly string[];
  /** Properties that it restores (`A04`). */
  readonly restores: readonly string[];
  /** Patches that have it. */
  readonly patches: readonly Patch[];
  /** Patches to which it does not apply: it makes no difference there. None where it is left out. */
  readonly inapplicable?: readonly Patch[];
}

export interface BuildOptions {
  /** Null for a model without versions. */
  readonly patch: Patch | null;
  /** Every feature of the entry, switched on or off. */
  readonly features: Readonly<Record<string, boolean>>;
  /** Every parameter of the entry. */
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Where versions and properties are judged for the table of the whole series: the first scope that has the version and the
 * property counts, the default sizes where none has. The smallest sizes that show a finding, and as small as holds is worth.
 */
export interface JudgedScope {
  /** Two or three words: runs of the plan are named after it, so it is unique among the scopes of a version. */
  readonly name: string;
  /** All where left out. */
  readonly patches?: readonly Patch[];
  /** All where left out. */
  readonly properties?: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** A design other than that of `fixed`, mended as well: features that are needed in it only show what they are for. */
export interface Design {
  /** Two or three words: it stands beside `fixed` as a version of its own. */
  readonly name: string;
  readonly doc: string;
  /** How it differs from `fixed`. */
  readonly features: Readonly<Record<string, boolean>>;
  /** Properties that each feature restores in this design; a feature that is missing makes no difference to any. */
  readonly restores: Readonly<Record<string, readonly string[]>>;
  /** Sizes at which it is judged beside the versions. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A model that ships with kmmcheck. */
export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  readonly doc: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Patches that the model has; empty for a model without versions. */
  readonly patches: readonly Patch[];
  readonly features: readonly Feature[];
  /** Sizes other than the default ones at which versions and properties are judged side by side. */
  readonly scopes?: readonly JudgedScope[];
  readonly designs?: readonly Design[];
  readonly build: (options: BuildOptions) => Model;
}

/** The features that a patch has, as switches. */
export function featuresOf(entry: ModelEntry, patch: Patch | null): Record<string, boolean> {
  return Object.fromEntries(entry.features.map((f) => [f.name, patch !== null && f.patches.includes(patch)]));
}
