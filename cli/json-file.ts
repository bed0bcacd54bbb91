/** JSON files of the user's: read, parsed, checked against a schema, each complaint with its line and column. */
import {
  type ArrayNode,
  type DocumentNode,
  type ObjectNode,
  parse,
  type ValueNode,
} from "@humanwhocodes/momoa";
import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Files } from "./host.ts";
import { InputError, type Place } from "./input-error.ts";
import { mostLevels, tooDeepAt } from "./json-depth.ts";
import { bestComplaint } from "./schema-complaint.ts";

export interface JsonFile {
  /** The name under which complaints mention it. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

/** The file, parsed; it is refused where it nests deeper than `levels`. */
export async function readJson(
  path: string,
  name: string,
  files: Files,
  levels = mostLevels,
): Promise<JsonFile> {
  const text = (await readNamed(path, name, files)).replace(/^\ufeff/u, "");
  if (text.trim() === "") throw new InputError("the file is empty, JSON is expected", { file: name });
  const value = parseJson(name, text);
  const offset = tooDeepAt(text, levels);
  if (offset !== null) throw tooDeep(levels, { file: name, ...lineAndColumn(text, offset) });
  return { name, text, value };
}

/** The complaint about a document that nests too deep. */
export function tooDeep(levels: number, place: Place): InputError {
  return new InputError(`this is nested more than ${levels} levels deep`, place);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw syntaxError(name, text, error instanceof Error ? error.message : String(error));
  }
}

/** The text of a file; complaints mention it by the name that the user gave. */
export async function readNamed(path: string, name: string, files: Files): Promise<string> {
  try {
    return await files.readText(path);
  } catch (error) {
    if (error instanceof InputError && error.place?.file === path) {
      throw new InputError(error.message, { ...error.place, file: name });
    }
    throw error;
  }
}

/** The engine's message says what is wrong, and not always where; then the other parser knows. */
function syntaxError(name: string, text: string, message: string): InputError {
  const [, character] = /^Unexpected token '(.*?)', /su.exec(message) ?? [];
  const what =
    character === undefined
      ? message.replace(/ (in JSON )?at position .*$/su, "").replace(/ JSON input$/u, " the file")
      : `unexpected ${character}`;
  const offset = message.startsWith("Unexpected end") ? text.length : /at position (\d+)/u.exec(message)?.[1];
  const at = offset === undefined ? whereParsingFails(text) : lineAndColumn(text, Number(offset));
  return new InputError(`not JSON: ${what.charAt(0).toLowerCase()}${what.slice(1)}`, { file: name, ...at });
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function whereParsingFails(text: string): Pick<Place, "line" | "column"> {
  try {
    parse(text, { mode: "json" });
    return {};
  } catch (error) {
    // This parser recurses: what it cannot follow nests too deep, and that has a place.
    const deep = error instanceof RangeError ? tooDeepAt(text, mostLevels) : null;
    if (deep !== null) return lineAndColumn(text, deep);
    const { line, column } = error as { line?: number; column?: number };
    return line === undefined || column === undefined ? {} : { line, column: Math.max(1, column) };
  }
}

/** Refuses a file that its schema does not accept. */
export function checkSchema(
  file: JsonFile,
  validate: ValidateFunction,
  what: string,
  place: (pointer: string) => Place = (pointer) => placeOf(file, pointer),
): void {
  if (validate(file.value)) return;
  const { pointer, message } = bestComplaint(validate.errors ?? []);
  const at = place(pointer);
  // What a module exports has no lines: its path says where.
  const where = at.line === undefined && pointer !== "" ? `${what}, at ${pointer}` : what;
  throw new InputError(`${message} (${where})`, at);
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

/** Refuses a key that stands twice in one object: a step or variable under a name that is taken would be lost unseen. */
export function refuseDoubleKeys({ name, text }: JsonFile): void {
  const nodes: ValueNode[] = [parse(text, { mode: "json" }).body];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.type === "Array") nodes.push(...(node as ArrayNode).elements.map(({ value }) => value));
    if (node.type !== "Object") continue;
    const lines = new Map<string, number>();
    for (const { name: key, value } of (node as ObjectNode).members) {
      const word = key.type === "String" ? key.value : key.name;
      const { line, column } = key.loc.start;
      const first = lines.get(word);
      if (first !== undefined) {
        throw new InputError(`${word} stands twice in one object, first in line ${first}`, {
          file: name,
          line,
          column,
        });
      }
      lines.set(word, line);
      nodes.push(value);
    }
  }
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
