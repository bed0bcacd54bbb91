/** The format of an event, as tracefs describes it: `field:` lines tell where its values stand. */

import { type PrintPart, parsePrint } from "./print-format.ts";

export interface EventField {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
  /** `data`: a word that tells place and length; `relative`: the same, counted from behind the word. */
  readonly kind: "number" | "pointer" | "text" | "data" | "relative" | "bytes";
  /** The text has no size of its own and goes on to the end of the record. */
  readonly open: boolean;
}

export interface EventFormat {
  readonly id: number;
  readonly name: string;
  /** Without the fields that all events have. */
  readonly fields: readonly EventField[];
  readonly pid: EventField | null;
  /** How the kernel prints it; null where that takes more than printf, then fields are printed by name. */
  readonly print: readonly PrintPart[] | null;
}

const FIELD = /^\tfield:(.*?)([\w.]+)(\[[^\]]*\])?;\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:(\d);)?/gm;
const MOST_FIELDS = 200;

/** Parses the text of a `format` file; null if it has no name or number. */
export function parseEventFormat(text: string): EventFormat | null {
  const name = /^name: ([\w.-]{1,128})$/m.exec(text)?.[1];
  const id = Number(/^ID: (\d{1,9})$/m.exec(text)?.[1] ?? Number.NaN);
  if (name === undefined || Number.isNaN(id)) return null;
  const fields: EventField[] = [];
  let pid: EventField | null = null;
  for (const found of text.matchAll(FIELD)) {
    const field = toField(found);
    if (field.name === "common_pid") pid = field;
    if (!field.name.startsWith("common_") && fields.length < MOST_FIELDS) fields.push(field);
  }
  const printed = /^print fmt: (.*)$/ms.exec(text)?.[1] ?? "";
  return { id, name, fields, pid, print: parsePrint(printed, fields) };
}

function toField(found: RegExpExecArray): EventField {
  const type = (found[1] ?? "").trim();
  const size = Number(found[5]);
  const isArray = found[3] !== undefined;
  return {
    name: found[2] ?? "",
    offset: Number(found[4]),
    size,
    signed: found[6] === "1",
    kind: kindOf(type, isArray || type.endsWith("[]"), size),
    open: size === 0 && isArray,
  };
}

/** Whether integers have so many bytes. */
export function isIntegerSize(size: number): boolean {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

function kindOf(type: string, isArray: boolean, size: number): EventField["kind"] {
  const isText = /\bchar\b/.test(type) && !/unsigned/.test(type);
  if (type.startsWith("__data_loc")) return isText ? "data" : "bytes";
  if (type.startsWith("__rel_loc")) return isText ? "relative" : "bytes";
  if (isArray) return isText ? "text" : "bytes";
  if (type.endsWith("*")) return "pointer";
  return isIntegerSize(size) ? "number" : "bytes";
}
