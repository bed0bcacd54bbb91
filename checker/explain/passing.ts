/**
 * The nearest run that passes: the violating run with the fewest deviations after which its last step violates nothing.
 * A deviation is that an actor waits with its next step while the others go on, or that it takes another step instead.
 */
import {
  enabledSteps,
  initialState,
  type State,
  type Step,
  type System,
} from "../../models/language/index.ts";
import type { Deviation } from "../result.ts";
import { attempt, type Run } from "./replay.ts";
import type { Memory, Watch } from "./watch.ts";

/** What a passing run must not do. */
export interface Forbidden {
  readonly watch: Watch;
  readonly step: (state: State, step: Step) => boolean;
}

export interface NearRun {
  readonly kind: "passing" | "diverted";
  readonly run: Run;
  readonly deviations: readonly Deviation[];
}

/** More deviations than this are another run, not a near one. */
export const mostDeviations = 3;
/** Positions looked at before the search is given up. */
export const mostPositions = 20_000;

/** How far the violating run has been followed, and in which state. */
interface Position {
  readonly state: State;
  readonly memory: Memory;
  /** By step of the violating run: taken, or given up by an actor that went on elsewhere. */
  readonly done: readonly boolean[];
  /** Instances that wait with their next step. */
  readonly waiting: ReadonlySet<number>;
  readonly deviations: readonly Deviation[];
  /** Step of the violating run at which the first deviation stands. */
  readonly first: number;
  readonly before: Position | null;
  readonly taken: Step | null;
  /** Step of the violating run that was taken last. */
  readonly last: number;
}

/**
 * @returns null where there is no such run with at most {@link mostDeviations} deviations, "unknown" where the search was
 *   given up
 */
export function nearestPassing(system: System, run: Run, forbidden: Forbidden): NearRun | null | "unknown" {
  const { steps } = run;
  const final = steps.length - 1;
  const initial = initialState(system);
  const memory = forbidden.watch.reach(forbidden.watch.initial, initial);
  if (memory === null) return null;
  const start: Position = {
    state: initial,
    memory,
    done: steps.map(() => false),
    waiting: new Set(),
    deviations: [],
    first: steps.length,
    before: null,
    taken: null,
    last: -1,
  };
  const queue = new Queue(steps.length);
  queue.push(start);
  const seen = new Set<string>();
  let other: Position | null = null;
  for (let position = queue.pop(); position !== null; position = queue.pop()) {
    if (other !== null && position.deviations.length > other.deviations.length) break;
    const key = keyOf(position);
    if (seen.has(key)) continue;
    if (seen.size >= mostPositions) return other === null ? "unknown" : found("diverted", other, system);
    seen.add(key);
    if (position.last === final) return found("passing", position, system);
    if (position.done.every((done) => done)) {
      other ??= position;
      continue;
    }
    for (const next of following(system, steps, position, forbidden)) queue.push(next);
  }
  return other === null ? null : found("diverted", other, system);
}

function keyOf({ state, memory, done, waiting, last }: Position): string {
  return JSON.stringify([state, memory, done.map(Number), [...waiting].sort(), last]);
}

function following(
  system: System,
  steps: readonly Step[],
  position: Position,
  forbidden: Forbidden,
): readonly Position[] {
  const { state, done, waiting, deviations } = position;
  const nextOf = (instance: number) => steps.findIndex((step, i) => !done[i] && step.instance === instance);
  const moving = steps.findIndex((step, i) => !done[i] && !waiting.has(step.instance));
  const enabled = enabledSteps(system, state);
  const able = enabled.filter((step) => !forbidden.step(state, step));
  const take = (step: Step, change: Partial<Position>): readonly Position[] => {
    const after = attempt(system, state, step);
    if (after === null) return [];
    const memory = forbidden.watch.reach(position.memory, after);
    if (memory === null) return [];
    return [{ ...position, ...change, state: after, memory, before: position, taken: step }];
  };
  const dropped = (instance: number) => done.map((was, k) => was || steps[k]?.instance === instance);
  const original = (i: number, change: Partial<Position>): readonly Position[] => {
    const { event, instance, from } = steps[i] as Step;
    const step = able.find((one) => one.event === event);
    if (step !== undefined) return take(step, { ...change, done: done.with(i, true), last: i });
    if (enabled.some((one) => one.event === event)) return [];
    // The same place of the code in another state: it takes another branch, and goes on elsewhere.
    const branches = able.filter((one) => one.instance === instance && one.from === from);
    return branches.flatMap((one) => take(one, { ...change, done: dropped(instance), last: i }));
  };
  const all: Position[] = [];
  if (moving >= 0) all.push(...original(moving, {}));
  for (const instance of waiting) {
    const others = new Set([...waiting].filter((one) => one !== instance));
    const i = nextOf(instance);
    all.push(...original(i, { waiting: others, deviations: resumed(deviations, i, position.last) }));
  }
  if (deviations.length >= mostDeviations) return all;
  const actor = (instance: number) => system.instances[instance]?.name ?? "";
  const first = (i: number) => Math.min(position.first, i);
  if (moving >= 0) {
    const { instance } = steps[moving] as Step;
    all.push({
      ...position,
      waiting: new Set([...waiting, instance]),
      deviations: [
        ...deviations,
        { kind: "waits", actor: actor(instance), step: moving, until: steps.length - 1 },
      ],
      first: first(moving),
    });
  }
  for (const step of able) {
    const i = nextOf(step.instance);
    if (i >= 0 && steps[i]?.event === step.event) continue;
    const before = moving >= 0 ? moving : steps.length - 1;
    all.push(
      ...take(step, {
        done: dropped(step.instance),
        waiting: new Set([...waiting].filter((one) => one !== step.instance)),
        deviations: [
          ...deviations,
          { kind: "instead", actor: actor(step.instance), step: before, description: step.description },
        ],
        first: first(before),
      }),
    );
  }
  return all;
}

/** The deviation of an actor that waited with step `i` and takes it now, after step `last`. */
function resumed(deviations: readonly Deviation[], i: number, last: number): readonly Deviation[] {
  return deviations.map((one) => (one.kind === "waits" && one.step === i ? { ...one, until: last } : one));
}

function found(kind: NearRun["kind"], end: Position, system: System): NearRun {
  const states: State[] = [];
  const steps: Step[] = [];
  for (let at: Position | null = end; at !== null; at = at.before) {
    if (at.taken === null) continue;
    states.unshift(at.state);
    steps.unshift(at.taken);
  }
  return { kind, run: { states: [initialState(system), ...states], steps }, deviations: end.deviations };
}

/** Positions with fewer deviations first, then those that only change the order, then the latest first deviation. */
class Queue {
  readonly #stacks: Position[][] = [];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  push(position: Position): void {
    const { deviations, first } = position;
    const others = deviations.filter(({ kind }) => kind === "instead").length;
    const rank = deviations.length * (mostDeviations + 1) + others;
    const at = rank * (this.#length + 1) + (this.#length - first);
    this.#stacks[at] ??= [];
    this.#stacks[at].push(position);
  }

  pop(): Position | null {
    for (const stack of this.#stacks) {
      const position = stack?.pop();
      if (position !== undefined) return position;
    }
    return null;
  }
}
