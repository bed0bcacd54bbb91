/** TLC on a bound specification, in a folder that the caller removes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "../run.ts";
import { ACCEPTED, type BoundAction, boundModule } from "./bound-module.ts";
import type { Projection } from "./projection.ts";

/** The orders in which TLC can search; depth first it needs fewer states where there is a run, and more where there is none. */
const orders = { "breadth first": [], "depth first": ["-Dtlc2.tool.queue.IStateQueue=StateDeque"] } as const;
export type Order = keyof typeof orders;

/** Where java finds TLC, and the exported model: `module` is the name and `actions` are those of its text. */
export interface Bench {
  readonly jar: string;
  readonly folder: string;
  readonly model: string;
  readonly actions: readonly BoundAction[];
}

/**
 * TLC with one worker on the model and a log as one mm sees it.
 *
 * @param name - of the module that is written for it
 * @param accepts - what it must answer, or it is no measurement
 */
export function tlcOn(
  { jar, folder, model, actions }: Bench,
  name: string,
  projection: Projection,
  order: Order,
  accepts: boolean,
): Contender {
  const { module, config } = boundModule(name, model, actions, projection);
  writeFileSync(join(folder, `${name}.tla`), module);
  writeFileSync(join(folder, `${name}.cfg`), config);
  const java = ["-XX:+UseParallelGC", "-Xss16m", ...orders[order], "-cp", jar];
  return {
    name: `TLC, ${order}`,
    command: "java",
    args: [...java, "tlc2.TLC", "-workers", "1", "-config", `${name}.cfg`, `${name}.tla`],
    cwd: folder,
    read: (output) => {
      if (acceptedBy(output) !== accepts) {
        throw new Error(`the log as mm ${projection.mm} sees it is ${accepts ? "rejected" : "accepted"}`);
      }
      return { amount: projection.symbols.length };
    },
  };
}

/**
 * Whether some run shows the log, by what TLC prints.
 *
 * @throws Error where TLC has not come to an end
 */
export function acceptedBy(output: string): boolean {
  if (output.includes(`"${ACCEPTED}"`)) return true;
  if (output.includes("Model checking completed. No error has been found.")) return false;
  throw new Error(`TLC has not finished:\n${output.slice(-2000)}`);
}
