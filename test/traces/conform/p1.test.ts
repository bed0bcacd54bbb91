/** P1 prints what V1 prints, so that one comparison tells of both: a log that neither is said to be is compared with V1. */
import { expect, test } from "vitest";
import { SYMBOLS } from "../../../traces/conform/alphabet.ts";
import { ANYWHERE, createBeliefs, NOTHING, PREFIXES } from "../../../traces/conform/beliefs.ts";
import { modelOf } from "../../../traces/conform/conformance.ts";
import { graphOf } from "../../../traces/conform/graph.ts";
import { Kind } from "../../../traces/event.ts";

const KINDS = [Kind.mmEnter, Kind.mmExit, Kind.scanStart, Kind.scanEnd, Kind.migrate];
const graphs = (["v1", "p1"] as const).map((patch) => graphOf(modelOf(patch)));

/** A log of events of these kinds that one of the models has and the other has not, null if there is none. */
function difference(kinds: readonly Kind[]): string | null {
  const [a, b] = graphs.map(createBeliefs);
  for (const kind of kinds) for (const beliefs of [a!, b!]) beliefs.reveal(kind);
  const seen = new Set<string>();
  const left: [number, number, string][] = [[ANYWHERE, ANYWHERE, ""]];
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    const [x, y, log] = pair;
    if ((x === NOTHING) !== (y === NOTHING)) return log;
    if (x === NOTHING || seen.has(`${x} ${y}`)) continue;
    seen.add(`${x} ${y}`);
    for (const prefix of PREFIXES.keys())
      for (let symbol = 2 * Kind.mmEnter; symbol < SYMBOLS; symbol++)
        if (kinds.includes((symbol >> 1) as Kind))
          left.push([a!.step(x, prefix, symbol), b!.step(y, prefix, symbol), `${log} ${prefix}:${symbol}`]);
  }
  expect(seen.size).toBeGreaterThan(0);
  return null;
}

test("the models of P1 and V1 show the same logs, whatever is recorded", () => {
  for (let set = 0; set < 1 << KINDS.length; set++)
    expect(difference(KINDS.filter((_, i) => ((set >> i) & 1) === 1))).toBe(null);
});
