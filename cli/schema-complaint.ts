/** Turns a validator's errors into the one sentence that helps. */
import type { ErrorObject } from "ajv/dist/2020.js";
import { nearest } from "./nearest.ts";

export interface Complaint {
  /** JSON pointer of the offending node. */
  readonly pointer: string;
  readonly message: string;
}

/** Keywords that only say that something below failed. */
const umbrellas = new Set(["oneOf", "anyOf", "allOf", "if", "not", "discriminator"]);

/** The complaint about the deepest node: where alternatives failed, the one that fitted longest. */
export function bestComplaint(errors: readonly ErrorObject[]): Complaint {
  const kindless = complaintOfKindless(errors);
  if (kindless !== null) return kindless;
  const telling = errors.filter(({ keyword }) => !umbrellas.has(keyword));
  const candidates = telling.length > 0 ? telling : errors;
  const depth = (e: ErrorObject) =>
    e.instancePath.split("/").length + (e.keyword === "additionalProperties" ? 0.5 : 0);
  const [first] = [...candidates].sort((a, b) => depth(b) - depth(a));
  if (first === undefined) return { pointer: "", message: "the file does not have the expected form" };
  const same = candidates.filter((e) => e.instancePath === first.instancePath);
  const constants = same.filter(({ keyword }) => keyword === "const");
  if (constants.length > 1) {
    const allowed = constants.map(({ params }) => String((params as { allowedValue: unknown }).allowedValue));
    return { pointer: first.instancePath, message: oneOf(first, [...new Set(allowed)]) };
  }
  return sentence(first);
}

/** Without its kind nobody knows what a node should be: all that is said of its other keys and parts is noise. */
function complaintOfKindless(errors: readonly ErrorObject[]): Complaint | null {
  const [first] = errors
    .filter(({ keyword, params }) => keyword === "required" && params["missingProperty"] === "kind")
    .sort((a, b) => a.instancePath.length - b.instancePath.length);
  if (first === undefined) return null;
  const pointer = first.instancePath;
  const slip = Object.keys(first.data as object).find((key) => nearest(key, ["kind"]) !== null);
  if (slip === undefined) return { pointer, message: `${nameOf(pointer)} has no kind` };
  return { pointer: `${pointer}/${escaped(slip)}`, message: `unknown key ${slip}; did you mean kind?` };
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function oneOf(error: ErrorObject, allowed: readonly string[]): string {
  const is = `${nameOf(error.instancePath)} is ${JSON.stringify(error.data)}`;
  const near = nearest(String(error.data), allowed);
  if (near !== null) return `${is}; did you mean ${near}?`;
  return `${is}, but must be ${allowed.length === 1 ? "" : "one of "}${allowed.join(", ")}`;
}

function sentence(error: ErrorObject): Complaint {
  const pointer = error.instancePath;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      const near = nearest(key, known);
      const hint = near === null ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
      return { pointer: `${pointer}/${escaped(key)}`, message: `unknown key ${key}; ${hint}` };
    }
    case "required":
      return { pointer, message: `${nameOf(pointer)} has no ${String(params["missingProperty"])}` };
    case "enum":
      return { pointer, message: oneOf(error, (params["allowedValues"] as readonly unknown[]).map(String)) };
    case "const":
      return { pointer, message: oneOf(error, [String(params["allowedValue"])]) };
    case "type":
      return {
        pointer,
        message: `${nameOf(pointer)} is ${kindOf(error.data)}, but must be ${[params["type"]].flat().join(" or ")}`,
      };
    default:
      return { pointer, message: `${nameOf(pointer)} ${error.message ?? "is not as expected"}` };
  }
}

function nameOf(pointer: string): string {
  const last = pointer.split("/").at(-1) ?? "";
  if (last === "") return "the document";
  return /^\d+$/u.test(last) ? `entry ${Number(last) + 1}` : last.replaceAll("~1", "/").replaceAll("~0", "~");
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : JSON.stringify(value);
}
