/** What every part of the check shares: where findings go, and what names mean. */
import type { Actor } from "../model.ts";
import { own } from "../own.ts";
import type { Scope } from "../scope.ts";

/** One thing wrong with a model. */
export interface Diagnostic {
  /** JSON pointer of the offending node: `/actors/0/config/states/idle/on/wake/0/guard/params/left`. */
  readonly path: string;
  /** One sentence: what is wrong and what was expected. */
  readonly message: string;
  /** For an unknown name: what was given and what is known, for a suggestion. */
  readonly unknown?: { readonly given: string; readonly known: readonly string[] };
}

/** The surroundings of a node; `points` allows program points (properties only). */
export interface Ask {
  readonly scope: Scope;
  readonly actors: readonly Actor[];
  readonly points: boolean;
  /** Grows while checking. */
  readonly found: Diagnostic[];
}

export function report(ask: Ask, path: string, message: string, unknown?: Diagnostic["unknown"]): void {
  ask.found.push({ path, message, ...(unknown === undefined ? {} : { unknown }) });
}

/** Reports a name that nothing has. */
export function reportUnknown(
  ask: Ask,
  path: string,
  what: string,
  given: string,
  known: Readonly<Record<string, unknown>> | readonly string[],
): void {
  const names = Array.isArray(known) ? known : Object.keys(known);
  report(ask, path, `unknown ${what} ${given}`, { given, known: names });
}

/** Reports an identity that the model does not declare. */
export function checkIdentity(ask: Ask, name: string, path: string): void {
  const { identities } = ask.scope;
  if (own(identities, name) === undefined) reportUnknown(ask, path, "identity", name, identities);
}

/**
 * Reports a name that events, places and pointers could not show unmistakably, or that every object has by itself.
 * Dots, brackets and the like separate the parts of `owner(mm0).exit:lock` and `mmap_lock[mm0]`.
 */
export function checkName(ask: Ask, name: string, path: string): void {
  if (!/^[A-Za-z_][\w:/+-]*$/.test(name)) {
    report(ask, path, `"${name}" is not a name: letters, digits and _ : / + - after a letter or _`);
  } else if (name in Object.prototype) {
    report(ask, path, `${name} cannot be a name, since every object has it`);
  }
}

/** Reports every key after the first that comes again. */
export function checkUnique(ask: Ask, keys: readonly string[], path: string, what: string): void {
  keys.forEach((key, i) => {
    if (keys.indexOf(key) < i) report(ask, `${path}/${i}`, `there are two of the ${what} ${key}`);
  });
}

/** Escapes a name for a JSON pointer. */
export function pointerName(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
