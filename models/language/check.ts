/**
 * The load-time check: everything TypeScript refuses in a typed model is refused here in a JSON model, with the path of
 * the offending node. A model without diagnostics can be evaluated, composed and lowered without further checks.
 */
import type { Effect } from "./effect.ts";
import { misfit } from "./evaluate.ts";
import type { ExprData } from "./expr.ts";
import type { Actor, Model, Property } from "./model.ts";
import { bind, elementSort, type Scope, sortOf } from "./scope.ts";
import { describeSort, type Sort } from "./sort.ts";

/** One thing wrong with a model. */
export interface Diagnostic {
  /** JSON pointer of the offending node: `/actors/0/config/states/idle/on/wake/0/guard/params/left`. */
  readonly path: string;
  /** One sentence: what is wrong and what was expected. */
  readonly message: string;
  /** For an unknown name: what was given and what is known, for a suggestion. */
  readonly unknown?: { readonly given: string; readonly known: readonly string[] };
}

type Report = (path: string, message: string, unknown?: Diagnostic["unknown"]) => void;

/** What an expression's surroundings accept; `points` allows program points (properties only). */
interface Ask {
  readonly scope: Scope;
  readonly report: Report;
  readonly actors: readonly Actor[];
  readonly points: boolean;
}

const boolean: Sort = { kind: "bool" };
const integer = { kind: "int", min: -(2 ** 31), max: 2 ** 31 - 1 } as const satisfies Sort;

/** All diagnostics of a model, in the order of the model; empty for a well-formed one. */
export function checkModel(model: Model): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const report: Report = (path, message, unknown) => {
    found.push({ path, message, ...(unknown === undefined ? {} : { unknown }) });
  };
  const scope: Scope = { identities: model.identities, variables: model.variables, bound: {} };
  for (const [name, size] of Object.entries(model.identities)) {
    if (!Number.isInteger(size) || size < 1 || size > 30) {
      report(
        `/identities/${pointerName(name)}`,
        `identity ${name} has ${size} individuals, but 1 to 30 are possible`,
      );
    }
  }
  for (const [name, variable] of Object.entries(model.variables)) {
    const path = `/variables/${pointerName(name)}`;
    const before = found.length;
    checkSort(variable.sort, `${path}/sort`, scope, report);
    if (found.length > before) continue;
    const wrong = misfit(variable.initial, variable.sort, model.identities);
    if (wrong !== null) {
      report(`${path}/initial`, `${name} cannot start as ${wrong}: it is ${describeSort(variable.sort)}`);
    }
  }
  if (found.length > 0) return found;
  unique(model.actors, "/actors", "actor", (a) => a.name, report);
  model.actors.forEach((actor, i) => {
    checkActor(actor, `/actors/${i}`, { scope, report, actors: model.actors, points: false });
  });
  unique(model.properties, "/properties", "property", (p) => p.id, report);
  model.properties.forEach((property, i) => {
    checkProperty(property, `/properties/${i}`, { scope, report, actors: model.actors, points: true });
  });
  return found;
}

function unique<T>(
  of: readonly T[],
  path: string,
  what: string,
  key: (t: T) => string,
  report: Report,
): void {
  const seen = new Set<string>();
  of.forEach((t, i) => {
    if (seen.has(key(t))) report(`${path}/${i}`, `there are two of the ${what} ${key(t)}`);
    seen.add(key(t));
  });
}

function checkSort(sort: Sort, path: string, scope: Scope, report: Report): void {
  const identity = (name: string, at: string) => {
    if (scope.identities[name] === undefined) {
      report(`${path}/${at}`, `unknown identity ${name}`, {
        given: name,
        known: Object.keys(scope.identities),
      });
    }
  };
  switch (sort.kind) {
    case "bool":
      return;
    case "int":
      if (!Number.isInteger(sort.min) || !Number.isInteger(sort.max) || sort.min > sort.max) {
        report(path, `int ${sort.min}..${sort.max} is not a range of integers`);
      } else if (sort.min < integer.min || sort.max > integer.max || sort.max - sort.min >= 2 ** 31) {
        report(path, `int ${sort.min}..${sort.max} is wider than 31 bits`);
      }
      return;
    case "enum":
      if (sort.values.length === 0) report(path, "an enumeration has no values");
      if (new Set(sort.values).size < sort.values.length) report(path, "an enumeration has a value twice");
      return;
    case "id":
    case "set":
      identity(sort.of, "of");
      return;
    case "array":
      identity(sort.index, "index");
      checkSort(sort.of, `${path}/of`, scope, report);
      return;
    case "list":
      if (!Number.isInteger(sort.capacity) || sort.capacity < 1 || sort.capacity > 30) {
        report(`${path}/capacity`, `a list has capacity ${sort.capacity}, but 1 to 30 are possible`);
      }
      if (!isScalar(sort.of))
        report(
          `${path}/of`,
          `the elements of a list are ${describeSort(sort.of)}, not scalars or records of scalars`,
        );
      checkSort(sort.of, `${path}/of`, scope, report);
      return;
    case "record":
      for (const [name, field] of Object.entries(sort.fields)) {
        if (!["bool", "int", "enum", "id", "set"].includes(field.kind)) {
          report(
            `${path}/fields/${pointerName(name)}`,
            `field ${name} is ${describeSort(field)}, not a scalar`,
          );
        }
        checkSort(field, `${path}/fields/${pointerName(name)}`, scope, report);
      }
      return;
  }
}

