/** All schemas, compiled together: a document is judged by the name of its schema. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const folder = new URL("../../../schemas/", import.meta.url);
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, discriminator: true });
export const schemaNames = readdirSync(folder).filter((name) => name.endsWith(".schema.json"));
for (const name of schemaNames) ajv.addSchema(JSON.parse(readFileSync(new URL(name, folder), "utf8")), name);

/** What the schema has against the document; empty where it accepts it. */
export function complaints(schema: string, document: unknown): readonly string[] {
  const validate = ajv.getSchema(`${schema}.schema.json`);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  return validate(document) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}
