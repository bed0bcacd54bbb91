/** The arbitrary itself: what it makes is well-formed, and it makes everything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkModel, flatten } from "../../models/language/index.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { runs } from "../runs.ts";
import { anyModel, smallModel } from "./model.ts";

const expressionKinds = [
  "bool int enum id none var bound get field record not and or eq ne lt le gt ge",
  "add sub mul div mod min max if exists forall count length head next contains includes size at",
].flatMap((kinds) => kinds.split(" "));
const effectKinds = "assign append pop remove drop clear splice include exclude when each".split(" ");
const propertyKinds = "invariant assertion leadsTo ltl alwaysPossible reachable deadlock".split(" ");
const formulaKinds = "state next eventually always implies until release weakUntil".split(" ");
const sortKinds = "bool int enum id set list record array".split(" ");

describe("a random model", () => {
  it("is well-formed", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(checkModel(model)).toEqual([]);
      }),
      runs(250),
    );
  });

  it("has, among five hundred, every kind of expression, effect, property and sort many times", () => {
    const text = JSON.stringify(fc.sample(anyModel, 500));
    const counts = new Map<string, number>();
    for (const [, kind] of text.matchAll(/"kind":"(\w+)"/g)) {
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const kinds = [...expressionKinds, ...effectKinds, ...propertyKinds, ...formulaKinds, ...sortKinds];
    expect(kinds.filter((kind) => (counts.get(kind) ?? 0) < 10)).toEqual([]);
    for (const part of ["forEach", "choose", "emits", "why", "premise", "final", "elements"]) {
      expect(text).toContain(`"${part}"`);
    }
  });

  it("has, among a hundred small ones, long runs, dead ends and errors of the model", () => {
    const results = fc.sample(smallModel(300), 100).map((model) => exploreNaively(flatten(model)));
    expect(results.filter(({ depth }) => depth >= 4).length).toBeGreaterThan(5);
    expect(results.filter(({ stuck }) => stuck > 0).length).toBeGreaterThan(0);
    expect(results.filter(({ errors }) => errors > 0).length).toBeGreaterThan(10);
    expect(results.filter(({ states, errors }) => states > 20 && errors === 0).length).toBeGreaterThan(0);
  });
});
