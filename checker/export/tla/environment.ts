/** What a translation to TLA+ knows: names, and what they mean where an expression stands. */
import { bind, type Model, type Scope, type Sort } from "../../../models/language/index.ts";
import { identifier, nameTaker, type TakeName } from "../names.ts";

/** A part of a variable: the variable, and the way into it (`[0].mm`). */
export interface Part {
  readonly root: string;
  readonly way: string;
}

export interface Environment {
  readonly names: Names;
  readonly scope: Scope;
  /** The text of each variable's value, which changes while a step's effects are done. */
  readonly current: Readonly<Record<string, string>>;
  /** What bound names stand for: a text, or an element of a list that a loop runs through. */
  readonly bound: Readonly<Record<string, string | Part>>;
}

export interface Names {
  readonly take: TakeName;
  readonly variables: Readonly<Record<string, string>>;
  /** The variable of an actor's program points. */
  readonly points: Readonly<Record<string, string>>;
  readonly identities: Readonly<Record<string, string>>;
  readonly nones: Readonly<Record<string, string>>;
  readonly field: (name: string) => string;
}

/** Words of TLA+ and of the modules that are extended or defined here. */
const reserved = `
ACTION ASSUME ASSUMPTION AXIOM BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN ELSE ENABLED EXCEPT
EXTENDS HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS OMITTED OTHER PICK PROOF PROPOSITION PROVE QED
RECURSIVE SF_ STATE SUBSET SUFFICES TAKE TEMPORAL THEN THEOREM UNCHANGED UNION USE VARIABLE VARIABLES WF_ WITH WITNESS
BOOLEAN STRING TRUE FALSE Nat Int Seq Len Head Tail Append SubSeq SelectSeq Cardinality IsFiniteSet Assert Print PrintT
JavaTime TLCGet TLCSet Permutations SortSeq RandomElement Any ToString TLCEval Elements Lists NextIn Without First
Quotient Remainder Positions Absolute Least Greatest vars Init Next Spec Fairness SORTS
`
  .trim()
  .split(/\s+/);

export function namesOf(model: Model): Names {
  const take = nameTaker(reserved);
  const each = (names: readonly string[], wanted: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, take(wanted(name))]));
  const capital = (name: string) => identifier(name).replace(/^./, (first) => first.toUpperCase());
  const takeField = nameTaker(reserved);
  const fields = new Map<string, string>();
  return {
    take,
    variables: each(Object.keys(model.variables), (name) => name),
    points: each(
      model.actors.map(({ name }) => name),
      (name) => `at_${name}`,
    ),
    identities: each(Object.keys(model.identities), capital),
    nones: each(Object.keys(model.identities), (name) => `No${capital(name)}`),
    field: (name) => {
      const known = fields.get(name) ?? takeField(name);
      fields.set(name, known);
      return known;
    },
  };
}

export function bindName(env: Environment, name: string, sort: Sort, to: string | Part): Environment {
  return { ...env, scope: bind(env.scope, name, sort), bound: { ...env.bound, [name]: to } };
}

/** The entry of a name that the check has found to be there. */
export function found<T>(of: Readonly<Record<string, T>>, name: string): T {
  const entry = Object.hasOwn(of, name) ? of[name] : undefined;
  if (entry === undefined) throw new Error(`${name} is unknown: the model was not checked`);
  return entry;
}

/** The text of a part as it is now. */
export function partText({ root, way }: Part, env: Environment): string {
  return `${found(env.current, root)}${way}`;
}
