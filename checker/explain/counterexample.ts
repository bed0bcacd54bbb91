/** A replayed run as a counterexample. */
import type { State, System } from "../../models/language/index.ts";
import { InternalError } from "../internal-error.ts";
import type { Counterexample } from "../result.ts";
import { describeRun, type Run, viewState } from "./replay.ts";

/** The finite run, and what is wrong at its end in one sentence. */
export function finite(system: System, run: Run, failure: string): Counterexample {
  return {
    initial: viewState(system, run.states[0] as State),
    steps: describeRun(system, run),
    loopStart: null,
    final: viewState(system, lastState(run)),
    failure,
  };
}

export function lastState(run: Run): State {
  const last = run.states.at(-1);
  if (last === undefined) throw new InternalError("a run without states");
  return last;
}
