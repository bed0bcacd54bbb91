/** A model of the user's: a JSON file, which is only data, or an ES module that exports `model`, which is run. */
import { pathToFileURL } from "node:url";
import { tooLarge } from "../checker/check.ts";
import { checkModel, type Model } from "../models/index.ts";
import { validate } from "../schemas/model.schema.json?validator";
import type { Host } from "./host.ts";
import { InputError, type Place } from "./input-error.ts";
import { checkSchema, type JsonFile, placeOf, readJson, readNamed, refuseDoubleKeys } from "./json-file.ts";
import { nearest } from "./nearest.ts";

/** The model in a file, without diagnostics. */
export async function readModelFile(path: string, name: string, host: Host): Promise<Model> {
  const isJson = path.endsWith(".json");
  const file = isJson ? await readJson(path, name, host.files) : await importModel(path, name, host);
  if (isJson) refuseDoubleKeys(file);
  return modelOf(file, (pointer) => (isJson ? placeOf(file, pointer) : { file: name }));
}

/** The model that a JSON value is; `place` tells where the node of a JSON pointer stands. */
export function modelOf(file: JsonFile, place: (pointer: string) => Place): Model {
  checkSchema(file, validate, "model", place);
  const model = file.value as Model;
  const [first, ...more] = checkModel(model);
  if (first === undefined) return model;
  const near = first.unknown === undefined ? null : nearest(first.unknown.given, first.unknown.known);
  const hint = near === null ? "" : `; did you mean ${near}?`;
  const rest = more.length === 0 ? "" : ` (and ${more.length} more)`;
  throw new InputError(`${first.message}${hint} (at ${first.path})${rest}`, place(first.path));
}

async function importModel(path: string, name: string, host: Host): Promise<JsonFile> {
  // Reading it first gives the usual sentences for files that are not there or not readable.
  await readNamed(path, name, host.files);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const where = whereThrown(error, path);
    // The engine prints the place of a syntax error, and does not tell it.
    const hint =
      error instanceof SyntaxError && where.line === undefined ? ` (node --check ${name} says where)` : "";
    throw new InputError(`cannot be loaded: ${messageOf(error)}${hint}`, { file: name, ...where });
  }
  if (typeof exported["model"] !== "object" || exported["model"] === null) {
    throw new InputError("this module has no export named model that is a model", { file: name });
  }
  const complaint = tooLarge(exported["model"]);
  if (complaint !== null)
    throw new InputError(`the exported model is not plain data: ${complaint}`, { file: name });
  const text = plainText(exported["model"], name);
  return { name, text, value: JSON.parse(text) };
}

/** Line and column of the module where it threw; nothing for errors that come from elsewhere. */
function whereThrown(error: unknown, path: string): Pick<Place, "line" | "column"> {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  // A file without `import` and `export` is loaded as CommonJS, and named by its path.
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(name);
    const [, line, column] = /^:(\d+)(?::(\d+))?/u.exec(stack.slice(at + name.length)) ?? [];
    if (at < 0 || line === undefined) continue;
    return { line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
  }
  return {};
}

/** A model is plain data; whatever else it carries would not reach the exploring thread. */
function plainText(model: unknown, name: string): string {
  try {
    const text = JSON.stringify(model);
    const closure = closureIn(model, "");
    if (closure === null) return text;
    throw new InputError(
      `a function stands at ${closure}: a model is data, made by the constructors of kmmcheck/models`,
      { file: name },
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`the exported model is not plain data: ${messageOf(error)}`, { file: name });
  }
}

/** The pointer of the first function in a value without cycles; null where there is none. */
function closureIn(value: unknown, pointer: string): string | null {
  if (typeof value === "function") return pointer;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = closureIn(part, `${pointer}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
