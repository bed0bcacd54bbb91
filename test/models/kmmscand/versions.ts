/** What every sub-model of kmmscand promises about its versions, its features and the sizes that its README tells. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ModelEntry, Patch } from "../../../models/entry.ts";
import { flatten } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, violated } from "./build.ts";

export type Sizes = Readonly<Record<string, number>>;

interface Promises {
  /** Properties that each version violates at `scope`; all others hold. */
  readonly violates: Readonly<Partial<Record<Patch, readonly string[]>>>;
  readonly scope?: Sizes;
  /** The smallest scope that shows what a feature restores; the default one where it is left out. */
  readonly scopeOf?: (restores: readonly string[]) => Sizes;
  /** Properties whose premise is never true of a version. */
  readonly vacuous?: Readonly<Partial<Record<Patch, readonly string[]>>>;
}

export function describeVersions(
  entry: ModelEntry,
  { violates, scope = {}, scopeOf = () => ({}), vacuous = {} }: Promises,
) {
  describe("versions", () => {
    test.each(Object.entries(violates) as [Patch, readonly string[]][])("%s violates %s", (patch, ids) => {
      const { properties } = judge(build(entry, patch, { parameters: scope }));
      const among = (chosen: (p: (typeof properties)[number]) => boolean) =>
        properties.filter(chosen).map(({ id }) => id);
      expect(among(({ verdict }) => verdict === "violated")).toEqual(ids);
      expect(among(({ verdict }) => verdict === "holds")).toEqual(among(({ id }) => !ids.includes(id)));
      expect(among((p) => p.vacuous)).toEqual(vacuous[patch] ?? []);
    });

    test.each(entry.features)("fixed without $name violates exactly $restores", ({ name, restores }) => {
      const parameters = scopeOf(restores);
      const without = judge(build(entry, "fixed", { features: { [name]: false }, parameters }));
      expect(violated(without).toSorted()).toEqual(restores.toSorted());
    });

    const ofFixed = entry.features.filter(({ patches }) => patches.includes("fixed"));
    test.each(entry.features)("the defects that $name closes are closed in fixed", ({ closes }) => {
      const closed = ofFixed.flatMap((feature) => feature.closes);
      expect(closes.filter((defect) => !closed.includes(defect))).toEqual([]);
    });
  });
}

interface Row {
  readonly scope: string;
  readonly parameters: Sizes;
  readonly patch: Patch;
  readonly states: number;
  readonly transitions: number;
}

/** Rows `| stores=1 | v0 | states | transitions |` of the model's README. */
function rowsOf(entry: ModelEntry): readonly Row[] {
  const url = new URL(`../../../models/kmmscand/${entry.name}/README.md`, import.meta.url);
  const row = /^\| ((?:\w+=\d+ ?)*|default) \| (v0|p1|v1|v2|v3|fixed) \| ([\d,]+) \| ([\d,]+) \|/gm;
  return [...readFileSync(url, "utf8").matchAll(row)].map(([, scope = "", patch = "", ...numbers]) => {
    const [states = 0, transitions = 0] = numbers.map((cell) => Number(cell.replaceAll(",", "")));
    const sizes = [...scope.matchAll(/(\w+)=(\d+)/g)].map(([, name, value]) => [name, Number(value)]);
    return { scope, parameters: Object.fromEntries(sizes), patch: patch as Patch, states, transitions };
  });
}

/**
 * Compares the sizes that the README tells with those of the explorer.
 *
 * @param naive - rows of up to so many states are explored by the slow explorer, too
 * @param most - larger rows are left to whoever reads the README
 */
export function describeCounts(entry: ModelEntry, { naive, most }: { naive: number; most: number }) {
  const rows = rowsOf(entry);
  describe("sizes", () => {
    test("are told for every version", () => {
      expect([...new Set(rows.map(({ patch }) => patch))].toSorted()).toEqual(entry.patches.toSorted());
      expect(rows.some(({ states }) => states <= naive)).toBe(true);
    });

    test.each(rows.filter(({ states }) => states <= most))(
      "$patch at $scope has $states states and $transitions transitions",
      ({ patch, parameters, states, transitions }) => {
        const model = build(entry, patch, { parameters });
        expect(judge({ ...model, properties: [] }).statistics).toMatchObject({ states, transitions });
        if (states > naive) return;
        expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, errors: 0 });
      },
    );
  });
}
