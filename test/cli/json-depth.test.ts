import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostLevels, tooDeepAt } from "../../cli/json-depth.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { turns } from "./support/turns.ts";

const model = turns.build({ patch: null, features: {}, parameters: {} });

/** The model of turns, its second property an invariant below so many negations, on one line for each level. */
function nested(negations: number, innermost = "true"): string {
  const marked = JSON.stringify({
    ...model,
    properties: [{ ...model.properties[1], holds: "HERE" }],
  });
  const holds = `${'{"kind":"not","of":\n'.repeat(negations)}{"kind":"bool","value":${innermost}}${"}".repeat(negations)}`;
  return marked.replace('"HERE"', holds);
}

const sentence = (file: string, levels = mostLevels) =>
  new RegExp(`^kmmcheck: ${file}:\\d+:\\d+: this is nested more than ${levels} levels deep\\n$`);

describe("tooDeepAt", () => {
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner)))
      : 0;

  test("is the depth of the value, whatever its strings contain", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: fc.constantFrom("[", "{", '"', "\\", "]", "a") }), (value) => {
        const depth = depthOf(value);
        for (const indent of [0, 2]) {
          const text = JSON.stringify(value, null, indent);
          expect(tooDeepAt(text, depth)).toBeNull();
          if (depth > 0) expect(tooDeepAt(text, depth - 1)).not.toBeNull();
        }
      }),
    );
  });

  test("names the bracket that opens one level too many", () => {
    expect(tooDeepAt('{"a": ["[[", [1]]}', 2)).toBe(13);
    expect(tooDeepAt("[".repeat(1_000_000), 999_999)).toBe(999_999);
  });
});

describe("a model", () => {
  test.each([500, 5000, 20_000])("of %i negations is refused in one sentence with its place", async (n) => {
    for (const command of ["explore", "graph", "export", "crosscheck"]) {
      const { code, out, err } = await kmmcheck(`${command} deep.json`, {
        files: { "deep.json": nested(n) },
      });
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(sentence("deep.json"));
    }
    const { err } = await kmmcheck("explore deep.json", { files: { "deep.json": nested(n) } });
    const [, line, column] = /:(\d+):(\d+):/.exec(err)!;
    // The document, its properties and the property are three levels.
    expect([Number(line), Number(column)]).toEqual([mostLevels - 2, 1]);
  });

  test("as deep as is allowed is explored, saved and replayed, and its errors have a place", async () => {
    const most = mostLevels - 4;
    const broken = nested(most, "false");
    const host = memoryHost({ files: { "deep.json": broken } });
    expect((await kmmcheck("explore deep.json --save runs.json", host)).code).toBe(1);
    expect((await kmmcheck("replay runs.json", host)).code).toBe(1);
    host.contents.set("/w/deep.json", nested(most, "7"));
    const { code, err } = await kmmcheck("explore deep.json", host);
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^kmmcheck: deep\\.json:${most + 1}:\\d+: value is 7`));
  });
});

const deepArray = (n: number) => `${"[".repeat(n)}${"]".repeat(n)}`;

test.each([
  ["configuration", "gate", "kmmcheck.config.json", mostLevels],
  ["configuration by name", "gate --config deep.json", "deep.json", mostLevels],
  ["recording", "replay deep.json", "deep.json", mostLevels + 10],
  ["file of tunables", "validate log.txt --config deep.json", "deep.json", mostLevels],
])("a deep %s is refused", async (_what, command, name, levels) => {
  for (const n of [500, 5000, 20_000]) {
    const { code, err } = await kmmcheck(command, { files: { [name]: deepArray(n) } });
    expect(code).toBe(2);
    expect(err).toMatch(sentence(name, levels));
  }
});

test("a deep baseline is refused", async () => {
  const config = JSON.stringify({ baseline: "deep.json", explore: [{ name: "a", model: "turns" }] });
  const files = { "kmmcheck.config.json": config, "deep.json": deepArray(5000) };
  const { code, err } = await kmmcheck("gate", { files });
  expect(code).toBe(2);
  expect(err).toMatch(sentence("deep.json"));
});

test("a deep document that is no JSON is told as such", async () => {
  // The engine tells the place of the second; for the first it is the bracket beyond which nobody looked.
  for (const text of [`${"[".repeat(20_000)}x`, "[".repeat(20_000)]) {
    const { code, err } = await kmmcheck("replay deep.json", { files: { "deep.json": text } });
    expect(code).toBe(2);
    expect(err).toMatch(/^kmmcheck: deep\.json:1:\d+: not JSON: /);
  }
});
