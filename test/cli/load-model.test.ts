import { expect, test } from "vitest";
import { loadModel } from "../../cli/load-model.ts";
import { catalogue } from "../../models/index.ts";
import { memoryHost } from "./support/memory-host.ts";

const host = { ...memoryHost(), catalogue: async () => catalogue };

test("a parameter that changes nothing in a version is refused, its default is not", async () => {
  const v0 = { model: "throttle", patch: "v0" };
  await expect(loadModel({ ...v0, parameters: { failures: 3 } }, host)).rejects.toThrow(
    "parameter failures changes nothing in throttle v0: leave it out",
  );
  await expect(loadModel({ ...v0, parameters: { failures: 0, scale: 8 } }, host)).resolves.toBeDefined();
  await expect(loadModel({ ...v0, patch: "v3", parameters: { failures: 3 } }, host)).resolves.toBeDefined();
});

/** What matters in some versions only. */
const sometimes = ["delay", "lockdep"];

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
