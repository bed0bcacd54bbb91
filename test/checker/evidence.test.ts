/** What is said to refute a formula refutes it on every run that has it, and nothing shows earlier. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Evidence, evidence } from "../../checker/explain/evidence.ts";
import { watchFormula } from "../../checker/explain/watch.ts";
import {
  type ExprData,
  type Formula,
  flatten,
  initialState,
  type State,
} from "../../models/language/index.ts";
import { type Draw, drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import { drawFormula } from "../arbitrary/formula.ts";
import { isTrueOf, type LassoRun } from "../oracle/lassos.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates, isTrueIn } from "./graph-model.ts";

const conditions: readonly ExprData[] = ["p", "q", "r"].map((name) => ({ kind: "var", name }));

/** Truth of each condition by position. */
type Values = Readonly<Record<string, readonly boolean[]>>;

interface Case {
  readonly length: number;
  readonly loopStart: number;
  readonly formula: Formula;
  readonly values: Values;
  readonly draw: Draw;
}

const nameOf = (expr: ExprData) => (expr.kind === "var" ? expr.name : "");

function isTrue(expr: ExprData, i: number, values: Values): boolean {
  switch (expr.kind) {
    case "bool":
      return expr.value;
    case "not":
      return !isTrue(expr.of, i, values);
    case "and":
      return expr.of.every((part) => isTrue(part, i, values));
    case "or":
      return expr.of.some((part) => isTrue(part, i, values));
    default:
      return values[nameOf(expr)]?.[i] === true;
  }
}

function holds(
  { length, loopStart, formula }: Pick<Case, "length" | "loopStart" | "formula">,
  values: Values,
) {
  const edges = Array.from({ length }, (_, from) => ({
    from,
    to: from + 1 < length ? from + 1 : loopStart,
    mover: 0,
  }));
  const run: LassoRun = { edges, loopStart };
  return isTrueOf(run, formula, (i, expr) => isTrue(expr, i, values));
}

const drawValues = (draw: Draw, length: number): Values =>
  Object.fromEntries(conditions.map((one) => [nameOf(one), repeat(length, () => draw(2) === 1)]));

/** A formula that is false of a run; conditions may also be true or false by themselves. */
const cases = fc
  .noBias(fc.array(fc.nat(0xffff), { minLength: 150, maxLength: 150 }))
  .map((numbers): Case => {
    const draw = drawFrom(numbers);
    const length = 1 + draw(6);
    const loopStart = draw(length);
    const literals = [...conditions, ...conditions, { kind: "bool", value: draw(2) === 1 } as const];
    const formula = drawFormula(draw, 1 + draw(4), () => pick(draw, literals));
    return { length, loopStart, formula, values: drawValues(draw, length), draw };
  })
  .filter((one) => !holds(one, one.values));

const evidenceOf = ({ formula, length, loopStart, values }: Case): Evidence =>
  evidence(formula, { length, loopStart }, (expr) =>
    Array.from({ length }, (_, i) => isTrue(expr, i, values)),
  );

/** The run with a loop gone through until it has at least so many positions; it is the same run. */
function unrolled({ length, loopStart, values, ...rest }: Case, least: number): Case {
  const round = length - loopStart;
  const rounds = Math.max(0, Math.ceil((least - length) / round));
  const at = (i: number) => (i < length ? i : loopStart + ((i - loopStart) % round));
  const longer = length + rounds * round;
  return {
    ...rest,
    length: longer,
    loopStart: loopStart + rounds * round,
    values: Object.fromEntries(
      Object.entries(values).map(([name, of]) => [
        name,
        Array.from({ length: longer }, (_, i) => of[at(i)] === true),
      ]),
    ),
  };
}

/** Positions of a run in which a fact is said to be so; in some of a loop it is looked up where it is. */
function placesOf({ span, condition }: Evidence["facts"][number], run: Case): readonly number[] {
  const last = span.to ?? run.length - 1;
  const all = Array.from({ length: last - span.from + 1 }, (_, k) => span.from + k);
  return span.kind === "again" ? all.filter((i) => isTrue(condition, i, run.values)) : all;
}