function isScalar(sort: Sort): boolean {
  return sort.kind !== "list" && sort.kind !== "array";
}

function checkActor(actor: Actor, path: string, ask: Ask): void {
  const { report } = ask;
  const states = actor.config.states;
  const known = Object.keys(states);
  let scope = ask.scope;
  if (actor.forEach !== undefined) {
    if (scope.identities[actor.forEach] === undefined) {
      report(`${path}/forEach`, `unknown identity ${actor.forEach}`, {
        given: actor.forEach,
        known: Object.keys(scope.identities),
      });
    }
    scope = bind(scope, "self", { kind: "id", of: actor.forEach, nullable: false });
  }
  if (states[actor.config.initial] === undefined) {
    const given = actor.config.initial;
    report(
      `${path}/config/initial`,
      `actor ${actor.name} starts at ${given}, which is not one of its program points`,
      { given, known },
    );
  }
  for (const [point, data] of Object.entries(states)) {
    const at = `${path}/config/states/${pointerName(point)}`;
    if (point.includes(".")) report(at, `program point ${point} has a dot in its name`);
    if (data.type === "final" && Object.keys(data.on ?? {}).length > 0)
      report(at, `final point ${point} has steps`);
    for (const [name, alternatives] of Object.entries(data.on ?? {})) {
      alternatives.forEach((t, k) => {
        const here = `${at}/on/${pointerName(name)}/${k}`;
        if (t.target !== undefined && states[t.target] === undefined) {
          report(
            `${here}/target`,
            `step ${name} goes to ${t.target}, which is not a program point of ${actor.name}`,
            {
              given: t.target,
              known,
            },
          );
        }
        let inner = scope;
        for (const [as, of] of Object.entries(t.meta?.choose ?? {})) {
          if (scope.identities[of] === undefined) {
            report(`${here}/meta/choose/${pointerName(as)}`, `unknown identity ${of}`, {
              given: of,
              known: Object.keys(scope.identities),
            });
          }
          inner = bind(inner, as, { kind: "id", of, nullable: false });
        }
        if (JSON.stringify(t.meta?.choose) !== JSON.stringify(alternatives[0]?.meta?.choose)) {
          report(`${here}/meta/choose`, `the alternatives of ${name} choose different individuals`);
        }
        const asked: Ask = { ...ask, scope: inner };
        if (t.guard !== undefined) checkExpr(t.guard.params, boolean, `${here}/guard/params`, asked);
        (t.actions ?? []).forEach((a, i) => {
          checkEffects(a.params, `${here}/actions/${i}/params`, asked);
        });
        for (const [arg, expr] of Object.entries(t.meta?.emits?.args ?? {})) {
          checkExpr(expr, null, `${here}/meta/emits/args/${pointerName(arg)}`, asked);
        }
      });
    }
  }
}

function checkProperty(property: Property, path: string, ask: Ask): void {
  const bool = (expr: ExprData, name: string) => {
    checkExpr(expr, boolean, `${path}/${name}`, ask);
  };
  switch (property.kind) {
    case "invariant":
      bool(property.holds, "holds");
      if (property.premise !== undefined) bool(property.premise, "premise");
      return;
    case "assertion":
      property.on.forEach((on, i) => {
        checkAssertedSteps(property, on, `${path}/on/${i}`, ask);
      });
      return;
    case "leadsTo":
      bool(property.from, "from");
      bool(property.to, "to");
      return;
    case "reachable":
      bool(property.goal, "goal");
      return;
    case "deadlock":
      bool(property.final, "final");
      return;
  }
}

