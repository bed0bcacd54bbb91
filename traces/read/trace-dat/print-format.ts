/**
 * `print fmt:` of an event, as far as it is a printf of its fields. Nothing is evaluated: an argument is a field, possibly
 * within a function that names values; where there is more to it, the event is printed as `name=value`.
 */

import type { EventField } from "./event-format.ts";

export interface PrintPart {
  readonly text: Buffer;
  readonly field: EventField | null;
  readonly as: "pointer" | "hex" | "HEX" | "signed" | "unsigned" | "text" | "char";
  /** At least so many characters; negative: filled at the right. */
  readonly width: number;
  readonly zeros: boolean;
  /** Names of values, for `__print_symbolic`. */
  readonly names: ReadonlyMap<bigint, string> | null;
}

const CONVERSION = /%(?:%|([-0#+ ]*)(\d{0,3})(?:hh|h|ll|l|L|z|j)?([diuxXpscu])([sSfFBK](?![a-z]))?)/g;

/** The parts, or null if the text is not a printf of fields. */
export function parsePrint(text: string, fields: readonly EventField[]): readonly PrintPart[] | null {
  const found = /^"((?:[^"\\]|\\.)*)"\s*(?:,\s*(.*))?$/s.exec(text.trim());
  if (found === null) return null;
  const format = unescaped(found[1] ?? "");
  const args = splitArguments(found[2] ?? "");
  const parts: PrintPart[] = [];
  let from = 0;
  let pending = "";
  let next = 0;
  for (const conversion of format.matchAll(CONVERSION)) {
    const [whole, flags = "", width = "", letter] = conversion;
    pending += format.slice(from, conversion.index);
    from = conversion.index + whole.length;
    if (letter === undefined) {
      pending += "%";
      continue;
    }
    const arg = args[next++];
    const field = arg === undefined ? undefined : fieldOf(arg, fields);
    if (arg === undefined || field === undefined) return null;
    const as = conversionOf(letter, field, SYMBOLIC.test(arg));
    if (as === null) return null;
    const at = Number(width) * (flags.includes("-") ? -1 : 1);
    const zeros = flags.includes("0");
    parts.push({ text: Buffer.from(pending, "latin1"), field, as, width: at, zeros, names: namesOf(arg) });
    pending = "";
  }
  pending += format.slice(from);
  if (next !== args.length || format.replace(CONVERSION, "").includes("%")) return null;
  parts.push({
    text: Buffer.from(pending, "latin1"),
    field: null,
    as: "text",
    width: 0,
    zeros: false,
    names: null,
  });
  return parts;
}

function conversionOf(letter: string, field: EventField, named: boolean): PrintPart["as"] | null {
  const isText = field.kind === "text" || field.kind === "data" || field.kind === "relative";
  if (field.kind === "bytes") return null;
  if (letter === "s" && !isText) return named ? "unsigned" : null;
  if (letter === "s") return "text";
  if (isText) return null;
  if (letter === "p") return "pointer";
  if (letter === "x") return "hex";
  if (letter === "X") return "HEX";
  if (letter === "c") return "char";
  return letter === "u" ? "unsigned" : "signed";
}

const PLAIN = /^(?:\(\s*[\w ]+\s*\*?\s*\)\s*)?\(?(?:REC->(\w+)|__get_(?:rel_)?str\((\w+)\))\)?$/;
const SYMBOLIC = /^__print_symbolic\(\s*REC->(\w+)\s*,/;

function fieldOf(arg: string, fields: readonly EventField[]): EventField | undefined {
  const found = PLAIN.exec(arg) ?? SYMBOLIC.exec(arg);
  const name = found?.[1] ?? found?.[2];
  return name === undefined ? undefined : fields.find((field) => field.name === name);
}

function namesOf(arg: string): ReadonlyMap<bigint, string> | null {
  if (!SYMBOLIC.test(arg)) return null;
  const names = new Map<bigint, string>();
  for (const found of arg.matchAll(/\{\s*(-?)(0x[0-9a-fA-F]{1,16}|\d{1,20})[uUlL]*\s*,\s*"([^"]*)"\s*\}/g)) {
    const value = BigInt(found[2] ?? "0");
    names.set(found[1] === "-" ? -value : value, found[3] ?? "");
  }
  return names;
}

/** Arguments between commas that stand in no parentheses, braces or quotes. */
function splitArguments(text: string): readonly string[] {
  const args: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "(" || char === "{") depth++;
    else if (char === ")" || char === "}") depth--;
    else if (char === "," && depth === 0) {
      args.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = text.slice(from).trim();
  if (last !== "") args.push(last);
  return args;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, char: string) => (char === "n" ? "\n" : char === "t" ? "\t" : char));
}
