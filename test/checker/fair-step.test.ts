/** A step may ask for fairness by itself: an actor that may spin or go on does go on, and the other checkers are told. */
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { promelaText, tlaText } from "../../checker/export/index.ts";
import {
  actor,
  at,
  checkModel,
  finalPoint,
  type Model,
  point,
  type StepOptions,
  step,
} from "../../models/language/index.ts";

/** Spins, or goes on for one of two individuals. */
function spinner(going: Pick<StepOptions, "fairness">): Model {
  return {
    name: "spinner",
    title: "Spins or goes on",
    identities: { mm: 2 },
    variables: {},
    actors: [
      actor({
        name: "a",
        doc: "",
        fairness: "strong",
        forEach: "mm",
        initial: "spin",
        points: {
          spin: point(
            step("spin", "spin", { to: "spin" }),
            step("go", "go on", { choose: { m: "mm" }, to: "done", ...going }),
          ),
          done: finalPoint,
        },
      }),
    ],
    properties: [
      {
        kind: "leadsTo",
        id: "L",
        title: "It goes on",
        says: "It spins for ever.",
        from: { kind: "bool", value: true },
        to: at("a", ["done"], { kind: "id", of: "mm", value: 0 }),
      },
    ],
  };
}

const judge = (model: Model, reductions: readonly "symmetry"[] = []) =>
  check(model, { now: () => 0, reduce: reductions });

test("without it an actor is fair that spins for ever", () => {
  expect(judge(spinner({})).properties[0]?.verdict).toBe("violated");
});

test.each(["weak", "strong"] as const)("with a %s step it goes on", (fairness) => {
  expect(judge(spinner({ fairness })).properties[0]?.verdict).toBe("holds");
});

test("its fairness is weak or strong", () => {
  const broken = spinner({ fairness: "none" as "weak" });
  expect(checkModel(broken).map(({ path }) => path)).toEqual([
    "/actors/0/config/states/spin/on/go/0/meta/fairness",
  ]);
});

test("individuals that a fair step chooses among are not interchangeable for runs", () => {
  const model = spinner({ fairness: "weak" });
  const unfair = { ...model, actors: model.actors.map((one) => ({ ...one, fairness: "none" as const })) };
  const truth = { kind: "bool", value: true } as const;
  const property = { ...unfair.properties[0]!, kind: "leadsTo", from: truth, to: truth };
  const { reductions } = judge({ ...unfair, properties: [property as never] }, ["symmetry"]);
  expect(reductions.applied).toEqual([]);
  expect(reductions.off.map(({ says }) => says)).toEqual(["mm: L speaks of runs that are fair to each a.go"]);
});

test("TLA+ is told of it, for each instance and choice; SPIN has no word for it", () => {
  const model = spinner({ fairness: "strong" });
  expect(tlaText(model, "SORTS").module).toContain(
    "  /\\ \\A self \\in Mm : \\A m \\in Mm : SF_vars(a_go(self, m))",
  );
  const text = promelaText(model, "SORTS");
  expect(JSON.stringify(text)).toContain("a step asks for fairness by itself");
});
