/**
 * Which places of the shared state a step reads and writes: a variable and, as far as it is fixed, the way into it. What an
 * index decides while running counts as the whole array.
 */
import {
  type Effect,
  type ExprData,
  isAbout,
  type Property,
  type Range,
  type Step,
  type System,
  substitute,
} from "../../models/language/index.ts";
import { conditionsOf } from "./walk.ts";

/** A variable, then individuals, members and field names. */
export type Place = readonly (string | number)[];

export interface Access {
  readonly reads: readonly Place[];
  /** Places that may be written. */
  readonly writes: readonly Place[];
  /** Places that are written whatever is true. */
  readonly kills: readonly Place[];
}

/** Names that loops and quantifiers bind: the list that an element is part of, or null for a value. */
type Holders = ReadonlyMap<string, Place | null>;

/** The place that stands for where the instances of an actor are; no variable has such a name. */
export function pointsOfActor(actor: string): string {
  return `@${actor}`;
}

function overlaps(a: Place, b: Place): boolean {
  return a.every((key, i) => i >= b.length || key === b[i]);
}

/** True where some place of the one list is, contains or is part of some place of the other. */
export function meet(some: readonly Place[], others: readonly Place[]): boolean {
  return some.some((a) => others.some((b) => overlaps(a, b)));
}

/** What a closed expression reads. */
export function readsOf(expr: ExprData): readonly Place[] {
  const collector = new Collector();
  collector.read(expr, new Map());
  return collector.reads;
}

/** What the guards of a step read, those of the alternatives before it included. */
export function guardReads(step: Step): readonly Place[] {
  return [step.guard, ...step.unless].flatMap((guard) => (guard === null ? [] : readsOf(guard)));
}

/** What assertions read where the step is taken. */
export function assertedReads(system: System, step: Step, properties: readonly Property[]): readonly Place[] {
  const actor = system.instances[step.instance]?.actor.name ?? "";
  return properties.flatMap((property) => {
    if (property.kind !== "assertion") return [];
    if (!isAbout(property, actor, step.name)) return [];
    return conditionsOf(property).flatMap((condition) => readsOf(substitute(condition, step.bindings)));
  });
}

/** What the arguments of a step's trace event read. */
export function emittedReads(step: Step): readonly Place[] {
  return step.emits === null ? [] : Object.values(step.emits.args).flatMap(readsOf);
}

/** What effects read and write; they are done in order, and a read of what was just written still counts. */
export function accessOf(effects: readonly Effect[]): Access {
  const collector = new Collector();
  for (const effect of effects) collector.effect(effect, new Map(), true);
  return collector;
}

class Collector implements Access {
  readonly reads: Place[] = [];
  readonly writes: Place[] = [];
  readonly kills: Place[] = [];

  read(expr: ExprData, holders: Holders): void {
    const place = placeOf(expr, holders);
    if (place !== null) {
      this.reads.push(place.path);
      this.readIndices(expr, holders);
      return;
    }
    switch (expr.kind) {
      case "includes": {
        this.readMember(expr.set, expr.value, holders);
        return;
      }
      case "exists":
      case "forall":
      case "count":
        this.readRange(expr.in, holders);
        this.read(expr.where, new Map(holders).set(expr.as, rangePlace(expr.in, holders)));
        return;
      case "get":
        this.read(expr.array, holders);
        this.read(expr.index, holders);
        return;
      case "field":
        this.read(expr.record, holders);
        return;
      case "record":
        for (const value of Object.values(expr.fields)) this.read(value, holders);
        return;
      case "not":
        this.read(expr.of, holders);
        return;
      case "and":
      case "or":
        for (const part of expr.of) this.read(part, holders);
        return;
      case "if":
        this.read(expr.test, holders);
        this.read(expr.then, holders);
        this.read(expr.else, holders);
        return;
      case "length":
      case "head":
        this.read(expr.list, holders);
        return;
      case "next":
        this.read(expr.list, holders);
        this.read(expr.after, holders);
        return;
      case "contains":
        this.read(expr.list, holders);
        this.read(expr.value, holders);
        return;
      case "size":
        this.read(expr.set, holders);
        return;
      case "at":
        this.reads.push([pointsOfActor(expr.actor)]);
        if (expr.self !== undefined) this.read(expr.self, holders);
        return;
      case "bool":
      case "int":
      case "enum":
      case "id":
      case "none":
      case "var":
      case "bound":
        return;
      default:
        this.read(expr.left, holders);
        this.read(expr.right, holders);
    }
  }

