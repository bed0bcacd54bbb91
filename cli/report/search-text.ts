/** How a search was made, in words. */
import type { CheckResult } from "../../checker/result.ts";
import { bytes, count, counted } from "./numbers.ts";

type Search = CheckResult["search"];

/** `depth first, 3 bits a state in 64.0 MiB, seeds 1 to 4; runs are shortened, not shortest`. */
export function searchText(search: Search): string {
  const how = [orderText(search), storeText(search), depthText(search), seedsText(search)];
  return `${how.filter((part) => part !== "").join(", ")}; ${runsText(search)}`;
}

function orderText({ order, walks }: Search): string {
  if (order === "random") return `${counted(walks ?? 0, "random walk")} a seed`;
  return order === "dfs" ? "depth first" : "breadth first";
}

function storeText({ store, bits, storeBytes }: Search): string {
  if (store === "hash-compact") return `signatures of ${counted(bits ?? 0, "bit")}`;
  return store === "bitstate" ? `${counted(bits ?? 0, "bit")} a state in ${bytes(storeBytes ?? 0)}` : "";
}

function depthText({ maxDepth }: Search): string {
  return maxDepth === null ? "" : `at most ${counted(maxDepth, "step")} deep`;
}

function seedsText({ seeds }: Search): string {
  const [first, last] = [seeds[0], seeds.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (first === last) return `seed ${first}`;
  const gapless = seeds.every((seed, i) => seed === first + i);
  return gapless ? `seeds ${first} to ${last}` : `seeds ${seeds.map(count).join(" ")}`;
}

function runsText({ order, store }: Search): string {
  if (order === "bfs") return "runs are shortest";
  return store === "exact"
    ? "a run is a shortest one to the state that was found first"
    : "runs are shortened, not always shortest";
}
