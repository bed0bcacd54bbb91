/** Verdicts against SPIN's on the same systems, written by hand in Promela or made from random graphs. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { compilerOf } from "../../cli/spin.ts";
import {
  type ExprData,
  type Fairness,
  formulaOf,
  type Model,
  type Property,
} from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import type { Edge } from "../oracle/lassos.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates, shapes } from "./graph-model.ts";
import { twins } from "./promela-twins.ts";

type Verdict = "holds" | "violated";

function isThere(program: string, argument: string): boolean {
  try {
    execFileSync(program, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const missing = ["spin -V", "gcc --version"].filter((call) => {
  const [program = "", argument = ""] = call.split(" ");
  return !isThere(program, argument);
});
if (missing.length > 0) console.warn(`verdicts are not compared with SPIN's: no ${missing.join(", no ")}`);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kmmcheck-spin-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Compiles a system with these formulas and returns what SPIN says of each: by its text, since it exits with 0. Null where it does
 * not come to an end: under fairness (6.5.2) it follows some runs for ever.
 */
function askSpin(
  system: string,
  formulas: readonly string[],
): (number: number, fair: boolean) => Verdict | null {
  const claims = formulas.map((formula, i) => `ltl f${i} { ${formula} }\n`);
  writeFileSync(join(folder, "twin.pml"), system + claims.join(""));
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
  run("spin", "-a", "twin.pml");
  const [compiler, ...always] = compilerOf({ env: process.env, cwd: process.cwd() });
  run(compiler, ...always, "-w", "-O0", "-DNOREDUCE", "-o", "pan", "pan.c");
  return (number, fair) => {
    const text = run("./pan", "-a", "-E", "-w16", "-m20000", ...(fair ? ["-f"] : []), "-N", `f${number}`);
    const [, errors] = /errors: (\d+)/.exec(text) ?? [];
    // A search that was cut may still have found an error.
    const cut = errors === "0" && text.includes("max search depth");
    if (errors === undefined || text.includes("out of memory") || (cut && !fair)) throw new Error(text);
    if (cut) return null;
    return errors === "0" ? "holds" : "violated";
  };
}

function withFairness(model: Model, fairness: Fairness): Model {
  return { ...model, actors: model.actors.map((actor) => ({ ...actor, fairness })) };
}

function judge(model: Model, formula: string, conditions: Readonly<Record<string, ExprData>>) {
  const property: Property = {
    id: "P",
    kind: "ltl",
    title: "",
    says: "",
    formula: formulaOf(formula, conditions),
  };
  return check({ ...model, properties: [property] }, { now: () => 0 }).properties[0]?.verdict;
}

describe.skipIf(missing.length > 0)("SPIN agrees", () => {
  describe.each(twins)("on $model.name", ({ model, promela, conditions, formulas }) => {
    let spin: ReturnType<typeof askSpin>;
    beforeAll(() => {
      spin = askSpin(promela, Object.keys(formulas));
    }, 120_000);
    test.each(Object.entries(formulas).map(([formula, expected], i) => ({ i, formula, expected })))(
      "$formula: $expected, any run and fair ones",
      ({ i, formula, expected }) => {
        const mine = (["none", "weak"] as const).map((f) =>
          judge(withFairness(model, f), formula, conditions),
        );
        expect(mine.map((verdict) => (verdict === "holds" ? "+" : "-")).join("")).toBe(expected);
        expect(mine).toEqual([spin(i, false), spin(i, true)]);
      },
    );
  });

  test("on random graphs, under no, weak and strong fairness", () => {
    const agree = (numbers: readonly number[]) => {
      const draw = drawFrom(numbers);
      const states = 3 + draw(3);
      const edges = repeat(5 + draw(7), (): Edge => {
        return { from: draw(states), to: draw(states), mover: draw(3) };
      });
      const sets = repeat(2, () => Array.from({ length: states }, (_, s) => s).filter(() => draw(2) === 1));
      const formulas = repeat(3, () => pick(draw, shapes));
      const conditions = Object.fromEntries(sets.map((set, i) => [i === 0 ? "p" : "q", inStates(...set)]));
      // SPIN knows no strong fairness: actor 0 moves again and again, or from some point on never can.
      const strong = formulas.flatMap((formula) => [
        `[]<> (m == 0) -> (${formula})`,
        `<>[] !(${ableIn(edges)}) -> (${formula})`,
      ]);
      const spin = askSpin(promelaOf(states, edges, sets), [...formulas, ...strong]);
      formulas.forEach((formula, i) => {
        const mine = (...fairness: readonly Fairness[]) => {
          return judge(graphModel({ states, edges }, fairness, formulaOf("true", {})), formula, conditions);
        };
        const weak = mine("weak", "weak", "weak");
        expect([mine("none", "none", "none"), weak, mine("strong", "none", "none")], formula).toEqual([
          spin(i, false),
          spin(i, true) ?? weak,
          strongly(spin, formulas.length + 2 * i),
        ]);
      });
    };
    const entropy = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 60 }));
    fc.assert(fc.property(entropy, agree), { ...runs(2), endOnFailure: true });
  });
});

/** The graph in Promela: `s` is the state and `m` who moved last. */
function promelaOf(states: number, edges: readonly Edge[], sets: readonly (readonly number[])[]): string {
  const oneOf = (set: readonly number[]) => set.map((s) => `s == ${s}`).join(" || ") || "false";
  const processes = [0, 1, 2].map((actor) => {
    const mine = edges.filter(({ mover }) => mover === actor);
    const lines = mine.map(({ from, to }) => `:: d_step { s == ${from} -> s = ${to}; m = ${actor} }\n`);
    return `active proctype a${actor}() {\n${lines.length === 0 ? "false" : `do\n${lines.join("")}od`}\n}\n`;
  });
  const names = sets.map((set, i) => `#define ${i === 0 ? "p" : "q"} (${oneOf(set)})\n`);
  // SPIN stutters at ends by itself, but under -f (6.5.2) it misses a run that ends where it starts.
  const left = new Set(edges.map(({ from }) => from));
  const ends = Array.from({ length: states }, (_, s) => s).filter((s) => !left.has(s));
  const stay = `active proctype stays() {\ndo\n:: d_step { ${oneOf(ends)} -> m = 3 }\nod\n}\n`;
  return `byte s = 0;\nbyte m = 255;\n${names.join("")}${processes.join("")}${stay}`;
}

/** A formula that has to hold of each of two kinds of runs. */
function strongly(spin: ReturnType<typeof askSpin>, first: number): Verdict {
  return [first, first + 1].every((k) => spin(k, false) === "holds") ? "holds" : "violated";
}

/** Where actor 0 can move, in Promela. */
function ableIn(edges: readonly Edge[]): string {
  const able = edges.filter(({ mover }) => mover === 0).map(({ from }) => `s == ${from}`);
  return able.length === 0 ? "false" : able.join(" || ");
}
