/** Threads for a crew in tests. */
import { Worker } from "node:worker_threads";
import type { CrewShared, StartThread } from "../../../checker/explore/crew.ts";
import { control } from "../../../checker/explore/crew-text.ts";

const boot =
  'const { workerData } = require("node:worker_threads"); new Function("shared", workerData.text)(workerData.shared);';

/** Threads that join once the leader has made the index grow, alone. `awaitAll` is for the leader to call now and then: it goes on from there only with all of them. */
export function lateCrew(): { readonly startThread: StartThread; readonly awaitAll: () => void } {
  let awaited: CrewShared | null = null;
  let before = 0;
  return {
    startThread(text, shared) {
      const { crew } = shared as { readonly crew: CrewShared };
      awaited = crew;
      before = crew.control[control.slots] as number;
      const wait = `while (Atomics.load(shared.crew.control, ${control.slots}) === ${before}) Atomics.wait(shared.crew.control, ${control.dead}, 0, 1);`;
      new Worker(boot, { eval: true, workerData: { text: `${wait}\n${text}`, shared } });
    },
    awaitAll() {
      if (awaited === null || awaited.control[control.slots] === before) return;
      awaitArrivals(awaited, awaited.members - 1);
      awaited = null;
    },
  };
}

/** Starts a thread and waits until it has joined, so that even the smallest model is explored by all. */
export function startAndAwait(text: string, shared: object): void {
  const { crew, member } = shared as { readonly crew: CrewShared; readonly member: number };
  new Worker(boot, { eval: true, workerData: { text, shared } }).on("error", (error) => {
    throw error;
  });
  awaitArrivals(crew, member);
}

function awaitArrivals({ control: words }: CrewShared, members: number): void {
  while (Atomics.load(words, control.arrived) < members) Atomics.wait(words, control.dead, 0, 1);
}
