/** The thread in which a model is explored, or its mutants are. */
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerAnswer, WorkerTask } from "./check-in-worker.ts";

const task = workerData as WorkerTask;
const answer = (message: WorkerAnswer<unknown, unknown>) => parentPort?.postMessage(message);
const progress = (at: unknown) => answer({ kind: "progress", progress: at });
const surroundings = {
  now: () => performance.now(),
  interrupted: () => Atomics.load(task.interrupt, 0) !== 0,
};

try {
  if (task.kind === "check") {
    const { check } = await import("../checker/check.ts");
    const startThread = (text: string, shared: object) => answer({ kind: "start", text, shared });
    const result = check(task.model, { ...task.limits, ...surroundings, startThread, onProgress: progress });
    answer({ kind: "result", result });
  } else {
    const { judgeMutants } = await import("../checker/mutation.ts");
    const result = judgeMutants(task.model, { ...task.limits, ...surroundings, onMutant: progress });
    answer({ kind: "result", result });
  }
} catch (error) {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ kind: "failed", name, message, stack: stack ?? "" });
}
