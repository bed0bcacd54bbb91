/** Corrupted models: what a schema accepts, the check judges without falling over, and what the check accepts can be run. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerModel } from "../../../checker/lower/program.ts";
import {
  checkModel,
  enabledSteps,
  flatten,
  initialState,
  type Model,
  ModelError,
  takeStep,
} from "../../../models/index.ts";
import { compose } from "../../../models/xstate.ts";
import { anyModel } from "../../arbitrary/model.ts";
import { runs } from "../../runs.ts";
import { everyConstruct } from "./every-construct.ts";
import { pointersIn, valueAt, withValueAt } from "./json-pointer.ts";
import { schemaComplaints } from "./model-schema.ts";

const names = ["mm", "v0", "f:0", "nope", "constructor", "__proto__", "toString", "self", "a.b", ""];

/** Values of any kind that may stand somewhere in a model. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(-1, 0, 1, 2, 31, 2 ** 31, 1e300, -0),
  fc.constantFrom<unknown>(true, null, [], {}, [[]], { x: null }),
  fc.constantFrom<unknown>(
    { kind: "none" },
    { kind: "bool", value: true },
    { kind: "int", value: 3 },
    { kind: "enum", value: "a" },
    { kind: "var", name: "v0" },
    { kind: "bound", name: "self" },
    { kind: "at", actor: "a0", points: ["f:0"] },
    { kind: "record", fields: {} },
    { kind: "id", of: "mm", value: 0 },
    { kind: "head", list: { kind: "var", name: "v1" } },
    { kind: "length", list: { kind: "none" } },
    { kind: "set", of: "mm" },
    { kind: "clear", list: { kind: "var", name: "v0" } },
    { kind: "each", as: "e", in: { of: "mm" }, do: [] },
  ),
);

/** A model as JSON text, with one node replaced by junk or by another node of the same model, or removed, or renamed. */
const corrupted: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(anyModel, fc.constant(everyConstruct)), fc.nat(), fc.nat(), fc.nat(3), junk, fc.nat())
  .map(([model, where, from, how, other, key]) => {
    const pointers = pointersIn(model).slice(1);
    const pointer = pointers[where % pointers.length] ?? "";
    if (how === 0) return withValueAt(model, pointer, other);
    if (how === 1) return withValueAt(model, pointer, valueAt(model, pointers[from % pointers.length] ?? ""));
    if (how === 2) return withValueAt(model, pointer, undefined);
    const renamed = names[key % names.length] ?? "";
    const value = valueAt(model, pointer);
    return withValueAt(model, `${pointer.slice(0, pointer.lastIndexOf("/"))}/${renamed}`, value);
  })
  .map((model) => JSON.stringify(model));

/** Composes and lowers it, and takes a few steps, as far as they go. */
function run(model: Model): void {
  const system = flatten(model);
  compose(system);
  lowerModel(model);
  let state = initialState(system);
  for (let i = 0; i < 5; i++) {
    const [step] = enabledSteps(system, state);
    if (step === undefined) return;
    try {
      state = takeStep(system, state, step);
    } catch (error) {
      if (error instanceof ModelError) return;
      throw error;
    }
  }
}

test("what the schema accepts is judged without an exception, and what is accepted runs", () => {
  const seen = { refusedBySchema: 0, refusedByCheck: 0, accepted: 0 };
  fc.assert(
    fc.property(corrupted, (text) => {
      const model: Model = JSON.parse(text);
      if (schemaComplaints(model).length > 0) {
        seen.refusedBySchema++;
        return;
      }
      if (checkModel(model).length > 0) {
        seen.refusedByCheck++;
        return;
      }
      seen.accepted++;
      run(model);
    }),
    runs(150),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(2);
});

test("an expression replaced by an unknown variable is complained about where it is", () => {
  const pointers = pointersIn(everyConstruct).filter((pointer) => {
    const node = valueAt(everyConstruct, pointer);
    return (
      typeof node === "object" &&
      node !== null &&
      "kind" in node &&
      /params|holds|premise|goal|final|args/.test(pointer)
    );
  });
  expect(pointers.length).toBeGreaterThan(60);
  for (const pointer of pointers) {
    const broken: Model = withValueAt(everyConstruct, pointer, { kind: "var", name: "nope" });
    if (schemaComplaints(broken).length > 0) continue;
    const found = checkModel(broken);
    expect(found.length, pointer).toBeGreaterThan(0);
    for (const { path } of found) expect(path.startsWith(pointer), `${path} for ${pointer}`).toBe(true);
  }
});
