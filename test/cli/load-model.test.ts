import { describe, expect, test } from "vitest";
import { loadModel } from "../../cli/load-model.ts";
import type { ExploreReport } from "../../cli/report/explore-report.ts";
import type { GateReport } from "../../cli/report/gate-report.ts";
import { catalogue, defects } from "../../models/index.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";

const host = { ...memoryHost(), catalogue: async () => catalogue };

test("a parameter that changes nothing in a version is refused, its default is not", async () => {
  const v0 = { model: "throttle", patch: "v0" };
  await expect(loadModel({ ...v0, parameters: { window: 3 } }, host)).rejects.toThrow(
    "parameter window changes nothing in throttle v0: leave it out",
  );
  await expect(loadModel({ ...v0, parameters: { window: 2, scale: 8 } }, host)).resolves.toBeDefined();
  await expect(loadModel({ ...v0, patch: "v3", parameters: { window: 3 } }, host)).resolves.toBeDefined();
});

/** What matters in some versions, or at some sizes, only. */
const sometimes = ["delay", "lockdep", "visit"];

test("every parameter of every other model can be set", async () => {
  for (const { name, patches, parameters } of catalogue.filter((entry) => entry.name !== "throttle")) {
    for (const patch of patches.length === 0 ? [undefined] : patches) {
      for (const [parameter, { min, max }] of Object.entries(parameters)) {
        if (sometimes.includes(parameter)) continue;
        for (const n of [min, max]) {
          const loaded = await loadModel({ model: name, patch, parameters: { [parameter]: n } }, host);
          expect(loaded.subject.parameters[parameter]).toBe(n);
        }
      }
    }
  }
});

test("a model without p1 says that v1 is the same there", async () => {
  const without = catalogue.filter(({ patches }) => patches.includes("v1") && !patches.includes("p1"));
  expect(without.map(({ name }) => name)).toEqual(["system", "mm-list", "migration"]);
  for (const { name } of without) {
    await expect(loadModel({ model: name, patch: "p1" }, host)).rejects.toThrow(
      `model ${name} has no version p1, which does there what v1 does: --patch v1`,
    );
  }
  const all = await kmmcheck("explore mm-list --all --patch p1", host);
  expect([all.code, all.err]).toEqual([
    2,
    "kmmcheck: model mm-list has no version p1, which does there what v1 does: --patch v1\n",
  ]);
});

describe("the defects that a property names", () => {
  const named = async (words: string, id: string, features: Record<string, boolean> = {}) => {
    const [model = "", patch] = words.split(" ");
    const loaded = await loadModel({ model, patch, features }, host);
    return loaded.model.properties.find((property) => property.id === id)?.defects;
  };

  test("are defects of the version", async () => {
    const wrong: string[] = [];
    for (const { name, patches } of catalogue) {
      for (const patch of patches.filter((one) => one !== "fixed")) {
        const { model } = await loadModel({ model: name, patch }, host);
        for (const { id, defects: of = [] } of model.properties) {
          const others = of.filter((d) => defects[d]?.patches.every((one) => one !== patch));
          wrong.push(...others.map((d) => `${name} ${patch} ${id} ${d}`));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("are, of fixed, those of the fixes that are switched off", async () => {
    expect(await named("migration fixed", "S06")).toEqual([]);
    expect(await named("migration fixed", "S06", { cleanupAfterBarrier: false })).toEqual(["D10"]);
  });

  test("leave out what a fix of this property mends, and no more", async () => {
    expect(await named("migration v1", "S06")).toEqual(["D09", "D10"]);
    expect(await named("migration v1", "S06", { cleanupAfterBarrier: true })).toEqual(["D09"]);
    // v3 has a fix of D62 for the slow tier only.
    expect(await named("pte v3", "A03")).toEqual(["D66"]);
    expect(await named("pte v3", "A03.toptier")).toEqual(["D62"]);
  });

  test("have those that a version gets where a fix of it is switched off", async () => {
    expect(await named("scan v2", "A05.list")).toEqual([]);
    expect(await named("scan v2", "A05.list", { listSplicedAtEnd: false })).toEqual(["D48"]);
  });

  test("are the same in text and JSON, of explore and of the gate", async () => {
    const command = "explore pte --patch v3 --property A03.toptier";
    const text = await kmmcheck(command, { ...memoryHost(), catalogue: async () => catalogue });
    expect(text.out).toMatch(/ {2}D62$/m);
    expect(text.out).toMatch(/A03\.toptier violated: [^[]*\[D62\]/);
    const json = await kmmcheck(`${command} --json`, { ...memoryHost(), catalogue: async () => catalogue });
    expect((JSON.parse(json.out) as ExploreReport).properties.map((p) => p.defects)).toEqual([["D62"]]);
    const config = { explore: [{ name: "one", model: "pte", patch: "v3", properties: ["A03.toptier"] }] };
    const files = { "kmmcheck.config.json": JSON.stringify(config) };
    const gate = await kmmcheck("gate --json", {
      ...memoryHost({ files }),
      catalogue: async () => catalogue,
    });
    expect((JSON.parse(gate.out) as GateReport).findings.map((f) => f.defects)).toEqual([["D62"]]);
  });
});