/** An assertion is checked in the scope of every step it names: `self` and choices are bound as there. */
function checkAssertedSteps(
  property: Property & { readonly kind: "assertion" },
  on: { readonly actor: string; readonly steps: readonly string[] },
  path: string,
  ask: Ask,
): void {
  const actor = ask.actors.find((a) => a.name === on.actor);
  if (actor === undefined) {
    const known = ask.actors.map((a) => a.name);
    ask.report(`${path}/actor`, `unknown actor ${on.actor}`, { given: on.actor, known });
    return;
  }
  const transitions = Object.values(actor.config.states).flatMap((s) => Object.entries(s.on ?? {}));
  on.steps.forEach((name, k) => {
    const found = transitions.find(([step]) => step === name);
    if (found === undefined) {
      const known = [...new Set(transitions.map(([step]) => step))];
      ask.report(`${path}/steps/${k}`, `actor ${actor.name} has no step ${name}`, { given: name, known });
      return;
    }
    let scope = ask.scope;
    if (actor.forEach !== undefined)
      scope = bind(scope, "self", { kind: "id", of: actor.forEach, nullable: false });
    for (const [as, of] of Object.entries(found[1][0]?.meta?.choose ?? {})) {
      scope = bind(scope, as, { kind: "id", of, nullable: false });
    }
    const holds = path.replace(/\/on\/\d+$/, "");
    checkExpr(property.holds, boolean, `${holds}/holds`, { ...ask, scope });
    if (property.premise !== undefined)
      checkExpr(property.premise, boolean, `${holds}/premise`, { ...ask, scope });
  });
}

/** Checks an expression and that its sort suits `wanted` (null: any). Returns its sort; null where it has none. */
function checkExpr(expr: ExprData, wanted: Sort | null, path: string, ask: Ask): Sort | null {
  const before = ask.report;
  let bad = false;
  const report: Report = (p, m, u) => {
    bad = true;
    before(p, m, u);
  };
  checkInside(expr, wanted, path, { ...ask, report });
  if (bad) return null;
  const sort = sortOf(expr, ask.scope, wanted ?? undefined);
  if (wanted !== null && !suits(sort, wanted)) {
    before(path, `${describeSort(sort)} stands where ${describeSort(wanted)} is needed`);
    return null;
  }
  return sort;
}

