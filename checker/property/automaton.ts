/**
 * From a formula to a generalized Buechi automaton with acceptance on transitions, by the tableau of Couvreur (On-the-fly
 * verification of linear temporal logic, FM 1999), which refines the one of Gerth, Peled, Vardi and Wolper (Simple
 * on-the-fly automatic verification of linear temporal logic, PSTV 1995).
 *
 * A state is a set of formulas that the rest of the run must satisfy. A transition satisfies now what they say of the
 * present, under a condition on the state of the model, and leaves what they say of later. `a until b` is `b`, or `a` and
 * the same again later; a transition that takes the second way postpones it. Each until has an acceptance set, of all
 * transitions that do not postpone it: a run is accepted if it visits every set again and again.
 */
import type { ExprData, Formula } from "../../models/language/index.ts";
import { NormalForms } from "./normal-form.ts";

export interface Transition {
  /** Conditions that must be true, and that must be false, as bit masks. */
  readonly pos: number;
  readonly neg: number;
  readonly to: number;
  /** Acceptance sets that it is in, as a bit mask. */
  readonly marks: number;
}

export interface Automaton {
  readonly atoms: readonly ExprData[];
  /** By state; the first state is where it begins. */
  readonly transitions: readonly (readonly Transition[])[];
  readonly allMarks: number;
}

/** The transitions by which the automaton, in the state `mode`, reads a state of the model in which the conditions of the mask `here` are true. */
export function openTransitions(
  { transitions }: Automaton,
  mode: number,
  here: number,
): readonly Transition[] {
  return (transitions[mode] ?? []).filter(({ pos, neg }) => (pos & ~here) === 0 && (neg & here) === 0);
}

/** A way to satisfy a set of formulas. */
interface Way {
  readonly pos: number;
  readonly neg: number;
  /** Numbers of formulas to satisfy later. */
  readonly later: ReadonlySet<number>;
  readonly postponed: number;
}

/** Most ways out of one state and most transitions in all: a formula that needs more is not decided. */
const mostWays = 1 << 12;
const mostTransitions = 1 << 16;

/** An automaton that accepts the runs that violate the formula; null where it would be too large. */
export function automatonAgainst(formula: Formula): Automaton | null {
  const forms = new NormalForms();
  const root = forms.of(formula, true);
  const bits = new Map<number, number>();
  const states = new Map<string, number>();
  const sets: (readonly number[])[] = [];
  const stateOf = (set: readonly number[]) => {
    const key = set.join();
    const known = states.get(key);
    if (known !== undefined) return known;
    states.set(key, sets.length);
    return sets.push(set) - 1;
  };
  stateOf(root === forms.yes ? [] : [root]);
  const ways: (readonly Way[])[] = [];
  let total = 0;
  for (let state = 0; state < sets.length; state++) {
    const found = waysOf(sets[state] as readonly number[], forms, bits);
    total += found?.length ?? 0;
    if (found === null || total > mostTransitions) return null;
    ways.push(found);
    for (const { later } of found) stateOf(sorted(later));
  }
  const allMarks = 2 ** bits.size - 1;
  const transitions = ways.map((of) =>
    of.map(({ pos, neg, later, postponed }) => ({
      pos,
      neg,
      to: stateOf(sorted(later)),
      marks: allMarks & ~postponed,
    })),
  );
  return { atoms: forms.atoms, transitions, allMarks };
}

function sorted(set: ReadonlySet<number>): readonly number[] {
  return [...set].sort((a, b) => a - b);
}

/** A way that is not complete yet: formulas to satisfy now, and those that are. */
interface Draft extends Way {
  readonly todo: readonly number[];
  readonly done: ReadonlySet<number>;
}

/** The ways to satisfy all formulas of a set, without those that another one makes superfluous; null for too many. */
function waysOf(
  set: readonly number[],
  forms: NormalForms,
  bits: Map<number, number>,
): readonly Way[] | null {
  const nothing: ReadonlySet<number> = new Set();
  const open: Draft[] = [{ todo: set, done: nothing, pos: 0, neg: 0, later: nothing, postponed: 0 }];
  const ways: Way[] = [];
  for (let draft = open.pop(); draft !== undefined; draft = open.pop()) {
    const [number, ...todo] = draft.todo;
    if (number === undefined) {
      if (ways.length > mostWays) return null;
      const way = draft;
      if (ways.some((other) => covers(other, way))) continue;
      const kept = ways.filter((other) => !covers(way, other));
      ways.length = 0;
      ways.push(...kept, way);
      continue;
    }
    if (draft.done.has(number)) {
      open.push({ ...draft, todo });
      continue;
    }
    open.push(...expand(number, { ...draft, todo, done: new Set([...draft.done, number]) }, forms, bits));
  }
  return ways;
}

/** The ways to satisfy one formula, the one to be tried first last. */
function expand(
  number: number,
  draft: Draft,
  forms: NormalForms,
  bits: Map<number, number>,
): readonly Draft[] {
  const also = (...more: readonly number[]): Draft => ({ ...draft, todo: [...more, ...draft.todo] });
  const later = (from: Draft, then: number): Draft => ({ ...from, later: new Set([...from.later, then]) });
  const normal = forms.at(number);
  switch (normal.op) {
    case "true":
      return [draft];
    case "false":
      return [];
    case "is": {
      const bit = 1 << normal.atom;
      return (draft.neg & bit) !== 0 ? [] : [{ ...draft, pos: draft.pos | bit }];
    }
    case "isNot": {
      const bit = 1 << normal.atom;
      return (draft.pos & bit) !== 0 ? [] : [{ ...draft, neg: draft.neg | bit }];
    }
    case "and":
      return [also(normal.a, normal.b)];
    case "or":
      return [also(normal.b), also(normal.a)];
    case "next":
      return [later(draft, normal.a)];
    case "release":
      return [later(also(normal.b), number), also(normal.a, normal.b)];
    case "until": {
      const known = bits.get(number);
      const bit = known ?? bits.size;
      if (known === undefined) bits.set(number, bit);
      const postponing = later(also(normal.a), number);
      return [{ ...postponing, postponed: postponing.postponed | (1 << bit) }, also(normal.b)];
    }
  }
}

/** True where the first way is possible wherever the second one is, owes no more later and postpones no more. */
function covers(a: Way, b: Way): boolean {
  return (
    (a.pos & ~b.pos) === 0 &&
    (a.neg & ~b.neg) === 0 &&
    (a.postponed & ~b.postponed) === 0 &&
    [...a.later].every((number) => b.later.has(number))
  );
}
