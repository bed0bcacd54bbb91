/** The text of the Promela export. That it means the same is tested with SPIN, in test/cli/export-crosscheck.test.ts. */
import { expect, test } from "vitest";
import { promelaText } from "../../checker/export/index.ts";
import { findModel, type Model } from "../../models/index.ts";
import { evil } from "./support/evil-model.ts";

function peterson(processes: number): Model {
  const entry = findModel("peterson");
  if (entry === undefined) throw new Error("there is no model peterson");
  return entry.build({ patch: null, features: {}, parameters: { processes } });
}

test("the filter lock of two processes reads like a model written by hand", async () => {
  const { text } = promelaText(peterson(2), "SORTS");
  await expect(text).toMatchFileSnapshot("../fixtures/export/peterson.pml");
});

test("every property has a claim behind a macro of its own", () => {
  const { text, claims, sorts } = promelaText(peterson(2), "SORTS");
  expect(claims.map(({ id, name, args }) => [id, name, args])).toEqual([
    ["mutual-exclusion", "mutual_exclusion", []],
    ["no-starvation", "no_starvation", ["-a", "-f"]],
    ["no-deadlock", "no_deadlock", []],
  ]);
  expect(sorts?.macro).toBe("PROP_SORTS");
  for (const { macro, name } of claims) {
    expect(text).toContain(`#ifdef ${macro}\n`);
    expect(text).toContain(`never ${name} {`);
  }
});

test("the same model gives the same text", () => {
  expect(promelaText(peterson(3), "SORTS")).toEqual(promelaText(peterson(3), "SORTS"));
});

test("names of a model that are words of Promela, of C or of each other get another name, and words stay in comments", () => {
  const { text } = promelaText(evil, "SORTS");
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  expect(code).not.toMatch(/EVIL/);
  expect(code).toMatch(/^byte int_2;$/m);
  expect(code).toMatch(/^bool a_b;$/m);
  expect(code).toMatch(/^bool a_b_2;$/m);
  expect(code).toMatch(/^bool linux_2;$/m);
});
