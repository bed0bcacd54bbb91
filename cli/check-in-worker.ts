/** Explores in a worker thread, so that this one stays free for Ctrl-C and the line of progress. */
import { Worker } from "node:worker_threads";
import type { CheckResult, Progress } from "../checker/check.ts";
import type { MutationProgress, MutationResult } from "../checker/mutation.ts";
import type { Model } from "../models/index.ts";
import type { CheckLimits, MutationLimits } from "./host.ts";

/** What the worker is given. */
export type WorkerTask = {
  readonly model: Model;
  /** Shared: not 0 once the search is to end. */
  readonly interrupt: Int32Array;
} & (
  | { readonly kind: "check"; readonly limits: CheckLimits }
  | { readonly kind: "mutate"; readonly limits: MutationLimits }
);

/** What the worker answers. */
export type WorkerAnswer<Report, Result> =
  | { readonly kind: "progress"; readonly progress: Report }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

export function checkInWorker(
  model: Model,
  limits: CheckLimits,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<CheckResult> {
  return inWorker((interrupt) => ({ kind: "check", model, limits, interrupt }), onProgress, signal);
}

export function mutateInWorker(
  model: Model,
  limits: MutationLimits,
  onMutant: (progress: MutationProgress) => void,
  signal: AbortSignal,
): Promise<MutationResult> {
  return inWorker((interrupt) => ({ kind: "mutate", model, limits, interrupt }), onMutant, signal);
}

function inWorker<Report, Result>(
  taskOf: (interrupt: Int32Array) => WorkerTask,
  onProgress: (progress: Report) => void,
  signal: AbortSignal,
): Promise<Result> {
  const interrupt = new Int32Array(new SharedArrayBuffer(4));
  const stop = () => Atomics.store(interrupt, 0, 1);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const worker = new Worker(new URL("./check-worker.js", import.meta.url), { workerData: taskOf(interrupt) });
  return new Promise((resolve, reject) => {
    worker.on("message", (answer: WorkerAnswer<Report, Result>) => {
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
