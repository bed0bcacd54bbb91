/** The thread in which a model is explored. */
import { parentPort, workerData } from "node:worker_threads";
import { check } from "../checker/check.ts";
import type { WorkerAnswer, WorkerTask } from "./check-in-worker.ts";

const { model, limits, interrupt } = workerData as WorkerTask;
const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);

try {
  const result = check(model, {
    ...limits,
    now: () => performance.now(),
    interrupted: () => Atomics.load(interrupt, 0) !== 0,
    onProgress: (progress) => answer({ kind: "progress", progress }),
  });
  answer({ kind: "result", result });
} catch (error) {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ kind: "failed", name, message, stack: stack ?? "" });
}
