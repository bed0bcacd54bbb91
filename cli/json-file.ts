/** JSON files of the user's: read, parsed, checked against a schema, each complaint with its line and column. */
import {
  type ArrayNode,
  type DocumentNode,
  type ObjectNode,
  parse,
  type ValueNode,
} from "@humanwhocodes/momoa";
import type { AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Files } from "./host.ts";
import { InputError, type Place } from "./input-error.ts";
import { bestComplaint } from "./schema-complaint.ts";

export interface JsonFile {
  /** The name under which complaints mention it. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

export async function readJson(path: string, name: string, files: Files): Promise<JsonFile> {
  const text = (await files.readText(path)).replace(/^\ufeff/u, "");
  if (text.trim() === "") throw new InputError("the file is empty, JSON is expected", { file: name });
  try {
    return { name, text, value: JSON.parse(text) };
  } catch (error) {
    throw syntaxError(name, text, error);
  }
}

function syntaxError(name: string, text: string, error: unknown): InputError {
  try {
    parse(text, { mode: "json" });
  } catch (found) {
    const { line, column, message } = found as { line?: number; column?: number; message?: string };
    if (line !== undefined && column !== undefined) {
      const what = (message ?? "unexpected text").replace(/\s*\(\d+:\d+\)$/u, "").replace(/\.$/u, "");
      return new InputError(`not JSON: ${what}`, { file: name, line, column: Math.max(1, column) });
    }
  }
  const message = error instanceof Error ? error.message : String(error);
  return new InputError(`not JSON: ${message}`, { file: name });
}

/** Refuses a file that its schema does not accept. */
export function checkSchema(
  file: JsonFile,
  schema: AnySchema,
  what: string,
  place: (pointer: string) => Place = (pointer) => placeOf(file, pointer),
): void {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    discriminator: true,
  });
  const validate = ajv.compile(schema);
  if (validate(file.value)) return;
  const { pointer, message } = bestComplaint(validate.errors ?? []);
  throw new InputError(`${message} (${what})`, place(pointer));
}

/** Where the node of a JSON pointer starts; the nearest node above it where there is none. */
export function placeOf(file: JsonFile, pointer: string): Place {
  let document: DocumentNode;
  try {
    document = parse(file.text, { mode: "json" });
  } catch {
    return { file: file.name };
  }
  let node: ValueNode = document.body;
  let start = node.loc.start;
  for (const part of pointer.split("/").slice(1)) {
    const next = childOf(node, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (next === null) break;
    node = next.value;
    start = next.start;
  }
  return { file: file.name, line: start.line, column: start.column };
}

function childOf(node: ValueNode, name: string) {
  if (node.type === "Object") {
    const member = (node as ObjectNode).members.findLast(
      (m) => (m.name.type === "String" ? m.name.value : m.name.name) === name,
    );
    return member === undefined ? null : { value: member.value, start: member.name.loc.start };
  }
  if (node.type === "Array") {
    const element = (node as ArrayNode).elements[Number(name)];
    return element === undefined ? null : { value: element.value, start: element.value.loc.start };
  }
  return null;
}
