import { expect, test } from "vitest";
import { findModel } from "../../models/index.ts";
import { kmmcheck } from "./support/memory-host.ts";

const peterson = findModel("peterson")!.build({ patch: null, features: {}, parameters: { processes: 2 } });
const text = JSON.stringify(peterson, null, 1);

/** The model with its nth node of this beginning misspelt, and where that stands. */
function misspelt(before: RegExp, from: string, to: string) {
  const found = before.exec(text)!;
  const at = text.indexOf(from, found.index);
  const lines = text.slice(0, at).split("\n");
  const edited = text.slice(0, at) + to + text.slice(at + from.length);
  return { edited, place: `${lines.length}:${lines.at(-1)!.length + 1}` };
}

test.each([
  ["a sort", /"sort": \{/, '"kind"', '"kinf"', "unknown key kinf; did you mean kind?"],
  [
    "a sort inside a sort",
    /"of": \{\s+"kind": "int"/,
    '"kind"',
    '"knid"',
    "unknown key knid; did you mean kind?",
  ],
  ["a bound of a sort", /"kind": "int",\s+"min"/, '"min"', '"mim"', "unknown key mim; did you mean min?"],
  ["an expression", /"left": \{/, '"kind"', '"kinds"', "unknown key kinds; did you mean kind?"],
  ["an effect", /\{\s+"kind": "assign"/, '"kind"', '"Kind"', "unknown key Kind; did you mean kind?"],
  ["a property", /"properties": \[\s+\{/, '"kind"', '"kin"', "unknown key kin; did you mean kind?"],
])("a misspelt key of %s is named with its place", async (_what, before, from, to, message) => {
  const { edited, place } = misspelt(before, from, to);
  const { code, err } = await kmmcheck("explore m.json", { files: { "m.json": edited } });
  expect([code, err]).toEqual([2, `kmmcheck: m.json:${place}: ${message} (model)\n`]);
});

test("a node that has nothing like a kind is named", async () => {
  const edited = text.replace(/"sort": \{\s+"kind": "\w+",/, '"sort": {');
  const { code, err } = await kmmcheck("explore m.json", { files: { "m.json": edited } });
  expect(code).toBe(2);
  expect(err).toMatch(/^kmmcheck: m\.json:\d+:\d+: sort has no kind \(model\)\n$/);
});
