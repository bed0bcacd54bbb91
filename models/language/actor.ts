/** Constructors that make an actor read like the function it models. */
import type { Effect } from "./effect.ts";
import type { Expr, ExprData } from "./expr.ts";
import type { Actor, Emission, Fairness, PointData, TransitionData } from "./model.ts";
import type { Bool } from "./sort.ts";

/** A step under its name. Steps of one point with the same name are alternatives: the first enabled one is taken. */
export interface NamedStep {
  readonly name: string;
  readonly transition: TransitionData;
}

export interface StepOptions {
  /** Enabled only where true; a blocked lock is a guard that is false. */
  readonly when?: Expr<Bool>;
  readonly do?: readonly Effect[];
  /** The next program point; stays where absent. */
  readonly to?: string;
  readonly why?: string;
  readonly emits?: Emission;
  readonly choose?: Readonly<Record<string, string>>;
  /** What the step itself may count on, beside its actor. */
  readonly fairness?: "weak" | "strong";
}

/**
 * One atomic step.
 *
 * @param name - event name, unique within the actor's point unless it is an alternative
 * @param description - what the kernel does, in its own words
 */
export function step(name: string, description: string, options: StepOptions): NamedStep {
  const { when, to, why, emits, choose, fairness } = options;
  const meta = {
    ...(why === undefined ? {} : { why }),
    ...(emits === undefined ? {} : { emits }),
    ...(choose === undefined ? {} : { choose }),
    ...(fairness === undefined ? {} : { fairness }),
  };
  return {
    name,
    transition: {
      ...(to === undefined ? {} : { target: to }),
      ...(when === undefined ? {} : { guard: { type: "holds", params: when } }),
      ...(options.do === undefined ? {} : { actions: [{ type: "update", params: options.do }] }),
      description,
      ...(Object.keys(meta).length === 0 ? {} : { meta }),
    },
  };
}

/** A program point and the steps that leave it, in order. */
export function point(...steps: readonly NamedStep[]): PointData {
  const on = new Map<string, readonly TransitionData[]>();
  for (const { name, transition } of steps) {
    on.set(name, [...(on.get(name) ?? []), transition]);
  }
  return { on: Object.fromEntries(on) };
}

/** A program point that is never left. */
export const finalPoint: PointData = { type: "final" };

export interface ActorOptions {
  readonly name: string;
  readonly doc: string;
  readonly forEach?: string;
  readonly fairness?: Fairness;
  /** What the modelled code does not decide; it has no fairness unless it says so. */
  readonly environment?: boolean;
  readonly initial: string;
  /** Program points in order; a point given as `undefined` is left out (a feature switched it off). */
  readonly points: Readonly<Record<string, PointData | undefined>>;
}

/** An actor from its program points. Fairness is weak unless said otherwise, and none for an environment. */
export function actor(options: ActorOptions): Actor {
  const states = Object.fromEntries(
    Object.entries(options.points).flatMap(([name, data]) => (data === undefined ? [] : [[name, data]])),
  );
  return {
    name: options.name,
    doc: options.doc,
    ...(options.forEach === undefined ? {} : { forEach: options.forEach }),
    fairness: options.fairness ?? (options.environment === true ? "none" : "weak"),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    config: { initial: options.initial, states },
  };
}

/** An emission: `emits("kmem_mm_enter", { mm: self("mm") })`. */
export function emits(event: string, args: Readonly<Record<string, ExprData>>): Emission {
  return { event, args };
}
