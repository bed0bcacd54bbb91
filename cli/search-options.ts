/** Options of `explore` that choose the search: from words to what the checker takes, each misfit one sentence. */
import type { Reduction, SearchOptions, StoreOptions } from "../checker/check.ts";
import { largestBitArray } from "../checker/search/options.ts";
import { InputError } from "./input-error.ts";
import { bytes } from "./report/numbers.ts";

export interface SearchWords {
  readonly search?: SearchOptions["order"];
  readonly store?: StoreOptions["kind"];
  readonly bits?: number;
  readonly storeMemory?: number;
  readonly seed?: number;
  readonly swarm?: number;
  readonly walks?: number;
  readonly maxDepth?: number;
}

/** Walks that are asked for where nothing is said, and their length. */
const usual = { walks: 10_000, walkDepth: 100, seed: 1, signature: 64, hashes: 3, array: 2 ** 26 };

/** What a search leaves out where that is sound and nothing else is asked for. */
export const usualReductions: readonly Reduction[] = ["symmetry", "por"];

const largestSeed = 2 ** 32 - 1;
const largestSwarm = 100_000;

/** The search that the words ask for. Throws {@link InputError} for a word that the search has no use for. */
export function searchOf(words: SearchWords): SearchOptions {
  const { store = "exact", maxDepth } = words;
  const order = words.search ?? (store === "exact" ? "bfs" : "dfs");
  refuse(words.walks !== undefined && order !== "random", "--walks is for --search random");
  refuse(maxDepth !== undefined && order === "bfs", "--max-depth is for --search dfs and random");
  refuse(store !== "exact" && order !== "dfs", `--store ${store} is for --search dfs, which keeps its runs`);
  refuse(
    words.bits !== undefined && store === "exact",
    "--bits is for --store hash-compact and --store bitstate",
  );
  refuse(words.storeMemory !== undefined && store !== "bitstate", "--store-memory is for --store bitstate");
  const left = [
    words.seed === undefined ? [] : ["--seed"],
    words.swarm === undefined ? [] : ["--swarm"],
  ].flat();
  refuse(
    left.length > 0 && order === "bfs",
    `${left.join(" and ")} ${left.length > 1 ? "are" : "is"} for --search dfs and random: breadth first leaves nothing to chance`,
  );
  if (order === "bfs") return { order };
  refuse((words.seed ?? 0) > largestSeed, `--seed is at most ${largestSeed}`);
  refuse((words.swarm ?? 1) > largestSwarm, `--swarm is at most ${largestSwarm}`);
  const seeds = Array.from({ length: words.swarm ?? 1 }, (_, i) => (words.seed ?? usual.seed) + i);
  if (order === "random") {
    return { order, seeds, walks: words.walks ?? usual.walks, maxDepth: maxDepth ?? usual.walkDepth };
  }
  return { order, store: storeOf(words), seeds: left.length === 0 ? [] : seeds, maxDepth: maxDepth ?? null };
}

function storeOf({ store = "exact", bits, storeMemory = usual.array }: SearchWords): StoreOptions {
  switch (store) {
    case "exact":
      return { kind: "exact" };
    case "hash-compact": {
      const signature = bits ?? usual.signature;
      refuse(signature < 8 || signature > 64, "--bits of --store hash-compact is from 8 to 64");
      return { kind: "hash-compact", bits: signature };
    }
    case "bitstate": {
      const hashes = bits ?? usual.hashes;
      refuse(hashes > 16, "--bits of --store bitstate is from 1 to 16");
      const size = 2 ** Math.floor(Math.log2(storeMemory));
      refuse(size < 1024, "--store-memory is at least 1K");
      refuse(size > largestBitArray, `--store-memory is at most ${bytes(largestBitArray)}`);
      return { kind: "bitstate", hashes, bytes: size };
    }
  }
}

function refuse(misfit: boolean, sentence: string): void {
  if (misfit) throw new InputError(sentence);
}
