/**
 * Formulas in TLA+, which has always and eventually, and no other operators on runs. `until`, `weakUntil` and `release` are
 * rewritten where that says the same. A formula without `next` does not notice steps that change nothing, so that TLA+
 * allows them everywhere makes no difference.
 */
import type { ExprData, Formula } from "../../../models/language/index.ts";

/** A formula in which only conditions are negated. */
type Said =
  | { readonly op: "is"; readonly text: string }
  | { readonly op: "always" | "eventually"; readonly of: Said }
  | { readonly op: "and" | "or"; readonly of: readonly Said[] }
  | { readonly op: "until" | "weak"; readonly left: Said; readonly right: Said };

const yes: Said = { op: "and", of: [] };
const no: Said = { op: "or", of: [] };

/**
 * The text of a formula; null where TLA+ has none.
 * @param condition - the text of a condition, in brackets where it needs them
 */
export function temporalText(formula: Formula, condition: (expr: ExprData) => string): string | null {
  const said = normal(formula, false, condition);
  return said === null ? null : textOf(said);
}

function normal(formula: Formula, negated: boolean, condition: (expr: ExprData) => string): Said | null {
  const go = (f: Formula, not = negated) => normal(f, not, condition);
  switch (formula.kind) {
    case "state": {
      const { holds } = formula;
      if (holds.kind === "bool") return holds.value === negated ? no : yes;
      return { op: "is", text: negated ? `~${condition(holds)}` : condition(holds) };
    }
    case "not":
      return go(formula.of, !negated);
    case "next":
      return null;
    case "always":
    case "eventually": {
      const of = go(formula.of);
      if (of === null) return null;
      return (formula.kind === "always") !== negated ? always(of) : eventually(of);
    }
    case "and":
    case "or":
      return joined(
        (formula.kind === "and") !== negated ? "and" : "or",
        formula.of.map((f) => go(f)),
      );
    case "implies":
      return joined(negated ? "and" : "or", [go(formula.left, !negated), go(formula.right)]);
    default: {
      const [left, right] = [go(formula.left), go(formula.right)];
      if (left === null || right === null) return null;
      const both: Said = { op: "and", of: [left, right] };
      // a R b is b W (a and b); not (a U b) is (not b) W (not a and not b); not (a R b) is (not a) U (not b).
      if (formula.kind === "release") return negated ? until(left, right) : weak(right, both);
      if (!negated) return formula.kind === "until" ? until(left, right) : weak(left, right);
      return formula.kind === "until" ? weak(right, both) : until(right, both);
    }
  }
}

function joined(op: "and" | "or", parts: readonly (Said | null)[]): Said | null {
  const of: Said[] = [];
  for (const part of parts) {
    if (part === null) return null;
    of.push(part);
  }
  return { op, of };
}

function isEmpty(said: Said, op: "and" | "or"): boolean {
  return said.op === op && said.of.every((part) => isEmpty(part, op));
}

function until(left: Said, right: Said): Said {
  if (isEmpty(left, "and")) return eventually(right);
  return isEmpty(left, "or") ? right : { op: "until", left, right };
}

function weak(left: Said, right: Said): Said {
  return isEmpty(right, "or") ? always(left) : { op: "weak", left, right };
}

/** Always (a U b): always a or b, and b again and again. Always (a W b): always a or b. */
function always(of: Said): Said {
  if (of.op === "and") return { op: "and", of: of.of.map(always) };
  if (of.op !== "until" && of.op !== "weak") return { op: "always", of };
  const either = always({ op: "or", of: [of.left, of.right] });
  return of.op === "weak" ? either : { op: "and", of: [either, always(eventually(of.right))] };
}

/** Eventually (a U b): eventually b. Eventually (a W b): eventually b, or a for ever. */
function eventually(of: Said): Said {
  if (of.op === "or") return { op: "or", of: of.of.map(eventually) };
  if (of.op === "until") return eventually(of.right);
  if (of.op === "weak") return { op: "or", of: [eventually(of.right), eventually(always(of.left))] };
  return { op: "eventually", of };
}

function textOf(said: Said): string | null {
  switch (said.op) {
    case "is":
      return said.text;
    case "always":
    case "eventually": {
      const of = textOf(said.of);
      return of === null ? null : `(${said.op === "always" ? "[]" : "<>"}${of})`;
    }
    case "and":
    case "or": {
      if (said.of.length === 0) return said.op === "and" ? "TRUE" : "FALSE";
      const parts = said.of.map(textOf);
      if (parts.includes(null)) return null;
      return parts.length === 1 ? parts.join("") : `(${parts.join(said.op === "and" ? " /\\ " : " \\/ ")})`;
    }
    default:
      return null;
  }
}
