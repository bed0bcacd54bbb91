/** Explores in a worker thread, so that this one stays free for Ctrl-C and the line of progress. */
import { Worker } from "node:worker_threads";
import type { CheckResult, Progress } from "../checker/check.ts";
import type { MutationProgress, MutationResult } from "../checker/mutation.ts";
import type { Model } from "../models/index.ts";
import type { CheckLimits, MutationLimits } from "./host.ts";
import { InputError, type Place } from "./input-error.ts";

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
  | { readonly kind: "warning"; readonly sentence: string }
  /** Asks for one more thread, because this one starts those that a blocked thread could not. */
  | { readonly kind: "start"; readonly text: string; readonly shared: object }
  | { readonly kind: "result"; readonly result: Result }
  /** Bad input that only the worker could meet. */
  | { readonly kind: "refused"; readonly message: string; readonly place: Place | null }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

/** A thread that makes a function of `shared` of the text and calls it. */
function helperThread(text: string, shared: object): Worker {
  const source =
    'const { workerData } = require("node:worker_threads"); new Function("shared", workerData.text)(workerData.shared);';
  return new Worker(source, { eval: true, workerData: { text, shared } });
}

/** What is heard of a worker before its result. */
interface Hearing<Report> {
  readonly onProgress: (progress: Report) => void;
  readonly onWarning: (sentence: string) => void;
}

/** @param startHelper - starts one more thread; where it ends before its time, so does the search, with `WorkerDied` */
export function checkInWorker(
  model: Model,
  limits: CheckLimits,
  hearing: Hearing<Progress>,
  signal: AbortSignal,
  startHelper = helperThread,
): Promise<CheckResult> {
  return inWorker((interrupt) => ({ kind: "check", model, limits, interrupt }), hearing, signal, startHelper);
}

export function mutateInWorker(
  model: Model,
  limits: MutationLimits,
  onMutant: (progress: MutationProgress) => void,
  signal: AbortSignal,
): Promise<MutationResult> {
  return inWorker(
    (interrupt) => ({ kind: "mutate", model, limits, interrupt }),
    { onProgress: onMutant, onWarning: () => {} },
    signal,
  );
}

function inWorker<Report, Result>(
  taskOf: (interrupt: Int32Array) => WorkerTask,
  { onProgress, onWarning }: Hearing<Report>,
  signal: AbortSignal,
  startHelper = helperThread,
): Promise<Result> {
  const interrupt = new Int32Array(new SharedArrayBuffer(4));
  const stop = () => Atomics.store(interrupt, 0, 1);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const worker = new Worker(new URL("./check-worker.js", import.meta.url), { workerData: taskOf(interrupt) });
  const helpers: Worker[] = [];
  const start = (text: string, shared: object) => {
    const died = async () => {
      const { reportDeath } = await import("../checker/check.ts");
      reportDeath(shared);
    };
    try {
      const helper = startHelper(text, shared);
      helpers.push(helper);
      helper.on("error", () => void died());
      helper.on("exit", (code) => {
        if (code !== 0) void died();
      });
    } catch {
      // The system gives no further thread: the search learns it as that of one that ended.
      void died();
    }
  };
  return new Promise((resolve, reject) => {
    worker.on("message", (answer: WorkerAnswer<Report, Result>) => {
      if (answer.kind === "progress") onProgress(answer.progress);
      else if (answer.kind === "warning") onWarning(answer.sentence);
      else if (answer.kind === "refused") reject(new InputError(answer.message, answer.place));
      else if (answer.kind === "start") start(answer.text, answer.shared);
      else if (answer.kind === "result") resolve(answer.result);
      else reject(Object.assign(new Error(answer.message), { name: answer.name, stack: answer.stack }));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      // A gate has many explorations, and one signal for all.
      signal.removeEventListener("abort", stop);
      for (const helper of helpers) void helper.terminate();
      reject(new Error(`the exploring thread ended with ${code} and no answer`));
    });
  });
}
