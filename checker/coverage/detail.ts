/** What the reachable states use of a model beyond its steps: the outcomes of guards and the values of variables. */
import {
  type ExprData,
  type Model,
  type Sort,
  type Step,
  type System,
  sizeOf,
} from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import type { Share } from "../result.ts";
import { type Question, unansweredOf } from "./questions.ts";

/** An integer range with more values than this is not expected to be used up. */
const mostValues = 64;

/**
 * Both outcomes of each guard, over all instances and choices: whether it is ever true, and ever false, where its program
 * point is reached.
 */
export function guardCoverage(exploration: Exploration, meter: Meter): Share {
  const { system } = exploration.program;
  const groups = new Map<string, Step[]>();
  for (const step of system.steps) {
    if (step.guard === null) continue;
    const name = guardName(system, step);
    groups.set(name, [...(groups.get(name) ?? []), step]);
  }
  const questions = [...groups].flatMap(([name, steps]): readonly Question[] => [
    { name: `${name} is never true`, conditions: steps.map((step) => outcome(system, step, true)) },
    { name: `${name} is never false`, conditions: steps.map((step) => outcome(system, step, false)) },
  ]);
  return answer(exploration, questions, meter);
}

/** `kmmscand.take at migrate:take`, with the step's own words where one event has several branches. */
function guardName(system: System, step: Step): string {
  const instance = system.instances[step.instance];
  const where = `${instance?.actor.name}.${step.name} at ${instance?.points[step.from]}`;
  const branches = system.steps.filter((other) => other.event === step.event && other.from === step.from);
  return branches.length === 1 ? where : `${where} (${step.description})`;
}

function outcome(system: System, step: Step, value: boolean): ExprData {
  const instance = system.instances[step.instance];
  const actor = instance?.actor;
  if (actor === undefined || step.guard === null) return { kind: "bool", value: false };
  const self: { readonly self?: ExprData } =
    actor.forEach === undefined
      ? {}
      : { self: { kind: "id", of: actor.forEach, value: instance?.self ?? 0 } };
  const here: ExprData = {
    kind: "at",
    actor: actor.name,
    ...self,
    points: [instance?.points[step.from] ?? ""],
  };
  return { kind: "and", of: [here, value ? step.guard : { kind: "not", of: step.guard }] };
}

/** The values of variables, of the elements of arrays and of the fields of records, and the lengths of lists. */
export function valueCoverage(exploration: Exploration, meter: Meter): Share {
  const { model } = exploration.program.system;
  const questions = Object.entries(model.variables).flatMap(([name, { sort, history }]) =>
    history === true ? [] : questionsOf(model, name, sort, [{ kind: "var", name }]),
  );
  return answer(exploration, questions, meter);
}

/** Whether one of the places ever has each value of their sort. */
function questionsOf(
  model: Model,
  name: string,
  sort: Sort,
  places: readonly ExprData[],
): readonly Question[] {
  const among = (values: readonly { readonly text: string; readonly expr: ExprData }[]) =>
    values.map(({ text, expr }) => ({
      name: `${name} = ${text}`,
      conditions: places.map((place): ExprData => ({ kind: "eq", left: place, right: expr })),
    }));
  const lengths = (most: number, of: (place: ExprData) => ExprData, what: string) =>
    most > mostValues
      ? []
      : Array.from({ length: most + 1 }, (_, n) => ({
          name: `${what}(${name}) = ${n}`,
          conditions: places.map(
            (place): ExprData => ({ kind: "eq", left: of(place), right: { kind: "int", value: n } }),
          ),
        }));
  switch (sort.kind) {
    case "bool":
      return among([false, true].map((value) => ({ text: String(value), expr: { kind: "bool", value } })));
    case "int":
      if (sort.max - sort.min >= mostValues) return [];
      return among(
        Array.from({ length: sort.max - sort.min + 1 }, (_, i) => ({
          text: String(sort.min + i),
          expr: { kind: "int", value: sort.min + i },
        })),
      );
    case "enum":
      return among(sort.values.map((value) => ({ text: value, expr: { kind: "enum", value } })));
    case "id": {
      // Individuals are interchangeable: one of them stands for all.
      const is = (place: ExprData, expr: ExprData): ExprData => ({ kind: "eq", left: place, right: expr });
      const none = places.map((place) => is(place, { kind: "none" }));
      const some = places.map((place): ExprData => ({ kind: "not", of: is(place, { kind: "none" }) }));
      return sort.nullable
        ? [
            { name: `${name} = none`, conditions: none },
            { name: `${name} = some ${sort.of}`, conditions: some },
          ]
        : [];
    }
    case "set":
      return lengths(sizeOf(model.identities, sort.of), (set) => ({ kind: "size", set }), "size");
    case "list":
      return lengths(sort.capacity, (list) => ({ kind: "length", list }), "length");
    case "array": {
      const elements = places.flatMap((array) =>
        individuals(model, sort.index).map((index): ExprData => ({ kind: "get", array, index })),
      );
      return questionsOf(model, `${name}[]`, sort.of, elements);
    }
    case "record":
      return Object.entries(sort.fields).flatMap(([field, of]) =>
        questionsOf(
          model,
          `${name}.${field}`,
          of,
          places.map((record): ExprData => ({ kind: "field", record, field })),
        ),
      );
  }
}

function individuals(model: Model, of: string) {
  const size = sizeOf(model.identities, of);
  return Array.from({ length: size }, (_, value) => ({ kind: "id", of, value }) as const);
}

function answer(exploration: Exploration, questions: readonly Question[], meter: Meter): Share {
  const unused = unansweredOf(exploration, questions, meter);
  return { used: questions.length - unused.length, total: questions.length, unused };
}