test("facts are true, and a run that has them falsifies the formula, whatever else it does", () => {
  let changed = 0;
  fc.assert(
    fc.property(cases, (one) => {
      const found = evidenceOf(one);
      const run = unrolled(one, 1 + Math.max(...found.facts.map(({ span }) => span.to ?? 0), 0));
      const places = found.facts.map((fact) => placesOf(fact, run));
      found.facts.forEach(({ condition }, k) => {
        expect(places[k]?.length).toBeGreaterThan(0);
        for (const i of places[k] ?? []) expect(isTrue(condition, i, run.values)).toBe(true);
      });
      for (let attempt = 0; attempt < 12; attempt++) {
        const values = drawValues(one.draw, run.length);
        // Where a fact does not come out true by itself, the conditions in it are as they were.
        found.facts.forEach(({ condition }, k) => {
          for (const i of places[k] ?? []) {
            if (isTrue(condition, i, values)) continue;
            for (const of of Object.keys(values)) (values[of] as boolean[])[i] = run.values[of]?.[i] === true;
          }
        });
        const isKept = found.facts.every(({ condition }, k) =>
          (places[k] ?? []).every((i) => isTrue(condition, i, values)),
        );
        expect(isKept).toBe(true);
        if (JSON.stringify(values) !== JSON.stringify(run.values)) changed++;
        expect(holds(run, values)).toBe(false);
      }
    }),
    runs(300),
  );
  expect(changed).toBeGreaterThan(500);
});

test("what shows after some steps is told of those, whatever the run does then", () => {
  let shown = 0;
  fc.assert(
    fc.property(cases, (one) => {
      const { shownBy, facts } = evidenceOf(one);
      if (shownBy === null) {
        expect(facts.some(({ span }) => span.to === null)).toBe(true);
        return;
      }
      shown++;
      expect(facts.every(({ span }) => span.to !== null && span.to <= shownBy)).toBe(true);
      const run = unrolled(one, shownBy + 1);
      for (let attempt = 0; attempt < 8; attempt++) {
        const length = shownBy + 1 + one.draw(4);
        const loopStart = one.draw(length);
        const other = drawValues(one.draw, length);
        const values = Object.fromEntries(
          Object.entries(other).map(([name, of]) => [
            name,
            of.map((value, i) => (i <= shownBy ? run.values[name]?.[i] === true : value)),
          ]),
        );
        expect(holds({ ...one, length, loopStart }, values)).toBe(false);
      }
    }),
    runs(300),
  );
  expect(shown).toBeGreaterThan(50);
});

test("the watch of a formula ends where evidence says that it shows, and nowhere else", () => {
  const shown = { by: 0, never: 0 };
  fc.assert(
    fc.property(fc.noBias(fc.array(fc.nat(0xffff), { minLength: 120, maxLength: 120 })), (numbers) => {
      const draw = drawFrom(numbers);
      const length = 1 + draw(6);
      const loopStart = draw(length);
      const states = Array.from({ length }, (_, s) => s);
      const sets = repeat(3, () => inStates(...states.filter(() => draw(2) === 1)));
      const formula = drawFormula(draw, 1 + draw(3), () => pick(draw, sets));
      const valuesOf = (expr: ExprData) => states.map((state) => isTrueIn(state, expr));
      const edges = states.map((from) => ({ from, to: from + 1 < length ? from + 1 : loopStart, mover: 0 }));
      if (isTrueOf({ edges, loopStart }, formula, isTrueIn)) return;
      const { shownBy } = evidence(formula, { length, loopStart }, valuesOf);
      const system = flatten(graphModel({ states: length, edges }, ["weak"], formula));
      const watch = watchFormula(system, formula);
      if (watch === null) return;
      let memory: string | null = watch.initial;
      let s = 0;
      let ended: number | null = null;
      for (let steps = 0; steps < 60 && ended === null; steps++) {
        const state: State = { ...initialState(system), context: { s } };
        memory = watch.reach(memory as string, state);
        if (memory === null) ended = steps;
        s = edges[s]?.to ?? 0;
      }
      expect(ended).toBe(shownBy);
      shown[shownBy === null ? "never" : "by"]++;
    }),
    runs(900),
  );
  expect(Math.min(shown.by, shown.never)).toBeGreaterThan(15);
});
