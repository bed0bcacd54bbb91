/**
 * Loops over individuals: whether the order of the turns can make a difference.
 *
 * It cannot where each variable that the loop writes is used in one of two ways. Either each turn touches only the element,
 * or the membership, of its own individual; or all turns write the same constant into a field that no turn reads.
 */
import { type Effect, type ExprData, rootOf, targetsOf } from "../../models/language/index.ts";
import { partsOfEffect, partsOfExpr } from "./walk.ts";

/** How a turn uses a variable: its own element; a field; how many elements there are; or all of it. */
type Use = "own" | "whole" | "shape" | { readonly field: string; readonly constant: string | null };

/** Bound names that stand for elements of a list, with the variable that holds it. */
type Holders = ReadonlyMap<string, string>;

const holderOf = (holders: Holders) => (name: string) => holders.get(name) ?? null;

/** True where the turns have the same effect in every order. */
export function turnsCommute(loop: Effect & { readonly kind: "each" }): boolean {
  const turn = new Turn(loop.as);
  for (const effect of loop.do) turn.effect(effect, new Map());
  return !turn.hidden && [...turn.writes.keys()].every((name) => keepsApart(turn, name));
}

function keepsApart({ reads, writes }: Turn, name: string): boolean {
  const all = [...(writes.get(name) ?? []), ...(reads.get(name) ?? [])];
  if (all.every((use) => use === "own")) return true;
  const constants = new Map<string, string | null>();
  for (const use of writes.get(name) ?? []) {
    if (typeof use === "string" || use.constant === null) return false;
    if (constants.has(use.field) && constants.get(use.field) !== use.constant) return false;
    constants.set(use.field, use.constant);
  }
  return (reads.get(name) ?? []).every(
    (use) => use === "shape" || (typeof use === "object" && !constants.has(use.field)),
  );
}

/** What one turn does to each variable. */
class Turn {
  readonly reads = new Map<string, Use[]>();
  readonly writes = new Map<string, Use[]>();
  /** True where something inside hides the name of the loop's individual. */
  hidden = false;
  private readonly me: string;

  constructor(me: string) {
    this.me = me;
  }

  effect(effect: Effect, holders: Holders): void {
    if (effect.kind === "when") {
      this.read(effect.test, holders);
      for (const inner of partsOfEffect(effect).effects) this.effect(inner, holders);
      return;
    }
    if (effect.kind === "each") {
      const inner = this.bind(effect.as, effect.in, holders);
      for (const turn of effect.do) this.effect(turn, inner);
      return;
    }
    if (effect.kind === "drop") {
      this.note(this.writes, effect.list, "whole", holders);
      this.read(effect.list, holders);
      this.read(effect.where, this.bind(effect.as, { elements: effect.list }, holders));
      return;
    }
    const ofMember = effect.kind === "include" || effect.kind === "exclude";
    if (ofMember && effect.set.kind === "var" && this.isMe(effect.value)) {
      this.note(this.writes, effect.set, "own", holders);
      return;
    }
    const targets = targetsOf(effect);
    for (const target of targets) this.write(target, effect, holders);
    for (const part of partsOfEffect(effect).exprs) if (!targets.includes(part)) this.read(part, holders);
    // What is not simply overwritten is read as well.
    if (effect.kind !== "assign") for (const target of targets) this.read(target, holders);
  }

  private write(target: ExprData, effect: Effect, holders: Holders): void {
    this.readIndices(target, holders);
    if (this.isOwn(target)) this.note(this.writes, target, "own", holders);
    else if (target.kind === "field" && effect.kind === "assign") {
      const { value } = effect;
      const plain =
        value.kind === "bool" || value.kind === "int" || value.kind === "enum" || value.kind === "none";
      const constant = plain ? JSON.stringify(value) : null;
      this.note(this.writes, target, { field: target.field, constant }, holders);
    } else this.note(this.writes, target, "whole", holders);
  }

  private read(expr: ExprData, holders: Holders): void {
    switch (expr.kind) {
      case "exists":
      case "forall":
      case "count":
        this.read(expr.where, this.bind(expr.as, expr.in, holders));
        return;
      case "includes":
        if (expr.set.kind === "var" && this.isMe(expr.value)) {
          this.note(this.reads, expr.set, "own", holders);
          return;
        }
        break;
      case "length":
        if (rootOf(expr.list, holderOf(holders)) === null) break;
        this.note(this.reads, expr.list, "shape", holders);
        this.readIndices(expr.list, holders);
        return;
    }
    if (rootOf(expr, holderOf(holders)) === null) {
      for (const part of partsOfExpr(expr)) this.read(part, holders);
      return;
    }
    this.readIndices(expr, holders);
    const use: Use = this.isOwn(expr)
      ? "own"
      : expr.kind === "field"
        ? { field: expr.field, constant: null }
        : "whole";
    this.note(this.reads, expr, use, holders);
  }

  private bind(
    as: string,
    range: { readonly of: string } | { readonly elements: ExprData },
    holders: Holders,
  ): Holders {
    if (as === this.me) this.hidden = true;
    const inner = new Map(holders);
    inner.delete(as);
    if ("of" in range) return inner;
    const root = rootOf(range.elements, holderOf(holders));
    if (root === null) {
      this.read(range.elements, holders);
      return inner;
    }
    this.note(this.reads, range.elements, "shape", holders);
    this.readIndices(range.elements, holders);
    return inner.set(as, root);
  }

  private readIndices(place: ExprData, holders: Holders): void {
    if (place.kind === "get") {
      this.read(place.index, holders);
      this.readIndices(place.array, holders);
    } else if (place.kind === "field") this.readIndices(place.record, holders);
  }

  private note(into: Map<string, Use[]>, place: ExprData, use: Use, holders: Holders): void {
    const root = rootOf(place, holderOf(holders));
    if (root !== null) into.set(root, [...(into.get(root) ?? []), use]);
  }

  /** True for the element of the turn's individual in an array, and for what is inside it. */
  private isOwn(place: ExprData): boolean {
    if (place.kind === "get")
      return place.array.kind === "var" ? this.isMe(place.index) : this.isOwn(place.array);
    return place.kind === "field" && this.isOwn(place.record);
  }

  private isMe(expr: ExprData): boolean {
    return expr.kind === "bound" && expr.name === this.me;
  }
}
