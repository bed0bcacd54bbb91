/**
 * Why a formula is false of a run: what is so in some of its states, and refutes the formula whatever the others are.
 *
 * The negation is taken in normal form. For each part of it and each position of the run the number of steps is found after
 * which its truth shows; of several reasons the one that shows first is told.
 */
import type { ExprData, Formula, State, System } from "../../models/language/index.ts";
import { holdsIn, type InfiniteRun } from "../../models/language/index.ts";
import { type Normal, NormalForms } from "../property/normal-form.ts";
import type { Span } from "../result.ts";

/** A condition that is true in the states of the span. */
export interface Fact {
  readonly condition: ExprData;
  readonly span: Span;
}

export interface Evidence {
  /** After so many steps the formula is false whatever follows, the loop being gone through again; null where the whole run shows it. */
  readonly shownBy: number | null;
  /** In the order of time. */
  readonly facts: readonly Fact[];
}

/** The facts that refute the formula, which must be false of the run. */
export function evidenceAgainst(system: System, run: InfiniteRun, formula: Formula): Evidence {
  const ends = run.loopStart === run.steps.length;
  const states = ends ? run.states : run.states.slice(0, -1);
  const valuesOf = (expr: ExprData) => states.map((state: State) => holdsIn(system, state, expr));
  return evidence(formula, { length: states.length, loopStart: run.loopStart }, valuesOf);
}

/** A run by its positions: from the last one it goes on with `loopStart`. */
export interface Positions {
  readonly length: number;
  readonly loopStart: number;
}

/** {@link evidenceAgainst}, with the truth of conditions by position. */
export function evidence(
  formula: Formula,
  positions: Positions,
  valuesOf: (expr: ExprData) => readonly boolean[],
): Evidence {
  const forms = new NormalForms();
  const root = forms.of(formula, true);
  const delays = new Delays(forms, positions, valuesOf);
  const collector = new Collector(forms, positions, delays);
  collector.visit(root, 0, false);
  const shown = delays.of(root)[0] as number;
  const shownBy = shown === Number.POSITIVE_INFINITY ? null : shown;
  return { shownBy, facts: collector.facts(shownBy !== null) };
}

/** What is not true at a position shows never; so does false. */
const never = -1;
const whole = Number.POSITIVE_INFINITY;

/** By formula and position the number of steps after which its truth shows; `whole` where only the whole run does. */
class Delays {
  private readonly forms: NormalForms;
  private readonly positions: Positions;
  private readonly values: readonly (readonly boolean[])[];
  private readonly known = new Map<number, readonly number[]>();

  constructor(forms: NormalForms, positions: Positions, valuesOf: (expr: ExprData) => readonly boolean[]) {
    this.forms = forms;
    this.positions = positions;
    this.values = forms.atoms.map(valuesOf);
  }

  of(number: number): readonly number[] {
    const known = this.known.get(number);
    if (known !== undefined) return known;
    const normal = this.forms.at(number);
    const found = Array.from({ length: this.positions.length }, (_, i) => this.compute(normal, i));
    this.known.set(number, found);
    return found;
  }

  private compute(normal: Normal, i: number): number {
    switch (normal.op) {
      case "true":
        return 0;
      case "false":
        return never;
      case "is":
      case "isNot":
        return this.values[normal.atom]?.[i] === (normal.op === "is") ? 0 : never;
      case "and": {
        const [a, b] = [this.of(normal.a)[i] as number, this.of(normal.b)[i] as number];
        return a === never || b === never ? never : Math.max(a, b);
      }
      case "or": {
        const ways = [this.of(normal.a)[i] as number, this.of(normal.b)[i] as number];
        const open = ways.filter((way) => way !== never);
        return open.length === 0 ? never : Math.min(...open);
      }
      case "next": {
        const later = this.of(normal.a)[fold(this.positions, i + 1)] as number;
        return later === never ? never : later + 1;
      }
      case "until":
      case "release":
        return this.choose(normal.op, normal, i).delay;
    }
  }

  /** When the second formula of an until, or the first one of a release, comes true; `at` is null where it need not. */
  choose(
    op: "until" | "release",
    { a, b }: { readonly a: number; readonly b: number },
    i: number,
  ): { readonly delay: number; readonly at: number | null } {
    const [delaysA, delaysB] = [this.of(a), this.of(b)];
    let best: { readonly delay: number; readonly at: number | null } = { delay: never, at: null };
    let sofar = 0;
    for (let k = 0; k < ahead(this.positions, i); k++) {
      const position = fold(this.positions, i + k);
      const [delayA, delayB] = [delaysA[position] as number, delaysB[position] as number];
      const [goal, meanwhile] = op === "until" ? [delayB, delayA] : [delayA, delayB];
      // The second formula of a release is still true where the first one comes true.
      const isReached = goal !== never && (op === "until" || delayB !== never);
      if (isReached) {
        const delay = Math.max(sofar, k + goal, op === "until" ? 0 : k + delayB);
        if (best.delay === never || delay < best.delay) best = { delay, at: i + k };
      }
      if (meanwhile === never) return best;
      sofar = Math.max(sofar, k + meanwhile);
    }
    return op === "release" && (best.delay === never || best.delay === whole)
      ? { delay: whole, at: null }
      : best;
  }
}

