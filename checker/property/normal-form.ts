/** Formulas in negation normal form, each different one numbered once. */
import type { ExprData, Formula } from "../../models/language/index.ts";

/** A formula in which only conditions are negated; `a` and `b` are numbers of formulas. */
export type Normal =
  | { readonly op: "true" | "false" }
  | { readonly op: "is" | "isNot"; readonly atom: number }
  | { readonly op: "and" | "or" | "until" | "release"; readonly a: number; readonly b: number }
  | { readonly op: "next"; readonly a: number };

/** A table of formulas and of the conditions in them. */
export class NormalForms {
  readonly atoms: ExprData[] = [];
  private readonly table: Normal[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly atomNumbers = new Map<string, number>();
  readonly yes = this.number({ op: "true" });
  readonly no = this.number({ op: "false" });

  at(number: number): Normal {
    return this.table[number] as Normal;
  }

  /** The number of the normal form of a formula, or of its negation. */
  of(formula: Formula, negated: boolean): number {
    const go = (f: Formula, not: boolean = negated) => this.of(f, not);
    switch (formula.kind) {
      case "state":
        return this.atom(formula.holds, negated);
      case "not":
        return go(formula.of, !negated);
      case "and":
      case "or": {
        const join = (formula.kind === "and") !== negated ? "and" : "or";
        const parts = formula.of.map((part) => go(part));
        const neutral = join === "and" ? this.yes : this.no;
        return parts.reduceRight((rest, part) => this.join(join, part, rest), neutral);
      }
      case "implies":
        return this.join(negated ? "and" : "or", go(formula.left, !negated), go(formula.right));
      case "next": {
        const a = go(formula.of);
        return a === this.yes || a === this.no ? a : this.number({ op: "next", a });
      }
      case "eventually":
      case "always":
        return (formula.kind === "eventually") !== negated
          ? this.until(this.yes, go(formula.of))
          : this.release(this.no, go(formula.of));
      case "until":
        return this.dual(!negated, go(formula.left), go(formula.right));
      case "release":
        return this.dual(negated, go(formula.left), go(formula.right));
      case "weakUntil": {
        // a W b is b R (a or b), so its negation is (not b) U (not a and not b).
        const [left, right] = [go(formula.left), go(formula.right)];
        return this.dual(negated, right, this.join(negated ? "and" : "or", left, right));
      }
    }
  }

  private dual(isUntil: boolean, a: number, b: number): number {
    return isUntil ? this.until(a, b) : this.release(a, b);
  }

  private until(a: number, b: number): number {
    if (b === this.yes || b === this.no || a === this.no) return b;
    const inner = this.at(b);
    // Eventually eventually b is eventually b; so is a until eventually b.
    if (inner.op === "until" && inner.a === this.yes) return b;
    return this.number({ op: "until", a, b });
  }

  private release(a: number, b: number): number {
    if (b === this.yes || b === this.no || a === this.yes) return b;
    const inner = this.at(b);
    if (inner.op === "release" && inner.a === this.no) return b;
    return this.number({ op: "release", a, b });
  }

  private join(op: "and" | "or", a: number, b: number): number {
    const [neutral, absorbing] = op === "and" ? [this.yes, this.no] : [this.no, this.yes];
    if (a === absorbing || b === absorbing) return absorbing;
    if (a === neutral || a === b) return b;
    if (b === neutral) return a;
    return this.number({ op, a, b });
  }

  private atom(holds: ExprData, negated: boolean): number {
    if (holds.kind === "bool") return holds.value !== negated ? this.yes : this.no;
    const key = JSON.stringify(holds);
    const known = this.atomNumbers.get(key);
    const atom = known ?? this.atoms.push(holds) - 1;
    if (known === undefined) this.atomNumbers.set(key, atom);
    return this.number({ op: negated ? "isNot" : "is", atom });
  }

  private number(normal: Normal): number {
    const key = JSON.stringify(normal);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.table.length);
    return this.table.push(normal) - 1;
  }
}
