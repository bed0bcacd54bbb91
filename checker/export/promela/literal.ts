/** Constants of every sort. */
import {
  defaultValue,
  type Identities,
  type Sort,
  sizeOf,
  type Value,
} from "../../../models/language/index.ts";
import { type Code, constant, no, yes } from "./code.ts";
import { baseOf } from "./columns.ts";
import type { Symbolic } from "./value.ts";

/** Names of the constants that stand for codes. */
export interface Constants {
  readonly identities: Identities;
  readonly none: (of: string) => string;
  readonly enumeration: (value: string, position: number) => string;
}

/** A constant. Lists are the empty one: the language has no other literal. */
export function literal(value: Value, sort: Sort, constants: Constants): Symbolic {
  const scalar = (code: Code): Symbolic => ({ kind: "scalar", sort, code });
  switch (sort.kind) {
    case "bool":
      return scalar(value === true ? yes : no);
    case "int":
      return scalar(constant(value as number));
    case "enum": {
      const position = sort.values.indexOf(value as string);
      return scalar(constant(position, constants.enumeration(value as string, position)));
    }
    case "id":
      return scalar(
        value === null
          ? constant(sizeOf(constants.identities, sort.of), constants.none(sort.of))
          : constant(value as number),
      );
    case "set":
      return scalar(
        constant((value as readonly number[]).reduce((mask: number, member) => mask | (1 << member), 0)),
      );
    case "record": {
      const fields = Object.entries(sort.fields).map(([name, of]) => [
        name,
        literal((value as Readonly<Record<string, Value>>)[name] as Value, of, constants),
      ]);
      return { kind: "record", sort, fields: Object.fromEntries(fields) };
    }
    case "list":
      return { kind: "list", sort, length: constant(0), at: () => beyondEnd(sort.of) };
    case "array": {
      const size = (value as readonly Value[]).length;
      const initial = defaultValue(sort.of, constants.identities);
      return { kind: "array", sort, size, at: () => literal(initial, sort.of, constants) };
    }
  }
}

/** What stands beyond the end of a list: stored as 0. */
function beyondEnd(sort: Sort): Symbolic {
  if (sort.kind !== "record") return { kind: "scalar", sort, code: constant(baseOf(sort)) };
  const fields = Object.entries(sort.fields).map(([name, of]) => [name, beyondEnd(of)]);
  return { kind: "record", sort, fields: Object.fromEntries(fields) };
}
