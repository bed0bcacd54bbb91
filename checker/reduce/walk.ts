/** Every expression inside a step or property, for questions about what a model can tell apart. */
import type { Effect, ExprData, Formula, Property, Range } from "../../models/language/index.ts";

/** The expressions directly inside an expression. */
export function partsOfExpr(expr: ExprData): readonly ExprData[] {
  const inRange = (range: Range) => ("elements" in range ? [range.elements] : []);
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
    case "id":
    case "none":
    case "var":
    case "bound":
      return [];
    case "get":
      return [expr.array, expr.index];
    case "field":
      return [expr.record];
    case "record":
      return Object.values(expr.fields);
    case "not":
      return [expr.of];
    case "and":
    case "or":
      return expr.of;
    case "if":
      return [expr.test, expr.then, expr.else];
    case "exists":
    case "forall":
    case "count":
      return [...inRange(expr.in), expr.where];
    case "length":
    case "head":
      return [expr.list];
    case "next":
      return [expr.list, expr.after];
    case "contains":
      return [expr.list, expr.value];
    case "includes":
      return [expr.set, expr.value];
    case "size":
      return [expr.set];
    case "at":
      return expr.self === undefined ? [] : [expr.self];
    default:
      return [expr.left, expr.right];
  }
}

/** The expressions directly inside an effect, and the effects in it. */
export function partsOfEffect(effect: Effect): {
  readonly exprs: readonly ExprData[];
  readonly effects: readonly Effect[];
} {
  switch (effect.kind) {
    case "assign":
      return { exprs: [effect.target, effect.value], effects: [] };
    case "append":
    case "remove":
      return { exprs: [effect.list, effect.value], effects: [] };
    case "pop":
    case "clear":
      return { exprs: [effect.list], effects: [] };
    case "drop":
      return { exprs: [effect.list, effect.where], effects: [] };
    case "splice":
      return { exprs: [effect.from, effect.to], effects: [] };
    case "include":
    case "exclude":
      return { exprs: [effect.set, effect.value], effects: [] };
    case "when":
      return { exprs: [effect.test], effects: [...effect.then, ...effect.else] };
    case "each":
      return { exprs: "elements" in effect.in ? [effect.in.elements] : [], effects: effect.do };
  }
}

/** The conditions of a property; those of an assertion are read where its steps are taken, the others in every state. */
export function conditionsOf(property: Property): readonly ExprData[] {
  switch (property.kind) {
    case "invariant":
    case "assertion":
      return [property.holds, ...(property.premise === undefined ? [] : [property.premise])];
    case "leadsTo":
      return [property.from, property.to];
    case "ltl":
      return atomsOf(property.formula);
    case "alwaysPossible":
      return [property.goal, ...(property.from === undefined ? [] : [property.from])];
    case "reachable":
      return [property.goal];
    case "deadlock":
      return [property.final];
  }
}

function atomsOf(formula: Formula): readonly ExprData[] {
  switch (formula.kind) {
    case "state":
      return [formula.holds];
    case "and":
    case "or":
      return formula.of.flatMap(atomsOf);
    case "not":
    case "next":
    case "eventually":
    case "always":
      return atomsOf(formula.of);
    default:
      return [...atomsOf(formula.left), ...atomsOf(formula.right)];
  }
}
