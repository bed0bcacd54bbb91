/** Threads for a crew in tests. */
import { Worker } from "node:worker_threads";
import type { CrewShared } from "../../../checker/explore/crew.ts";
import { control } from "../../../checker/explore/crew-text.ts";

const boot =
  'const { workerData } = require("node:worker_threads"); new Function("shared", workerData.text)(workerData.shared);';

/** Starts a thread that joins once the leader has made the index grow, alone. */
export function startLate(text: string, shared: object): void {
  const { crew } = shared as { readonly crew: CrewShared };
  const { slots } = control;
  const wait = `while (Atomics.load(shared.crew.control, ${slots}) === ${crew.control[slots]}) Atomics.wait(shared.crew.control, ${control.dead}, 0, 1);`;
  new Worker(boot, { eval: true, workerData: { text: `${wait}\n${text}`, shared } });
}

/** Starts a thread and waits until it has joined, so that even the smallest model is explored by all. */
export function startAndAwait(text: string, shared: object): void {
  const { crew, member } = shared as { readonly crew: CrewShared; readonly member: number };
  new Worker(boot, { eval: true, workerData: { text, shared } }).on("error", (error) => {
    throw error;
  });
  while (Atomics.load(crew.control, control.arrived) < member) Atomics.wait(crew.control, control.dead, 0, 1);
}
