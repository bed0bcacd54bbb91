/** Exact sizes of the system model: the naive explorer, the fast one and models/kmmscand/README.md must agree. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { flatten } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge } from "./build.ts";

const least = { mms: 1, folios: 1, queue: 1, stores: 0 };
const one = { ...least, stores: 1 };

test.each<[Patch, Readonly<Record<string, number>>, number, number, number]>([
  ["v0", least, 3265, 11922, 31],
  ["v0", one, 6530, 27109, 32],
  ["fixed", least, 1392, 4543, 30],
  ["fixed", one, 2784, 10478, 31],
])("%s at %o has %i states, both ways", (patch, parameters, states, transitions, depth) => {
  const model = build(system, patch, { parameters });
  const naive = exploreNaively(flatten(model));
  expect(naive).toMatchObject({ states, transitions, depth, errors: 0 });
  expect(judge(model).statistics).toMatchObject({ states, transitions, depth });
});

test.each<[Patch, Readonly<Record<string, number>>, number, number, number]>([
  ["v0", {}, 194334, 1096701, 42],
  ["fixed", {}, 27336, 127540, 39],
])("%s at its default scope %o has %i states", (patch, parameters, states, transitions, depth) => {
  expect(judge(build(system, patch, { parameters })).statistics).toMatchObject({
    states,
    transitions,
    depth,
  });
});

test("fixed holds every property with two mms", () => {
  const { verdict, statistics } = judge(build(system, "fixed", { parameters: { ...one, mms: 2 } }));
  expect(verdict).toBe("holds");
  expect(statistics).toMatchObject({ states: 139316, transitions: 680760, depth: 47 });
});

/** Rows `| 1, 2, 2, 1 | v0 states | v0 transitions | seconds | fixed states | fixed transitions | seconds |`. */
const text = readFileSync(new URL("../../../models/kmmscand/README.md", import.meta.url), "utf8");
const rows = [...text.matchAll(/^\| \**(\d, \d, \d, \d)[^|]*((?:\| [^|]* )+)\|$/gm)].map(
  ([, sizes = "", cells = ""]) => {
    const [mms = 0, folios = 0, queue = 0, stores = 0] = sizes.split(", ").map(Number);
    const numbers = cells
      .split("|")
      .slice(1)
      .map((cell) => Number(cell.replaceAll(",", "")));
    return {
      sizes,
      parameters: { mms, folios, queue, stores },
      v0: numbers.slice(0, 2),
      fixed: numbers.slice(3, 5),
    };
  },
);

test("models/kmmscand/README.md tells sizes of at least six scopes", () => {
  expect(rows.length).toBeGreaterThanOrEqual(6);
});

const countable = rows.flatMap(({ sizes, parameters, v0, fixed }) => [
  { sizes, parameters, patch: "v0" as const, numbers: v0 },
  { sizes, parameters, patch: "fixed" as const, numbers: fixed },
]);

/** The larger ones take too long for every run of the tests. */
test.each(countable.filter(({ numbers: [states = 0] }) => states < 100_000))(
  "$patch at $sizes has as many as models/kmmscand/README.md tells",
  ({ patch, parameters, numbers }) => {
    const { states, transitions } = judgeNothing(patch, parameters);
    expect([states, transitions]).toEqual(numbers);
  },
);

function judgeNothing(patch: Patch, parameters: Readonly<Record<string, number>>) {
  return judge({ ...build(system, patch, { parameters }), properties: [] }).statistics;
}
