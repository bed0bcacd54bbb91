/** Values of options: from words to numbers, sizes and switches, each refusal one sentence. */
import { InputError } from "./input-error.ts";

/** A whole number of at least `min`. */
export function wholeNumber(option: string, min = 1): (text: string) => number {
  return (text) => {
    const n = /^\d[\d_]*$/u.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
    if (Number.isSafeInteger(n) && n >= min) return n;
    throw new InputError(`${option} takes a whole number from ${min}, not ${quote(text)}`);
  };
}

const mostWorkers = 64;

/** A number of threads. */
export function workerCount(text: string): number {
  const n = wholeNumber("--workers")(text);
  if (n <= mostWorkers) return n;
  throw new InputError(`--workers takes a whole number from 1 to ${mostWorkers}, not ${quote(text)}`);
}

/** A number above 0, with a fraction if need be. */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const n = /^\d+(\.\d+)?$/u.test(text) ? Number(text) : Number.NaN;
    if (n > 0) return n;
    throw new InputError(`${option} takes a number above 0, not ${quote(text)}`);
  };
}

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A size in bytes: `512M`, `4G`, `1.5GiB`, `1048576`. */
export function byteSize(option: string): (text: string) => number {
  return (text) => {
    const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/iu.exec(text) ?? [];
    const n = Math.floor(Number(digits) * (units[unit.toLowerCase()] ?? 1));
    if (digits !== "" && Number.isSafeInteger(n) && n > 0) return n;
    throw new InputError(`${option} takes a size such as 512M or 4G, not ${quote(text)}`);
  };
}

/** One of the given words. */
export function oneOfWords<const T extends string>(option: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new InputError(`${option} takes ${words.join(", ")}, not ${quote(text)}`);
  };
}

/** Words separated by commas, each of the given ones, or `none` alone for no word. */
export function wordList<const T extends string>(
  option: string,
  words: readonly T[],
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => {
    const given = text === "none" ? [] : text.split(",");
    const found = words.filter((word) => given.includes(word));
    if (found.length === given.length) return words.filter((word) => [...before, ...found].includes(word));
    throw new InputError(
      `${option} takes ${words.join(", ")} with commas between them, or none, not ${quote(text)}`,
    );
  };
}

/** Gathers a repeated option into a list. */
export function repeated(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** Gathers `NAME=on|off`. */
export function switches(
  text: string,
  before: Readonly<Record<string, boolean>>,
): Readonly<Record<string, boolean>> {
  const [name, value] = assignment("--feature", text, "NAME=on or NAME=off");
  if (value !== "on" && value !== "off") {
    throw new InputError(`--feature takes NAME=on or NAME=off, not ${quote(text)}`);
  }
  return { ...before, [name]: value === "on" };
}

/** Gathers `NAME=N`. */
export function settings(
  text: string,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const [name, value] = assignment("--set", text, "NAME=N");
  if (!/^-?\d+$/u.test(value))
    throw new InputError(`--set takes NAME=N with a whole number, not ${quote(text)}`);
  return { ...before, [name]: Number(value) };
}

function assignment(option: string, text: string, form: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InputError(`${option} takes ${form}, not ${quote(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A word of the user's in quotes, shortened. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
