/** What an edit of a model is: one node of its data, replaced. */
import type { Effect, ExprData, Model } from "../../models/language/index.ts";

/** What an edit does, as data. */
export type Change =
  | { readonly operator: "drop-step" }
  /** One condition of a guard, or of the test of a `when`, is taken for true. */
  | { readonly operator: "drop-guard"; readonly condition: ExprData }
  /** A step no longer tests what it takes, and no longer takes it. */
  | { readonly operator: "drop-lock"; readonly condition: ExprData; readonly effect: Effect }
  | { readonly operator: "drop-effect"; readonly effect: Effect }
  | { readonly operator: "swap-effects"; readonly first: Effect; readonly second: Effect }
  /** An integer of a guard or effect is one larger. */
  | {
      readonly operator: "widen-constant";
      readonly value: number;
      readonly within: { readonly condition: ExprData } | { readonly effect: Effect };
    };

/** A kind of edit. */
export type Operator = Change["operator"];

/** Keys from the model to a node of it. */
export type Path = readonly (string | number)[];

/** A node of the model and what stands there instead. */
export interface Edit {
  readonly change: Change;
  readonly path: Path;
  readonly node: unknown;
}

/** Where an edit is, and what it does. */
export interface Edited {
  readonly actor: string;
  readonly point: string;
  readonly step: string;
  /** Which of the alternatives of that name, from 0. */
  readonly alternative: number;
  readonly change: Change;
  /** JSON pointer of the node that differs. */
  readonly pointer: string;
}

/** A model that differs from the original in one node, and in assertions of a step that it no longer has. */
export interface Mutant extends Edited {
  /** Its place among all mutants of the model, from 1. */
  readonly number: number;
  /** Ids of assertions that name a step that is gone, and others. */
  readonly shortened: readonly string[];
  /** Ids of assertions of which every step that they name is gone: the model has them no longer. */
  readonly unasked: readonly string[];
  readonly model: Model;
}

/** An edit that leaves no model. */
export interface RefusedEdit extends Edited {
  /** What the check of models says of it first. */
  readonly reason: string;
}

/** A copy of the data in which another node stands at the path. */
export function replaceAt<T>(data: T, path: Path, node: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return node as T;
  if (Array.isArray(data)) {
    return data.map((value, i) => (i === key ? replaceAt(value, rest, node) : value)) as T;
  }
  const fields = data as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: replaceAt(fields[key], rest, node) } as T;
}

/** The path as a JSON pointer. */
export function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The list without its element number `i`. */
export function without<T>(list: readonly T[], i: number): readonly T[] {
  return list.filter((_, k) => k !== i);
}
