/** How many properties have which verdict, in words. */
import type { Verdict } from "../exit-code.ts";

/** `violated (2 violated, 25 hold)`, the worst first. */
export function tally(verdict: Verdict, properties: readonly { readonly verdict: Verdict }[]): string {
  const parts = (["violated", "inconclusive", "holds"] as const).flatMap((kind) => {
    const n = properties.filter((p) => p.verdict === kind).length;
    if (n === 0) return [];
    return kind === "holds" ? `${n} hold${n === 1 ? "s" : ""}` : `${n} ${kind}`;
  });
  return parts.length === 0
    ? `${verdict} (nothing was judged: there are no properties)`
    : `${verdict} (${parts.join(", ")})`;
}
