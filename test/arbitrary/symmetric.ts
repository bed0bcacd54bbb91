/** Random models whose individuals are interchangeable: no literal of an individual, and a start that prefers none. */
import type fc from "fast-check";
import {
  checkModel,
  defaultValue,
  type Identities,
  type Model,
  type Sort,
  type Value,
} from "../../models/language/index.ts";
import { anyModel } from "./model.ts";

/** A model in which no individual is named. Loops may still have an order. */
export const symmetricModel: fc.Arbitrary<Model> = anyModel
  .map(symmetrised)
  .filter((model) => checkModel(model).length === 0);

function symmetrised(model: Model): Model {
  const { identities } = model;
  const variables = Object.entries(model.variables).map(([name, variable]) => {
    const sort = nullable(variable.sort);
    return [name, { ...variable, sort, initial: start(sort, variable.initial, identities) }];
  });
  const { actors, properties } = unnamed({ actors: model.actors, properties: model.properties }) as Model;
  return { ...model, variables: Object.fromEntries(variables), actors, properties };
}

/** The sort with none for every individual. */
function nullable(sort: Sort): Sort {
  switch (sort.kind) {
    case "id":
      return { ...sort, nullable: true };
    case "list":
    case "array":
      return { ...sort, of: nullable(sort.of) };
    case "record": {
      const fields = Object.entries(sort.fields).map(([name, field]) => [name, nullable(field)]);
      return { ...sort, fields: Object.fromEntries(fields) };
    }
    default:
      return sort;
  }
}

/** A first value that no exchange of individuals changes. */
function start(sort: Sort, drawn: Value, identities: Identities): Value {
  return sort.kind === "bool" || sort.kind === "int" || sort.kind === "enum"
    ? drawn
    : defaultValue(sort, identities);
}

/** Data without literals of individuals. */
function unnamed(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(unnamed);
  if (typeof data !== "object" || data === null) return data;
  if ((data as { readonly kind?: unknown }).kind === "id") return { kind: "none" };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, unnamed(value)]));
}
