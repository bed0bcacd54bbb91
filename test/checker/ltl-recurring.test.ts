/**
 * Formulas whose truth depends on what happens again and again, decided exactly: all sets of edges that a run may take
 * again and again are tried, without components and automata.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { type Fairness, formulaOf } from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import type { Edge, Graph } from "../oracle/lassos.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

type Holds = (state: number) => boolean;

/** A formula, and whether it is true of a run that visits these states again and again. */
const shapes: readonly (readonly [string, (states: readonly number[], p: Holds, q: Holds) => boolean])[] = [
  ["[]<> p", (states, p) => states.some(p)],
  ["<>[] p", (states, p) => states.every(p)],
  ["[]<> p -> []<> q", (states, p, q) => !states.some(p) || states.some(q)],
  ["<>[] (p || q)", (states, p, q) => states.every((s) => p(s) || q(s))],
  ["<>[] p || []<> q", (states, p, q) => states.every(p) || states.some(q)],
  ["[]<> (p && !q) && []<> q", (states, p, q) => states.some((s) => p(s) && !q(s)) && states.some(q)],
];

function reachable(edges: readonly Edge[], from: number): ReadonlySet<number> {
  const seen = new Set([from]);
  for (const at of seen) for (const edge of edges) if (edge.from === at) seen.add(edge.to);
  return seen;
}

/** The states of every set of edges that some fair run takes again and again, ends included. */
function recurringSets({ edges }: Graph, fairness: readonly Fairness[]): readonly (readonly number[])[] {
  const all = [...reachable(edges, 0)];
  const live = edges.filter(({ from }) => all.includes(from));
  const found = all.filter((s) => !live.some(({ from }) => from === s)).map((s) => [s]);
  for (let set = 1; set < 2 ** live.length; set++) {
    const chosen = live.filter((_, i) => ((set >>> i) & 1) === 1);
    const states = [...new Set(chosen.flatMap(({ from, to }) => [from, to]))];
    if (!states.every((s) => reachable(chosen, s).size === states.length)) continue;
    const fair = fairness.every((kind, actor) => {
      if (kind === "none" || chosen.some(({ mover }) => mover === actor)) return true;
      const able = states.map((s) => live.some(({ from, mover }) => from === s && mover === actor));
      return kind === "weak" ? able.includes(false) : !able.includes(true);
    });
    if (fair) found.push(states);
  }
  return found;
}

test("what happens again and again is judged as by trying every set of edges", () => {
  const seen = { holds: 0, violated: 0 };
  fc.assert(
    fc.property(fc.noBias(fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 80 })), (numbers) => {
      const draw = drawFrom(numbers);
      const states = 2 + draw(4);
      const fairness = repeat(3, (i) =>
        i === 0 ? "none" : pick<Fairness>(draw, ["strong", "weak", "none"]),
      );
      const edges = repeat(4 + draw(7), (): Edge => {
        return { from: draw(states), to: draw(states), mover: pick(draw, [0, 0, 0, 1, 2]) };
      });
      const [p = [], q = []] = repeat(2, () =>
        Array.from({ length: states }, (_, s) => s).filter(() => draw(2) === 1),
      );
      const [text, isTrue] = pick(draw, shapes);
      const formula = formulaOf(text, { p: inStates(...p), q: inStates(...q) });
      const sets = recurringSets({ states, edges }, fairness);
      const expected = sets.every((set) =>
        isTrue(
          set,
          (s) => p.includes(s),
          (s) => q.includes(s),
        ),
      );
      const { properties } = check(graphModel({ states, edges }, fairness, formula), { now: () => 0 });
      expect(properties[0]?.verdict, text).toBe(expected ? "holds" : "violated");
      seen[expected ? "holds" : "violated"]++;
    }),
    runs(300),
  );
  expect(Math.min(seen.holds, seen.violated)).toBeGreaterThan(40);
});
