/** Our own command as a contender, and where programs and folders are. */
import type { Contender } from "./run.ts";

const main = new URL("../cli/main.js", import.meta.url).pathname;

/** A file of this project that the build does not copy. */
export function sourceOf(path: string): string {
  return new URL(`../../${path}`, import.meta.url).pathname;
}

/** Parameters of the yardstick model. */
export interface Scope {
  readonly mms: number;
  readonly folios: number;
  readonly queue: number;
  /** States that every tool must find. */
  readonly states: number;
}

export function nameOf({ mms, folios, queue }: Scope): string {
  return `kmm ${mms},${folios},${queue}`;
}

/** `kmmcheck` with these arguments; exit code 1 is a result like any other. */
export function ours(name: string, args: readonly string[], read: Contender["read"]): Contender {
  return { name, command: process.execPath, args: [main, ...args], read };
}

/**
 * `kmmcheck explore kmm` at that scope.
 *
 * @param clock - whether the whole process counts, or the search as the report tells it
 */
export function exploreKmm(scope: Scope, more: readonly string[], clock: "process" | "search"): Contender {
  const { mms, folios, queue } = scope;
  const sizes = [`mms=${mms}`, `folios=${folios}`, `queue=${queue}`].flatMap((size) => ["--set", size]);
  const args = ["explore", "kmm", ...sizes, "--reduce", "none", ...more, "--json"];
  return ours(["kmmcheck", ...more].join(" "), args, (output) => {
    const { states, seconds } = JSON.parse(output).statistics as { states: number; seconds: number };
    return { amount: counted(states, scope), ...(clock === "search" ? { seconds } : {}) };
  });
}

/** @throws Error where the count is wrong */
export function counted(states: number, scope: Scope): number {
  if (states !== scope.states) throw new Error(`${states} states instead of ${scope.states}`);
  return states;
}
