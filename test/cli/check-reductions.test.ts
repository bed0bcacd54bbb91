/** What explore reduces where nothing is said; --check-reductions notices wrong representatives that change no verdict. */
import { expect, test, vi } from "vitest";
import type { Environment } from "../../checker/lower/expression.ts";
import type { ModelEntry } from "../../models/entry.ts";
import {
  actor,
  arrayOf,
  bool,
  declare,
  forall,
  get,
  not,
  point,
  self,
  set,
  step,
} from "../../models/language/index.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";

/** How the representative of a state is chosen. */
const planted = vi.hoisted(() => ({ choice: "right" as "right" | "the first state" | "the state itself" }));

vi.mock(import("../../checker/reduce/canonical.ts"), async (original) => {
  const { canonicalText } = await original();
  const wrongText = ({ layout }: Environment) => {
    const each = (text: (i: number) => string, separator: string) =>
      Array.from({ length: layout.words }, (_, i) => text(i)).join(separator);
    const kept = planted.choice === "the first state" ? "??=" : "=";
    return `let ${each((i) => `p${i}`, ", ")};
function canonical(${each((i) => `w${i}`, ", ")}) {
${each((i) => `p${i} ${kept} w${i}; c${i} = p${i};`, "\n")}
}
`;
  };
  return {
    canonicalText: (env, kinds) => (planted.choice === "right" ? canonicalText(env, kinds) : wrongText(env)),
  };
});

const { variables, v } = declare({
  ready: { sort: arrayOf("task", bool), initial: [false, false], doc: "who has begun" },
});

const task = actor({
  name: "task",
  doc: "begins and ends",
  forEach: "task",
  initial: "rest",
  points: {
    rest: point(step("begin", "begin", { do: [set(get(v.ready, self("task")), true)], to: "work" })),
    work: point(
      step("end", "end", {
        when: get(v.ready, self("task")),
        do: [set(get(v.ready, self("task")), false)],
        to: "done",
      }),
    ),
    done: { type: "final" },
  },
});

const entry: ModelEntry = {
  name: "tasks",
  title: "two tasks",
  doc: "Two tasks that differ by their names only.",
  parameters: {},
  patches: [],
  features: [],
  build: () => ({
    name: "tasks",
    title: "two tasks",
    identities: { task: 2 },
    variables,
    actors: [task],
    properties: [
      {
        kind: "deadlock",
        id: "P01",
        title: "tasks end",
        says: "A task is stuck.",
        final: forall("task", "t", (t) => not(get(v.ready, t))),
      },
    ],
  }),
};

const line = "explore tasks --reduce symmetry --check-reductions --json";
const host = () => ({ ...memoryHost(), catalogue: async () => [entry] });

test("what is compared is reported", async () => {
  planted.choice = "right";
  const { code, out } = await kmmcheck(line, host());
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    statistics: { states: 6 },
    reductions: { without: { states: 9, same: ["verdicts", "vacuity", "coverage"], orbits: 9 } },
  });
});

test.each([
  ["the first state", "canonical states stand for 3 states, and there are 9"],
  ["the state itself", "canonical states stand for 15 states, and there are 9"],
] as const)("%s for every state is a bug of kmmcheck", async (choice, says) => {
  planted.choice = choice;
  const { code, err, out } = await kmmcheck(line, host());
  expect({ code, out }).toEqual({ code: 70, out: "" });
  expect(err).toContain(says);
  expect(err.trimEnd()).not.toContain("\n");
});

test.each([
  ["explore tasks", 5],
  ["explore tasks --reduce symmetry", 6],
  ["explore tasks --reduce none", 9],
] as const)("%s explores %d states", async (words, states) => {
  planted.choice = "right";
  const { out } = await kmmcheck(`${words} --json`, host());
  expect(JSON.parse(out)).toMatchObject({ statistics: { states } });
});

test.each([
  ["", false],
  ["--full", true],
  ["--reduce symmetry,por", true],
] as const)("explore %s says why nothing is left out: %s", async (words, said) => {
  const { out } = await kmmcheck(`explore turns ${words}`, memoryHost());
  expect(out).toContain("explored");
  expect(out.includes("not reduced")).toBe(said);
});

test("--max-seconds is for all searches together", async () => {
  planted.choice = "right";
  const given = host();
  let [clock, seen]: [number, (number | undefined)[]] = [0, []];
  const check: typeof given.check = async (model, limits, ...rest) => {
    seen = [...seen, limits.maxSeconds];
    clock += 4000;
    return given.check(model, limits, ...rest);
  };
  await kmmcheck(`${line} --max-seconds 5`, { ...given, check, now: () => clock });
  expect(seen).toEqual([5, 1, 0]);
});
