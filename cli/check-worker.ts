/** The thread in which a model is explored, or its mutants are. */
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerAnswer, WorkerTask } from "./check-in-worker.ts";
import { InputError } from "./input-error.ts";

const task = workerData as WorkerTask;
const answer = (message: WorkerAnswer<unknown, unknown>) => parentPort?.postMessage(message);
const progress = (at: unknown) => answer({ kind: "progress", progress: at });
const surroundings = {
  now: () => performance.now(),
  interrupted: () => Atomics.load(task.interrupt, 0) !== 0,
};

try {
  if (task.kind === "check") {
    const { checkWithCheckpoints } = await import("./checkpoint/attach.ts");
    const startThread = (text: string, shared: object) => answer({ kind: "start", text, shared });
    const warn = (sentence: string) => answer({ kind: "warning", sentence });
    const whole = { ...surroundings, startThread, onProgress: progress };
    const result = checkWithCheckpoints(task.model, task.limits, whole, warn);
    answer({ kind: "result", result });
  } else {
    const { judgeMutants } = await import("../checker/mutation.ts");
    const result = judgeMutants(task.model, { ...task.limits, ...surroundings, onMutant: progress });
    answer({ kind: "result", result });
  }
} catch (error) {
  if (error instanceof InputError || (error instanceof Error && error.name === "MalformedModel")) {
    const place = error instanceof InputError ? error.place : null;
    answer({ kind: "refused", message: error.message, place });
  } else {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    answer({ kind: "failed", name, message, stack: stack ?? "" });
  }
}
