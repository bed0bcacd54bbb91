/** The header of a trace in JSON: checked against its schema; what it says decides how events are read. */

import type { ErrorObject } from "ajv/dist/2020.js";
import { validate } from "../../../schemas/event.schema.json?validator=/$defs/header";
import { Style } from "../payload.ts";
import { UnreadableLine } from "../unreadable-line.ts";
import type { HeaderCheck } from "./header.ts";

interface HeaderLine {
  readonly timeUnit: "ns" | "ticks";
  readonly patch?: "v0" | "p1" | "v1" | "v2" | "v3";
}

export const checkHeader: HeaderCheck = (text, line) => {
  const header: unknown = JSON.parse(text);
  if (!validate(header))
    throw new UnreadableLine(
      line,
      `the header of the trace is not valid: ${complaint(validate.errors?.[0])}`,
    );
  const { patch, timeUnit } = header as HeaderLine;
  const style = patch === undefined ? Style.neutral : patch === "v0" ? Style.taskName : Style.node;
  return { ticks: timeUnit === "ticks", style, patch: patch ?? null };
};

function complaint(error: ErrorObject | undefined): string {
  if (error === undefined) return "it has another form";
  const place = error.instancePath === "" ? "" : `${error.instancePath} `;
  const params = error.params as Readonly<Record<string, unknown>>;
  const detail = params["additionalProperty"] ?? params["allowedValue"] ?? params["allowedValues"];
  return `${place}${error.message ?? "has another form"}${detail === undefined ? "" : ` (${String(detail)})`}`;
}
