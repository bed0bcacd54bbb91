/**
 * Effects as Promela statements inside a `d_step`. A write outside its sort sets `broken` and is left out; what follows
 * still works on values of their sorts, and the end of the step throws all of it away.
 */
import type { Effect, Sort } from "../../../models/language/index.ts";
import { and, atom, type Code, constant, infix, no, not } from "./code.ts";
import { bindValue, condition, translate, valuesOf } from "./expression.ts";
import { append, clear, drop, type ListPlace, splice, unlink } from "./list-effect.ts";
import { bit, codeOf, isNone, listOf, memberOf, positionIn } from "./operation.ts";
import { type Place, placeOf, settled, store, type WriteEnvironment } from "./place.ts";
import { type Statement, when } from "./statement.ts";
import { columnAt, indices, inside, type Symbolic, valueAt } from "./value.ts";

export function effectStatements(effects: readonly Effect[], env: WriteEnvironment): readonly Statement[] {
  return effects.flatMap((effect) => one(effect, env));
}

function one(effect: Effect, env: WriteEnvironment): readonly Statement[] {
  const code = (expr: Parameters<typeof translate>[0], sort?: Sort) => codeOf(translate(expr, env, sort));
  switch (effect.kind) {
    case "assign": {
      const place = placeOf(effect.target, env);
      const value = translate(effect.value, env, place.shape.sort);
      const [target, before] = place.shape.kind === "scalar" ? [place, []] : settled(place, env);
      const fitting = and([not(place.none), fits(value, place.shape.sort, env)]);
      return checked(fitting, [...before, ...store(target, value, env)], env);
    }
    case "append": {
      const [list, before] = settledList(effect.list, env);
      const { sort } = list.shape;
      const value = translate(effect.value, env, sort.of);
      const room = infix("<", list.length, constant(sort.capacity));
      const fitting = and([not(list.none), room, fits(value, sort.of, env)]);
      return [...before, ...checked(fitting, append(list, value, env), env)];
    }
    case "pop": {
      const [list, before] = settledList(effect.list, env);
      const first = infix(">", list.length, constant(0));
      return [...before, ...checked(not(list.none), when(first, unlink(list, constant(0), env)), env)];
    }
    case "remove": {
      const [list, before] = settledList(effect.list, env);
      const { capacity, of } = list.shape.sort;
      const position = positionIn(listOf(valueAt(list.shape, list.offset)), translate(effect.value, env, of));
      const at = env.notes.scratch();
      const there = infix("<", at, constant(capacity));
      const body = [`${at.text} = ${position.text}`, ...when(there, unlink(list, at, env))];
      return [...before, ...checked(not(list.none), body, env)];
    }
    case "drop": {
      const [list, before] = settledList(effect.list, env);
      const gone = valuesOf({ elements: effect.list }, env).map(([there, value]) =>
        and([there, condition(effect.where, bindValue(env, effect.as, value))]),
      );
      return [...before, ...checked(not(list.none), drop(list, gone, env), env)];
    }
    case "clear": {
      const [list, before] = settledList(effect.list, env);
      return [...before, ...checked(not(list.none), clear(list), env)];
    }
    case "splice": {
      const [to, beforeTo] = settledList(effect.to, env);
      const [from, beforeFrom] = settledList(effect.from, env);
      const sum = infix("+", to.length, from.length);
      const room = infix("<=", sum, constant(to.shape.sort.capacity));
      const fitting = and([not(to.none), not(from.none), room]);
      return [...beforeTo, ...beforeFrom, ...checked(fitting, splice(from, to, env), env)];
    }
    case "include":
    case "exclude": {
      const place = placeOf(effect.set, env);
      const set = valueAt(place.shape, place.offset);
      const of = memberOf(set);
      const member = translate(effect.value, env, { kind: "id", of, nullable: true });
      const mask = infix("<<", constant(1), codeOf(member));
      const changed =
        effect.kind === "include"
          ? infix("|", codeOf(set), mask)
          : infix("&", codeOf(set), atom(mask.value === null ? `~(${mask.text})` : `~${mask.text}`));
      const missing = effect.kind === "include" ? isNone(member, env.constants) : no;
      return checked(and([not(place.none), not(missing)]), [`${target(place)} = ${changed.text}`], env);
    }
    case "when":
      return when(code(effect.test), effectStatements(effect.then, env), effectStatements(effect.else, env));
    case "each":
      return loop(effect, env);
  }
}

function target({ shape, offset }: Place): string {
  if (shape.kind !== "scalar") throw new Error("a scalar was expected: the model was not checked");
  return columnAt(shape, offset);
}

/** The statements where the write is possible; else the step is an error of the model. */
function checked(
  fitting: Code,
  statements: readonly Statement[],
  env: WriteEnvironment,
): readonly Statement[] {
  if (fitting.value !== 1) env.notes.mayFail();
  return when(fitting, statements, ["broken = true"]);
}

/** True where the value is one of the sort. */
function fits(value: Symbolic, sort: Sort, env: WriteEnvironment): Code {
  const yes = not(no);
  if (value.kind === "record" && sort.kind === "record") {
    return and(
      Object.entries(sort.fields).map(([name, of]) => {
        const field = value.fields[name];
        return field === undefined ? yes : fits(field, of, env);
      }),
    );
  }
  if (value.kind !== "scalar") return yes;
  if (sort.kind === "id" && !sort.nullable) return not(isNone(value, env.constants));
  if (sort.kind !== "int" || value.sort.kind !== "int") return yes;
  const { min, max } = value.sort;
  return and([
    ...(min < sort.min ? [infix(">=", value.code, constant(sort.min))] : []),
    ...(max > sort.max ? [infix("<=", value.code, constant(sort.max))] : []),
  ]);
}

function settledList(
  expr: Parameters<typeof placeOf>[0],
  env: WriteEnvironment,
): readonly [ListPlace, readonly Statement[]] {
  const place = placeOf(expr, env);
  if (place.shape.kind !== "list") throw new Error("a list was expected: the model was not checked");
  const [{ offset }, before] = settled(place, env);
  const length = atom(columnAt(place.shape.length, offset));
  return [{ root: place.root, shape: place.shape, offset, none: place.none, length }, before];
}

/** The turns of a loop, one after the other. */
function loop(effect: Effect & { readonly kind: "each" }, env: WriteEnvironment): readonly Statement[] {
  const { [effect.as]: _hidden, ...places } = env.places;
  const turn = (value: Symbolic, place: Place | null): readonly Statement[] =>
    effectStatements(effect.do, {
      ...env,
      ...bindValue(env, effect.as, value),
      places: place === null ? places : { ...places, [effect.as]: place },
    });
  if ("of" in effect.in) return valuesOf(effect.in, env).flatMap(([, value]) => turn(value, null));
  const whole = translate(effect.in.elements, env);
  if (whole.kind === "list") {
    const place = placeOf(effect.in.elements, env);
    if (place.shape.kind !== "list") throw new Error("a list was expected: the model was not checked");
    const { of, sort } = place.shape;
    return indices(sort.capacity).flatMap((i) => {
      const element: Place = { ...place, shape: of, offset: inside(place.offset, sort.capacity, i) };
      return when(infix("<", i, whole.length), turn(valueAt(of, element.offset), element));
    });
  }
  // The set may change while the loop runs, which goes through its members of now.
  const members = env.notes.scratch();
  const turns = valuesOf(effect.in, env).map(([, value]) => {
    const there = bit(members, codeOf(value));
    return when(there, turn(value, null));
  });
  return [`${members.text} = ${codeOf(whole).text}`, ...turns.flat()];
}