/** The position in the run after so many steps. */
export function fold({ length, loopStart }: Positions, offset: number): number {
  return offset < length ? offset : loopStart + ((offset - loopStart) % (length - loopStart));
}

/** How many different positions there are from one on. */
function ahead({ length, loopStart }: Positions, i: number): number {
  return length - Math.min(i, loopStart);
}

/** Where a condition is true: once, or each time that the loop is gone through. */
interface Times {
  readonly once: Set<number>;
  readonly again: Set<number>;
}

class Collector {
  private readonly forms: NormalForms;
  private readonly positions: Positions;
  private readonly delays: Delays;
  private readonly visited = new Set<string>();
  /** What comes true again and again. */
  private readonly recurring = new Set<number>();
  private readonly found = new Map<number, Times>();

  constructor(forms: NormalForms, positions: Positions, delays: Delays) {
    this.forms = forms;
    this.positions = positions;
    this.delays = delays;
  }

  /** Notes what makes the formula true after so many steps; what the whole run shows is told of the first time round. */
  visit(number: number, offset: number, again: boolean): void {
    const i = fold(this.positions, offset);
    const delay = this.delays.of(number)[i] as number;
    const at = delay === whole || again ? i : offset;
    const key = `${number} ${at} ${again}`;
    if (this.visited.has(key)) return;
    this.visited.add(key);
    const normal = this.forms.at(number);
    switch (normal.op) {
      case "true":
      case "false":
        return;
      case "and":
        this.visit(normal.a, at, again);
        this.visit(normal.b, at, again);
        return;
      case "next":
        this.visit(normal.a, at + 1, again);
        return;
      case "until":
      case "release": {
        // What is so at some point of each round of the loop comes after every position.
        const isEventually = normal.op === "until" && normal.a === this.forms.yes;
        if (isEventually && this.recurring.has(number)) return;
        if (isEventually && again) this.recurring.add(number);
        const { at: end } = this.delays.choose(normal.op, normal, i);
        const [goal, meanwhile] = normal.op === "until" ? [normal.b, normal.a] : [normal.a, normal.b];
        const last = end === null ? ahead(this.positions, i) - 1 : end - i;
        // The last one first, so that a loop comes before the way to it.
        for (let k = last; k >= 0; k--) {
          if (k === last && end !== null && normal.op === "until") continue;
          const recurs = end === null && fold(this.positions, i + k) >= this.positions.loopStart;
          this.visit(meanwhile, at + k, again || recurs);
        }
        if (end !== null) this.visit(goal, at + last, again);
        return;
      }
      default:
        if (normal.op === "or" && !this.isOfOneState(number)) {
          const { a, b } = normal;
          const of = (part: number) => this.delays.of(part)[i] as number;
          const first = of(a) !== never && (of(b) === never || of(a) <= of(b));
          this.visit(first ? a : b, at, again);
          return;
        }
        this.note(number, at, again);
    }
  }

  private note(number: number, at: number, again: boolean): void {
    let times = this.found.get(number);
    if (times === undefined) {
      times = { once: new Set(), again: new Set() };
      this.found.set(number, times);
    }
    (again ? times.again : times.once).add(at);
  }

  private isOfOneState(number: number): boolean {
    const normal = this.forms.at(number);
    if (normal.op === "and" || normal.op === "or") {
      return this.isOfOneState(normal.a) && this.isOfOneState(normal.b);
    }
    return ["true", "false", "is", "isNot"].includes(normal.op);
  }

  private conditionOf(number: number): ExprData {
    const normal = this.forms.at(number);
    switch (normal.op) {
      case "is":
      case "isNot": {
        const atom = this.forms.atoms[normal.atom] as ExprData;
        return normal.op === "is" ? atom : { kind: "not", of: atom };
      }
      case "and":
      case "or":
        return { kind: normal.op, of: [this.conditionOf(normal.a), this.conditionOf(normal.b)] };
      default:
        return { kind: "bool", value: normal.op === "true" };
    }
  }

  /** @param isPrefix - true where positions count steps, the loop being gone through again */
  facts(isPrefix: boolean): readonly Fact[] {
    const all = [...this.found].flatMap(([number, times]) =>
      (isPrefix ? stretches([...times.once]) : this.spans(times)).map((span) => ({
        condition: this.conditionOf(number),
        span,
      })),
    );
    return all.sort((x, y) => x.span.from - y.span.from);
  }

  private spans({ once, again }: Times): readonly Span[] {
    const { length, loopStart } = this.positions;
    const single = new Set([...once].map((offset) => fold(this.positions, offset)));
    const isSo = (i: number) => single.has(i) || again.has(i);
    if (again.size === 0) return stretches([...single]);
    if (again.size < length - loopStart) {
      const from = Math.min(...again);
      return [...stretches([...single].filter((i) => !again.has(i))), { kind: "again", from, to: null }];
    }
    let from = loopStart;
    while (from > 0 && isSo(from - 1)) from--;
    return [...stretches([...single].filter((i) => i < from)), { kind: "forever", from, to: null }];
  }
}

/** Numbers as stretches without a gap. */
function stretches(numbers: readonly number[]): readonly Span[] {
  const spans: { kind: "once"; from: number; to: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && last.to + 1 === number) last.to = number;
    else spans.push({ kind: "once", from: number, to: number });
  }
  return spans;
}