function checkInside(expr: ExprData, wanted: Sort | null, path: string, ask: Ask): void {
  const { scope, report } = ask;
  const go = (e: ExprData, want: Sort | null, at: string, inner = ask) =>
    checkExpr(e, want, `${path}/${at}`, inner);
  const unknown = (what: string, given: string, known: readonly string[]) =>
    report(path, `unknown ${what} ${given}`, { given, known });
  const kindOf = (e: ExprData, kind: Sort["kind"], at: string): Sort | null => {
    const sort = go(e, null, at);
    if (sort === null || sort.kind === kind) return sort;
    report(`${path}/${at}`, `${describeSort(sort)} stands where a ${kind} is needed`);
    return null;
  };
  switch (expr.kind) {
    case "bool":
      if (typeof expr.value !== "boolean")
        report(path, `${String((expr as { readonly value: unknown }).value)} is not a boolean`);
      return;
    case "int":
      if (!Number.isSafeInteger(expr.value)) report(path, `${String(expr.value)} is not an integer`);
      return;
    case "enum":
      if (wanted?.kind !== "enum")
        report(path, `the value "${expr.value}" stands where no enumeration is needed`);
      else if (!wanted.values.includes(expr.value)) unknown("value", expr.value, wanted.values);
      return;
    case "none":
      if (wanted?.kind !== "id") report(path, "none stands where no individual is needed");
      return;
    case "id": {
      const size = scope.identities[expr.of];
      if (size === undefined) unknown("identity", expr.of, Object.keys(scope.identities));
      else if (!Number.isInteger(expr.value) || expr.value < 0 || expr.value >= size)
        report(path, `there is no ${expr.of}${expr.value}`);
      return;
    }
    case "var":
      if (scope.variables[expr.name] === undefined)
        unknown("variable", expr.name, Object.keys(scope.variables));
      return;
    case "bound":
      if (scope.bound[expr.name] === undefined) unknown("bound name", expr.name, Object.keys(scope.bound));
      return;
    case "get": {
      const array = kindOf(expr.array, "array", "array");
      go(
        expr.index,
        array?.kind === "array" ? { kind: "id", of: array.index, nullable: true } : null,
        "index",
      );
      return;
    }
    case "field": {
      const record = kindOf(expr.record, "record", "record");
      if (record?.kind === "record" && record.fields[expr.field] === undefined)
        unknown("field", expr.field, Object.keys(record.fields));
      return;
    }
    case "record": {
      const fields = wanted?.kind === "record" ? wanted.fields : null;
      for (const [name, value] of Object.entries(expr.fields)) {
        if (fields !== null && fields[name] === undefined) unknown("field", name, Object.keys(fields));
        else {
          const field = fields?.[name];
          go(value, field === undefined ? null : loosened(field), `fields/${pointerName(name)}`);
        }
      }
      for (const name of Object.keys(fields ?? {})) {
        if (expr.fields[name] === undefined) report(path, `field ${name} is missing`);
      }
      return;
    }
    case "not":
      go(expr.of, boolean, "of");
      return;
    case "and":
    case "or":
      expr.of.forEach((e, i) => {
        go(e, boolean, `of/${i}`);
      });
      return;
    case "eq":
    case "ne": {
      const literal = expr.left.kind === "enum" || expr.left.kind === "none" || expr.left.kind === "record";
      const first = go(literal ? expr.right : expr.left, null, literal ? "right" : "left");
      if (first !== null) go(literal ? expr.left : expr.right, loosened(first), literal ? "left" : "right");
      return;
    }
    case "if": {
      go(expr.test, boolean, "test");
      const yes = go(expr.then, wanted, "then");
      go(expr.else, wanted ?? (yes === null ? null : loosened(yes)), "else");
      return;
    }
    case "exists":
    case "forall":
    case "count": {
      const inner = checkRange(expr.in, expr.as, `${path}/in`, ask);
      if (inner !== null) go(expr.where, boolean, "where", inner);
      return;
    }
    case "length":
    case "head":
      kindOf(expr.list, "list", "list");
      return;
    case "next":
    case "contains": {
      const list = kindOf(expr.list, "list", "list");
      const [e, at] = expr.kind === "next" ? [expr.after, "after"] : [expr.value, "value"];
      if (list?.kind === "list") go(e, loosened(list.of), at);
      return;
    }
    case "includes": {
      const set = kindOf(expr.set, "set", "set");
      if (set?.kind === "set") go(expr.value, { kind: "id", of: set.of, nullable: true }, "value");
      return;
    }
    case "size":
      kindOf(expr.set, "set", "set");
      return;
    case "at":
      checkAt(expr, path, ask);
      return;
    default:
      go(expr.left, integer, "left");
      go(expr.right, integer, "right");
  }
}

function checkAt(expr: ExprData & { readonly kind: "at" }, path: string, ask: Ask): void {
  if (!ask.points) {
    ask.report(path, "a program point is read outside a property");
    return;
  }
  const actor = ask.actors.find((a) => a.name === expr.actor);
  if (actor === undefined) {
    const known = ask.actors.map((a) => a.name);
    ask.report(`${path}/actor`, `unknown actor ${expr.actor}`, { given: expr.actor, known });
    return;
  }
  const known = Object.keys(actor.config.states);
  expr.points.forEach((given, i) => {
    if (!known.includes(given)) {
      ask.report(`${path}/points/${i}`, `actor ${actor.name} has no program point ${given}`, {
        given,
        known,
      });
    }
  });
  if (actor.forEach === undefined) {
    if (expr.self !== undefined)
      ask.report(`${path}/self`, `actor ${actor.name} has one instance, so no individual can be named`);
  } else if (expr.self === undefined) {
    ask.report(path, `actor ${actor.name} has an instance for each ${actor.forEach}: one must be named`);
  } else {
    checkExpr(expr.self, { kind: "id", of: actor.forEach, nullable: false }, `${path}/self`, ask);
  }
}

/** Checks what a quantifier or loop ranges over; the result has its name bound. */
function checkRange(
  range: { readonly of: string } | { readonly elements: ExprData },
  as: string,
  path: string,
  ask: Ask,
): Ask | null {
  if ("of" in range) {
    if (ask.scope.identities[range.of] === undefined) {
      ask.report(`${path}/of`, `unknown identity ${range.of}`, {
        given: range.of,
        known: Object.keys(ask.scope.identities),
      });
      return null;
    }
  } else {
    const whole = checkExpr(range.elements, null, `${path}/elements`, ask);
    if (whole === null) return null;
    if (whole.kind !== "list" && whole.kind !== "set") {
      ask.report(`${path}/elements`, `${describeSort(whole)} has no elements`);
      return null;
    }
  }
  return { ...ask, scope: bind(ask.scope, as, elementSort(range, ask.scope)) };
}

