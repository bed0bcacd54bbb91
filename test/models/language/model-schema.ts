/** The validator of `schemas/model.schema.json`. */
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../../../schemas/model.schema.json" with { type: "json" };

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const validate = ajv.compile(schema);

/** What the schema has against a document, with places; empty where it accepts it. */
export function schemaComplaints(document: unknown): readonly string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
