/** The order in which reports list versions. */
import type { Patch } from "../../models/index.ts";

const order: readonly string[] = ["v0", "p1", "v1", "v2", "v3", "fixed"] satisfies readonly Patch[];

/** The versions among those given, each once, oldest first. */
export function versionsAmong(patches: readonly string[]): readonly string[] {
  return order.filter((patch) => patches.includes(patch));
}
