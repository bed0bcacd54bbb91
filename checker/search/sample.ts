/** Searches that cannot say that they saw everything: with signatures or bits in place of states, or at random. */
import type { Property } from "../../models/language/index.ts";
import type { Limits } from "../explore/explore.ts";
import type { Program } from "../lower/program.ts";
import { searchDepthFirst } from "./depth-first.ts";
import type { Find } from "./find.ts";
import { compileHasher, type Hasher } from "./hasher.ts";
import type { Extent } from "./limits.ts";
import { omissionProbability } from "./omission.ts";
import type { SearchOptions, StoreOptions } from "./options.ts";
import { randomOf } from "./prng.ts";
import { walkAtRandom } from "./random-walk.ts";
import { compileStepper } from "./stepper.ts";
import { bitSet, compactSet, type Visited } from "./visited.ts";

/** What one search found, by position of the property; last a write outside a sort. */
export interface Sample {
  readonly finds: readonly (Find | undefined)[];
  readonly extent: Extent;
  /** Why this is not every reachable state, in one sentence. */
  readonly cut: string;
  /** Probability that a reachable state was left out; null where that is certain or unknown. */
  readonly omission: number | null;
  readonly seconds: number;
  /** One byte a step: taken at least once. */
  readonly taken: Uint8Array;
}

type Sampling = Exclude<SearchOptions, { readonly order: "bfs" }>;

/** Random walks of all seeds, or one depth-first search with the given seed. */
export function sample(
  program: Program,
  properties: readonly Property[],
  limits: Limits,
  search: Sampling,
  seed: number | null,
): Sample {
  const isViolation = (k: number) => properties[k]?.kind !== "reachable";
  const stepper = compileStepper(program, properties);
  const { taken } = stepper;
  if (search.order === "random") {
    const { cut, finds, extent, seconds } = walkAtRandom(program, stepper, limits, {
      ...search,
      isViolation,
    });
    return { finds, extent, seconds, taken, cut: cut ?? "random walks do not see every run", omission: null };
  }
  const visited = setFor(search.store, compileHasher(program.layout.words, seed ?? 0));
  const { finds, extent, cut, seconds } = searchDepthFirst(program, stepper, visited, limits, {
    maxDepth: search.maxDepth ?? Number.POSITIVE_INFINITY,
    order: seed === null ? null : randomOf(seed),
    isViolation,
  });
  if (cut !== null) return { finds, extent, cut, omission: null, seconds, taken };
  const omission = omissionProbability(visited.omissions());
  return { finds, extent, cut: omissionSentence(omission), omission, seconds, taken };
}

/** The sentence that stands in place of a verdict. */
function omissionSentence(probability: number): string {
  const shown = probability >= 0.001 ? probability.toFixed(3) : probability.toExponential(1);
  return `the probability that a reachable state was left out is about ${shown}`;
}

function setFor(store: StoreOptions, hasher: Hasher): Visited {
  if (store.kind === "hash-compact") return compactSet(hasher, store.bits);
  if (store.kind === "bitstate") return bitSet(hasher, store.hashes, store.bytes);
  throw new RangeError("an exact set of states is explored as a graph");
}
