/** Bad input and bad usage: one sentence for the user, with its place, and exit code 2. */
import { nearest } from "./nearest.ts";

/** Where the offending thing is; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Thrown for everything the user can put right. Anything else that reaches the catch is a bug of ours. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly place: Place | null;

  constructor(message: string, place: Place | null = null) {
    super(message);
    this.place = place;
  }
}

/** The sentence with its place in the form that editors and compilers use: `file:line:column: message`. */
export function describeInputError(error: InputError): string {
  if (error.place === null) return error.message;
  const { file, line, column } = error.place;
  const at = [file, line, column].filter((part) => part !== undefined).join(":");
  return `${at}: ${error.message}`;
}

/** `unknown property S44; did you mean S04?`, or the known names where none is near. */
export function unknownName(what: string, given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  if (near !== null) return `unknown ${what} ${given}; did you mean ${near}?`;
  if (known.length === 0) return `unknown ${what} ${given}; there are none here`;
  return `unknown ${what} ${given}; known are ${known.join(", ")}`;
}