function checkEffects(effects: readonly Effect[], path: string, ask: Ask): void {
  effects.forEach((effect, i) => {
    checkEffect(effect, `${path}/${i}`, ask);
  });
}

function checkEffect(effect: Effect, path: string, ask: Ask): void {
  const place = (e: ExprData, at: string, kind?: Sort["kind"]): Sort | null => {
    if (!isPlace(e, ask.scope)) {
      ask.report(`${path}/${at}`, "this is written, but it is not a variable or a part of one");
      return null;
    }
    const sort = checkExpr(e, null, `${path}/${at}`, ask);
    if (sort === null || kind === undefined || sort.kind === kind) return sort;
    ask.report(`${path}/${at}`, `${describeSort(sort)} stands where a ${kind} is needed`);
    return null;
  };
  switch (effect.kind) {
    case "assign": {
      const sort = place(effect.target, "target");
      if (sort !== null) checkExpr(effect.value, loosened(sort), `${path}/value`, ask);
      return;
    }
    case "append":
    case "remove": {
      const list = place(effect.list, "list", "list");
      if (list?.kind === "list") checkExpr(effect.value, loosened(list.of), `${path}/value`, ask);
      return;
    }
    case "pop":
    case "clear":
      place(effect.list, "list", "list");
      return;
    case "drop": {
      place(effect.list, "list", "list");
      const inner = checkRange({ elements: effect.list }, effect.as, `${path}/list`, ask);
      if (inner !== null) checkExpr(effect.where, boolean, `${path}/where`, inner);
      return;
    }
    case "splice": {
      const from = place(effect.from, "from", "list");
      const to = place(effect.to, "to", "list");
      if (from?.kind === "list" && to?.kind === "list" && JSON.stringify(from.of) !== JSON.stringify(to.of)) {
        ask.report(path, `a ${describeSort(from)} is spliced to a ${describeSort(to)}`);
      }
      return;
    }
    case "include":
    case "exclude": {
      const set = place(effect.set, "set", "set");
      if (set?.kind === "set")
        checkExpr(effect.value, { kind: "id", of: set.of, nullable: true }, `${path}/value`, ask);
      return;
    }
    case "when":
      checkExpr(effect.test, boolean, `${path}/test`, ask);
      checkEffects(effect.then, `${path}/then`, ask);
      checkEffects(effect.else, `${path}/else`, ask);
      return;
    case "each": {
      const inner = checkRange(effect.in, effect.as, `${path}/in`, ask);
      if (inner !== null) checkEffects(effect.do, `${path}/do`, inner);
      return;
    }
  }
}

/** A variable, or a part of one; a bound name where it names a list element (individuals cannot be written). */
function isPlace(e: ExprData, scope: Scope): boolean {
  switch (e.kind) {
    case "var":
      return true;
    case "get":
      return isPlace(e.array, scope);
    case "field":
      return isPlace(e.record, scope);
    case "bound":
      return scope.bound[e.name]?.kind !== "id" || scope.bound[e.name] === undefined;
    default:
      return false;
  }
}

/** The sort that a compared or assigned value may have: the range of integers and none are judged when running. */
function loosened(sort: Sort): Sort {
  if (sort.kind === "int") return integer;
  if (sort.kind === "id") return { ...sort, nullable: true };
  return sort;
}

/** True where a value of sort `given` may stand where `wanted` is needed. */
function suits(given: Sort, wanted: Sort): boolean {
  if (given.kind !== wanted.kind) return false;
  switch (given.kind) {
    case "enum":
      return (
        wanted.kind === "enum" &&
        given.values.length === wanted.values.length &&
        given.values.every((v, i) => v === wanted.values[i])
      );
    case "id":
      return (
        wanted.kind === "id" &&
        (given.of === wanted.of || given.of === "") &&
        (wanted.nullable || !given.nullable)
      );
    case "set":
      return wanted.kind === "set" && given.of === wanted.of;
    case "list":
    case "array":
    case "record":
      // Composites are copied whole, so they must agree in every range and in the order of their fields.
      return JSON.stringify(given) === JSON.stringify(wanted);
    default:
      return true;
  }
}

/** Escapes a name for a JSON pointer. */
function pointerName(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
