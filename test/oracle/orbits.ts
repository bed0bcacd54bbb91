/** The slow, obvious twin of canonical states: all renamings of a state, as objects. */
import { type Sort, type State, type System, sizeOf, type Value } from "../../models/language/index.ts";

/** New name of each individual, by kind. */
export type Renaming = Readonly<Record<string, readonly number[]>>;

/** All renamings of the kinds. */
export function renamingsOf(system: System, kinds: readonly string[]): readonly Renaming[] {
  return kinds.reduce<readonly Renaming[]>(
    (all, kind) =>
      all.flatMap((names) =>
        permutations(sizeOf(system.model.identities, kind)).map((order) => ({ ...names, [kind]: order })),
      ),
    [{}],
  );
}

function permutations(size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

export function renameState(system: System, state: State, names: Renaming): State {
  const { variables } = system.model;
  const points = system.instances.map(({ actor, self }, i) => {
    const order = actor.forEach === undefined ? undefined : names[actor.forEach];
    if (order === undefined || self === null) return state.points[i]!;
    const from = order.indexOf(self);
    return state.points[system.instances.findIndex((other) => other.actor === actor && other.self === from)]!;
  });
  const context = Object.entries(state.context).map(([name, value]) => [
    name,
    renameValue(value, variables[name]!.sort, names),
  ]);
  return { points, context: Object.fromEntries(context) };
}

function renameValue(value: Value, sort: Sort, names: Renaming): Value {
  const inside = (part: Value, of: Sort) => renameValue(part, of, names);
  switch (sort.kind) {
    case "id":
      return value === null ? null : (names[sort.of]?.[value as number] ?? value);
    case "set": {
      const members = (value as readonly number[]).map((member) => names[sort.of]?.[member] ?? member);
      return members.sort((a, b) => a - b);
    }
    case "list":
      return (value as readonly Value[]).map((element) => inside(element, sort.of));
    case "array": {
      const elements = (value as readonly Value[]).map((element) => inside(element, sort.of));
      const order = names[sort.index];
      return order === undefined ? elements : elements.map((_, i) => elements[order.indexOf(i)]!);
    }
    case "record":
      return Object.fromEntries(
        Object.entries(sort.fields).map(([name, field]) => [
          name,
          inside((value as Record<string, Value>)[name]!, field),
        ]),
      );
    default:
      return value;
  }
}

/** Equal for states that differ by names only. */
export function orbitOf(system: System, state: State, renamings: readonly Renaming[]): string {
  return renamings.map((names) => JSON.stringify(renameState(system, state, names))).sort()[0] as string;
}
