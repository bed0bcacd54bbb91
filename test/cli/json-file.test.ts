import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { schemaOptions } from "../../build/validators.ts";
import { describeInputError, InputError } from "../../cli/input-error.ts";
import { checkSchema, placeOf } from "../../cli/json-file.ts";
import { nearest } from "../../cli/nearest.ts";

const validate = new Ajv2020(schemaOptions).compile({
  type: "object",
  additionalProperties: false,
  required: ["kind"],
  properties: {
    kind: { enum: ["explore", "validate"] },
    only: { const: "this" },
    sizes: { type: "object", additionalProperties: { type: "integer", minimum: 1 } },
    list: { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } },
    deep: { $ref: "#" },
  },
});

function complaint(text: string): string {
  try {
    checkSchema({ name: "f.json", text, value: JSON.parse(text) }, validate, "thing");
    return "accepted";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return describeInputError(error);
  }
}

test.each([
  ['{"kind": "explore"}', "accepted"],
  ["{}", "f.json:1:1: the document has no kind (thing)"],
  ['{"kind": "exlpore"}', 'f.json:1:2: kind is "exlpore"; did you mean explore? (thing)'],
  ['{"kind": "x"}', 'f.json:1:2: kind is "x", but must be one of explore, validate (thing)'],
  ['{"kind": "explore", "only": 7}', "f.json:1:21: only is 7, but must be this (thing)"],
  ['{"kind": "explore",\n "sizes": {"a": 0}}', "f.json:2:12: a must be >= 1 (thing)"],
  [
    '{"kind": "explore",\n "sizes": {"a/b~c": "x"}}',
    'f.json:2:12: a/b~c is "x", but must be integer (thing)',
  ],
  [
    '{"kind": "explore", "list": ["a",\n  [1]]}',
    "f.json:2:3: entry 2 is an array, but must be string (thing)",
  ],
  [
    '{"kind": "explore", "deep": {"kind": "explore", "kid": 1}}',
    "f.json:1:49: unknown key kid; did you mean kind? (thing)",
  ],
  [
    '{"kind": "explore", "__proto__": 1}',
    "f.json:1:21: unknown key __proto__; known are kind, only, sizes, list, deep (thing)",
  ],
  ["[]", "f.json:1:1: the document is an array, but must be object (thing)"],
])("%s", (text, message) => {
  expect(complaint(text)).toBe(message);
});

test("the place of a pointer is that of the key, or of the nearest node that is there", () => {
  const text = '{\n  "a": [1, {"b/c": true}]\n}';
  const file = { name: "f", text, value: JSON.parse(text) };
  expect(placeOf(file, "/a")).toMatchObject({ line: 2, column: 3 });
  expect(placeOf(file, "/a/1/b~1c")).toMatchObject({ line: 2, column: 13 });
  expect(placeOf(file, "/a/1/none/x")).toMatchObject({ line: 2, column: 12 });
  expect(placeOf(file, "")).toMatchObject({ line: 1, column: 1 });
});

test.each([
  ["S60", ["S04", "S06"], "S06"],
  ["ftrase", ["auto", "ftrace", "trace-cmd"], "ftrace"],
  ["SYSTEM", ["system", "peterson"], "system"],
  ["x", ["system"], null],
  ["x", [], null],
  ["P10", ["A10", "P01"], "P01"],
])("the name nearest to %s of %j is %s", (given, known, name) => {
  expect(nearest(given, known)).toBe(name);
});