  private readRange(range: Range, holders: Holders): void {
    if ("elements" in range) this.read(range.elements, holders);
  }

  private readMember(set: ExprData, member: ExprData, holders: Holders): void {
    const place = placeOf(set, holders);
    if (place === null) this.read(set, holders);
    else {
      this.reads.push(memberOf(place, member));
      this.readIndices(set, holders);
    }
    this.read(member, holders);
  }

  /** What decides which place is meant. */
  private readIndices(place: ExprData, holders: Holders): void {
    if (place.kind === "get") {
      this.read(place.index, holders);
      this.readIndices(place.array, holders);
    } else if (place.kind === "field") this.readIndices(place.record, holders);
  }

  private write(target: ExprData, holders: Holders, whole: boolean): void {
    this.readIndices(target, holders);
    const place = placeOf(target, holders);
    if (place === null)
      throw new Error("an expression that is not a place is written: the model was not checked");
    this.writes.push(place.path);
    if (whole && place.exact) this.kills.push(place.path);
  }

  effect(effect: Effect, holders: Holders, always: boolean): void {
    switch (effect.kind) {
      case "assign":
        this.read(effect.value, holders);
        this.write(effect.target, holders, always);
        return;
      case "clear":
        this.write(effect.list, holders, always);
        return;
      case "append":
      case "remove":
        this.read(effect.value, holders);
        this.change(effect.list, holders);
        return;
      case "pop":
        this.change(effect.list, holders);
        return;
      case "drop":
        this.change(effect.list, holders);
        this.read(
          effect.where,
          new Map(holders).set(effect.as, rangePlace({ elements: effect.list }, holders)),
        );
        return;
      case "splice":
        this.change(effect.from, holders);
        this.change(effect.to, holders);
        return;
      case "include":
      case "exclude": {
        this.read(effect.value, holders);
        this.readIndices(effect.set, holders);
        const set = placeOf(effect.set, holders);
        if (set === null)
          throw new Error("an expression that is not a place is written: the model was not checked");
        const member = memberOf(set, effect.value);
        this.writes.push(member);
        if (always && set.exact && member.length > set.path.length) this.kills.push(member);
        return;
      }
      case "when":
        this.read(effect.test, holders);
        for (const inner of [...effect.then, ...effect.else]) this.effect(inner, holders, false);
        return;
      case "each": {
        this.readRange(effect.in, holders);
        const inner = new Map(holders).set(effect.as, rangePlace(effect.in, holders));
        for (const turn of effect.do) this.effect(turn, inner, false);
        return;
      }
    }
  }

  private change(list: ExprData, holders: Holders): void {
    this.read(list, holders);
    this.write(list, holders, false);
  }
}

/** The place that an expression is, as far as it is fixed; null where it is a computed value. */
function placeOf(expr: ExprData, holders: Holders): { readonly path: Place; readonly exact: boolean } | null {
  switch (expr.kind) {
    case "var":
      return { path: [expr.name], exact: true };
    case "bound": {
      const holder = holders.get(expr.name);
      return holder === undefined || holder === null ? null : { path: holder, exact: false };
    }
    case "get": {
      const array = placeOf(expr.array, holders);
      if (array === null) return null;
      return array.exact && expr.index.kind === "id"
        ? { path: [...array.path, expr.index.value], exact: true }
        : { path: array.path, exact: false };
    }
    case "field": {
      const record = placeOf(expr.record, holders);
      if (record === null) return null;
      return record.exact ? { path: [...record.path, expr.field], exact: true } : record;
    }
    default:
      return null;
  }
}

function memberOf(
  { path, exact }: { readonly path: Place; readonly exact: boolean },
  member: ExprData,
): Place {
  return exact && member.kind === "id" ? [...path, member.value] : path;
}

/** The list that a range runs through; null for individuals. */
function rangePlace(range: Range, holders: Holders): Place | null {
  if ("of" in range) return null;
  return placeOf(range.elements, holders)?.path ?? null;
}
