/** Bad input, as data: one sentence with its place, never a stack. */

export type InputErrorCode =
  | "empty"
  | "unreadable-file"
  | "bad-gzip"
  | "bad-zstd"
  | "bad-header"
  | "compressed"
  | "binary-trace"
  | "bad-trace-dat"
  | "utf-16"
  | "unsupported-format"
  | "unsupported-option"
  | "not-a-trace"
  | "unknown-property"
  | "unknown-format"
  | "bad-value";

export interface InputError {
  readonly kind: "input-error";
  readonly code: InputErrorCode;
  /** One sentence. */
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** What to do about it, such as the converting command; null if there is nothing to add. */
  readonly hint: string | null;
}

/** An error with the places left open. */
export function inputError(
  code: InputErrorCode,
  message: string,
  place: Partial<Pick<InputError, "file" | "line" | "column" | "hint">> = {},
): InputError {
  return { kind: "input-error", code, message, file: null, line: null, column: null, hint: null, ...place };
}

/** True if a result is an {@link InputError} rather than a report. */
export function isInputError(value: object): value is InputError {
  return "kind" in value && value.kind === "input-error";
}
