/** Threads for a crew in tests. */
import { Worker } from "node:worker_threads";
import type { CrewShared } from "../../../checker/explore/crew.ts";
import { control } from "../../../checker/explore/crew-text.ts";

const boot =
  'const { workerData } = require("node:worker_threads"); new Function("shared", workerData.text)(workerData.shared);';

/** Starts a thread and waits until it has joined, so that even the smallest model is explored by all. */
export function startAndAwait(text: string, shared: object): void {
  const { crew, member } = shared as { readonly crew: CrewShared; readonly member: number };
  new Worker(boot, { eval: true, workerData: { text, shared } }).on("error", (error) => {
    throw error;
  });
  while (Atomics.load(crew.control, control.arrived) < member) Atomics.wait(crew.control, control.dead, 0, 1);
}
