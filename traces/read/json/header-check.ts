/** The header of a trace in JSON: checked against its schema; what it says decides how events are read. */

import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import schema from "../../../schemas/event.schema.json" with { type: "json" };
import { Style } from "../payload.ts";
import { UnreadableLine } from "../unreadable-line.ts";
import type { HeaderCheck } from "./header.ts";

interface HeaderLine {
  readonly timeUnit: "ns" | "ticks";
  readonly patch?: "v0" | "v1" | "v2" | "v3";
}

/** Compiles the schema; the check throws an {@link UnreadableLine}. */
export function createHeaderCheck(): HeaderCheck {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
  ajv.addSchema(schema);
  const validate = ajv.compile<HeaderLine>({ $ref: `${schema.$id}#/$defs/header` });
  return (text, line) => {
    const header: unknown = JSON.parse(text);
    if (!validate(header))
      throw new UnreadableLine(
        line,
        `the header of the trace is not valid: ${complaint(validate.errors?.[0])}`,
      );
    const style =
      header.patch === undefined ? Style.neutral : header.patch === "v0" ? Style.taskName : Style.node;
    return { ticks: header.timeUnit === "ticks", style };
  };
}

function complaint(error: ErrorObject | undefined): string {
  if (error === undefined) return "it has another form";
  const place = error.instancePath === "" ? "" : `${error.instancePath} `;
  const params = error.params as Readonly<Record<string, unknown>>;
  const detail = params["additionalProperty"] ?? params["allowedValue"] ?? params["allowedValues"];
  return `${place}${error.message ?? "has another form"}${detail === undefined ? "" : ` (${String(detail)})`}`;
}
