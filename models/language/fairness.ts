/** What a run has to be fair to, and how one that goes on for ever is. */
import { ModelError } from "./perform.ts";
import { enabledSteps, type State, takeStep } from "./state.ts";
import type { Step, System } from "./system.ts";

/** An instance of an actor that counts on moving in the end, or a step that counts on being taken. */
export interface Claim {
  readonly name: string;
  readonly kind: "weak" | "strong";
  readonly owns: (step: Step) => boolean;
}

/** How a run is fair to a claim. */
export interface Respect extends Pick<Claim, "name" | "kind"> {
  /** `taken`: one of its steps is in the loop. `unable`: there is none to take, in some state of the loop or in all. */
  readonly by: "taken" | "unable";
  /** Steps before a state of the loop in which none can be taken; null where that is so in all of them. */
  readonly at: number | null;
}

/** All claims of a model, in its order. */
export function claimsOf(system: System): readonly Claim[] {
  const actors = system.instances.flatMap(({ name, actor }, i): readonly Claim[] =>
    actor.fairness === "none" ? [] : [{ name, kind: actor.fairness, owns: ({ instance }) => instance === i }],
  );
  const steps = system.steps.flatMap((step): readonly Claim[] =>
    step.fairness === null
      ? []
      : [{ name: nameOf(system, step), kind: step.fairness, owns: ({ index }) => index === step.index }],
  );
  return [...actors, ...steps];
}

/** The event of a step, and what it does where several steps are that event. */
function nameOf({ steps }: System, { event, description }: Step): string {
  const alike = steps.filter((other) => other.event === event);
  return alike.length === 1 ? event : `${event} (${description})`;
}

/** The steps that can be taken. One that writes outside a sort is not taken. */
export function takable(system: System, state: State): readonly Step[] {
  return enabledSteps(system, state).filter((step) => {
    try {
      takeStep(system, state, step);
      return true;
    } catch (error) {
      if (error instanceof ModelError) return false;
      throw error;
    }
  });
}

/** The loop of a run: its steps, and what can be taken in each of its states. */
export interface Loop {
  /** Steps before its first state. */
  readonly start: number;
  readonly taken: readonly Step[];
  readonly able: readonly (readonly Step[])[];
}

/** How the loop respects a claim; null where it does not. */
export function respectOf({ name, kind, owns }: Claim, { start, taken, able }: Loop): Respect | null {
  if (taken.some(owns)) return { name, kind, by: "taken", at: null };
  const unable = able.map((steps) => !steps.some(owns));
  if (!unable.includes(false)) return { name, kind, by: "unable", at: null };
  const first = unable.indexOf(true);
  return kind === "strong" || first < 0 ? null : { name, kind, by: "unable", at: start + first };
}
