/** A feature that does not apply to a version makes no difference there, and no version is said to have it. */
import { expect, test } from "vitest";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { build, judge } from "./build.ts";

const claims = kmmscandModels.flatMap((entry) =>
  entry.features.flatMap(({ name, patches, inapplicable = [] }) =>
    inapplicable
      .filter((patch) => entry.patches.includes(patch))
      .map((patch) => ({ entry, model: entry.name, name, patch, has: patches.includes(patch) })),
  ),
);

/** The whole system takes long at its default size, and one folio tells the same. */
const sizes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  system: { folios: 1, queue: 1, stores: 0 },
};

test.each(claims)("$model $patch: $name", ({ entry, model, name, patch, has }) => {
  expect(has).toBe(false);
  const [off, on] = [false, true].map((is) => {
    const changed = build(entry, patch, { features: { [name]: is }, parameters: sizes[model] ?? {} });
    const { properties, statistics } = judge(changed);
    const verdicts = properties.map(({ id, verdict, vacuous, counterexample }) => [
      ...[id, verdict, vacuous, counterexample?.steps.map(({ event }) => event)],
    ]);
    return { verdicts, states: statistics.states, transitions: statistics.transitions };
  });
  expect(on).toEqual(off);
});

test("there are such claims, of models of every kind", () => {
  expect(new Set(claims.map(({ model }) => model)).size).toBeGreaterThan(5);
});
