/** Explores in a worker thread, so that this one stays free for Ctrl-C and the line of progress. */
import { Worker } from "node:worker_threads";
import type { CheckResult, Progress } from "../checker/check.ts";
import type { Model } from "../models/index.ts";
import type { CheckLimits } from "./host.ts";

/** What the worker is given. */
export interface WorkerTask {
  readonly model: Model;
  readonly limits: CheckLimits;
  /** Shared: not 0 once the search is to end. */
  readonly interrupt: Int32Array;
}

/** What the worker answers. */
export type WorkerAnswer =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly result: CheckResult }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

export function checkInWorker(
  model: Model,
  limits: CheckLimits,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<CheckResult> {
  const interrupt = new Int32Array(new SharedArrayBuffer(4));
  const stop = () => Atomics.store(interrupt, 0, 1);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const task: WorkerTask = { model, limits, interrupt };
  const worker = new Worker(new URL("./check-worker.js", import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on("message", (answer: WorkerAnswer) => {
      if (answer.kind === "progress") onProgress(answer.progress);
      else if (answer.kind === "result") resolve(answer.result);
      else reject(Object.assign(new Error(answer.message), { name: answer.name, stack: answer.stack }));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      // A gate has many explorations, and one signal for all.
      signal.removeEventListener("abort", stop);
      reject(new Error(`the exploring thread ended with ${code} and no answer`));
    });
  });
}
