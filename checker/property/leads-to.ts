/**
 * Response: whenever `from` is true, `to` is true then or later, on every run that is fair.
 *
 * A violation is a run that reaches a state where `from` holds and from there stays where `to` is false, either for ever
 * or until it ends in a state that nothing leaves. Under weak fairness a run that stays for ever is fair for an actor if
 * the actor moves infinitely often or is infinitely often unable to move. In a strongly connected component every state
 * and edge can be visited again and again, so a component holds a fair run exactly if each weakly fair actor has an edge
 * in it or a state of it in which it cannot move; smaller components within cannot be fair where the whole one is not.
 * Components are found by Tarjan's algorithm (1972), iteratively.
 */
import type { ExprData } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { classify, type SuccessorReader, successorReader } from "./successors.ts";

/** A lasso by state numbers: the path to `loop[0]` first, then `loop` again and again; an empty loop is a stop. */
export interface Lasso {
  /** State where `from` is true, on the way. */
  readonly pending: number;
  /** States from `pending` to the start of the loop, both included. */
  readonly stem: readonly number[];
  /** States of the loop after its start, ending in its start again; empty where the run stops. */
  readonly loop: readonly number[];
}

/** The part of the graph in which the request is pending: reachable from `from` without passing `to`. */
interface Pending {
  /** State numbers, in the order in which they were found. */
  readonly states: readonly number[];
  /** Position in `states` by state number. */
  readonly position: ReadonlyMap<number, number>;
  /** Position from which each was found; -1 where `from` is true. */
  readonly cause: readonly number[];
  /** Edges that stay pending: targets as positions, and the moving instance. */
  readonly first: readonly number[];
  readonly targets: readonly number[];
  readonly movers: readonly number[];
  /** Instances that can move in a state, as a bit mask a position (in words of 30 instances). */
  readonly able: readonly (readonly number[])[];
  /** Position of a state without any step; -1 where there is none. */
  readonly stop: number;
}

export type Response =
  | { readonly kind: "holds"; readonly vacuous: boolean }
  | { readonly kind: "violated"; readonly lasso: Lasso };

/** Judges a response property on a complete exploration. */
export function judgeLeadsTo(exploration: Exploration, from: ExprData, to: ExprData): Response {
  const requested = classify(exploration, from);
  const answered = classify(exploration, to);
  const pending = collect(exploration, requested, answered);
  if (pending.states.length === 0) return { kind: "holds", vacuous: !requested.includes(1) };
  if (pending.stop >= 0) {
    const stem = stemTo(pending, pending.stop);
    return { kind: "violated", lasso: { pending: stem[0] as number, stem, loop: [] } };
  }
  const fair = exploration.program.system.instances.flatMap(({ actor }, i) =>
    actor.fairness === "weak" ? [i] : [],
  );
  const component = components(pending);
  const best = fairComponent(pending, component, fair);
  if (best === null) return { kind: "holds", vacuous: false };
  const loop = loopThrough(pending, component, best, fair);
  const stem = stemTo(pending, best);
  return {
    kind: "violated",
    lasso: {
      pending: stem[0] as number,
      stem,
      loop: loop.map((position) => pending.states[position] as number),
    },
  };
}

function collect(exploration: Exploration, requested: Uint8Array, answered: Uint8Array): Pending {
  const reader: SuccessorReader = successorReader(exploration);
  const { steps } = exploration.program.system;
  const states: number[] = [];
  const position = new Map<number, number>();
  const cause: number[] = [];
  const visit = (state: number, by: number) => {
    const known = position.get(state);
    if (known !== undefined) return known;
    position.set(state, states.length);
    cause.push(by);
    return states.push(state) - 1;
  };
  for (let state = 0; state < requested.length; state++) {
    if (requested[state] === 1 && answered[state] === 0) visit(state, -1);
  }
  const first: number[] = [];
  const targets: number[] = [];
  const movers: number[] = [];
  const able: number[][] = [];
  let stop = -1;
  for (let at = 0; at < states.length; at++) {
    first.push(targets.length);
    const count = reader.read(states[at] as number);
    if (count === 0 && stop < 0) stop = at;
    const mask: number[] = [];
    for (let e = 0; e < count; e++) {
      const mover = steps[reader.steps[e] as number]?.instance as number;
      const word = Math.floor(mover / 30);
      mask[word] = (mask[word] ?? 0) | (1 << (mover % 30));
      const target = reader.targets[e] as number;
      if (answered[target] === 1) continue;
      targets.push(visit(target, at));
      movers.push(mover);
    }
    able.push(mask);
  }
  first.push(targets.length);
  return { states, position, cause, first, targets, movers, able, stop };
}

/** State numbers from the request to the position, both included. */
function stemTo(pending: Pending, position: number): readonly number[] {
  const stem: number[] = [];
  for (let at = position; at >= 0; at = pending.cause[at] as number) stem.push(pending.states[at] as number);
  return stem.reverse();
}

/** The component of each position; components are numbered in the order in which they are completed. */
function components(pending: Pending): Int32Array {
  const size = pending.states.length;
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const component = new Int32Array(size).fill(-1);
  const edge = new Int32Array(size);
  const open: number[] = [];
  const path: number[] = [];
  let counter = 0;
  let completed = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const at = path.at(-1) as number;
      if (order[at] === -1) {
        order[at] = low[at] = counter++;
        edge[at] = pending.first[at] as number;
        open.push(at);
      }
      let descended = false;
      while ((edge[at] as number) < (pending.first[at + 1] as number)) {
        const target = pending.targets[edge[at] as number] as number;
        if (order[target] === -1) {
          path.push(target);
          descended = true;
          break;
        }
        // An edge that was descended comes here again on return, when the target's low is final.
        if (component[target] === -1) low[at] = Math.min(low[at] as number, low[target] as number);
        edge[at] = (edge[at] as number) + 1;
      }
      if (descended) continue;
      path.pop();
      if (low[at] === order[at]) {
        for (;;) {
          const member = open.pop() as number;
          component[member] = completed;
          if (member === at) break;
        }
        completed++;
      }
    }
  }
  return component;
}

function isAble(pending: Pending, position: number, instance: number): boolean {
  return (((pending.able[position]?.[Math.floor(instance / 30)] ?? 0) >>> (instance % 30)) & 1) === 1;
}

/** The first found position in a component that holds a fair run; null where none does. */
function fairComponent(pending: Pending, component: Int32Array, fair: readonly number[]): number | null {
  const satisfied = new Map<number, Set<number>>();
  const cyclic = new Set<number>();
  for (let at = 0; at < component.length; at++) {
    const here = component[at] as number;
    const done = satisfied.get(here) ?? new Set<number>();
    satisfied.set(here, done);
    for (const instance of fair) if (!isAble(pending, at, instance)) done.add(instance);
    for (let e = pending.first[at] as number; e < (pending.first[at + 1] as number); e++) {
      if (component[pending.targets[e] as number] !== here) continue;
      cyclic.add(here);
      done.add(pending.movers[e] as number);
    }
  }
  for (let at = 0; at < component.length; at++) {
    const here = component[at] as number;
    const done = satisfied.get(here);
    if (cyclic.has(here) && fair.every((instance) => done?.has(instance))) return at;
  }
  return null;
}

/** A closed walk in the component from `start` that lets every fair actor move or be unable to. */
function loopThrough(
  pending: Pending,
  component: Int32Array,
  start: number,
  fair: readonly number[],
): readonly number[] {
  const here = component[start] as number;
  const walk: number[] = [];
  const owed = new Set(fair);
  const settle = (position: number) => {
    for (const instance of owed) if (!isAble(pending, position, instance)) owed.delete(instance);
  };
  let at = start;
  settle(at);
  while (owed.size > 0) {
    const way = shortest(
      pending,
      component,
      here,
      at,
      (position) => [...owed].some((instance) => !isAble(pending, position, instance)),
      (mover) => owed.has(mover),
    );
    for (const { position, mover } of way) {
      owed.delete(mover);
      settle(position);
      walk.push(position);
    }
    at = way.at(-1)?.position ?? at;
  }
  if (at !== start || walk.length === 0) {
    const home = shortest(
      pending,
      component,
      here,
      at,
      (position) => position === start,
      () => false,
    );
    walk.push(...home.map(({ position }) => position));
  }
  return walk;
}

/** The shortest non-empty walk within a component to a position or over an edge that is wanted. */
function shortest(
  pending: Pending,
  component: Int32Array,
  here: number,
  from: number,
  wanted: (position: number) => boolean,
  wantedMover: (mover: number) => boolean,
): readonly { readonly position: number; readonly mover: number }[] {
  const before = new Map<number, { readonly position: number; readonly mover: number }>();
  const queue = [from];
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head] as number;
    for (let e = pending.first[at] as number; e < (pending.first[at + 1] as number); e++) {
      const position = pending.targets[e] as number;
      const mover = pending.movers[e] as number;
      if (component[position] !== here) continue;
      if (wanted(position) || wantedMover(mover)) {
        const walk = [{ position, mover }];
        for (let back = at; back !== from; ) {
          const step = before.get(back) as { readonly position: number; readonly mover: number };
          walk.push({ position: back, mover: step.mover });
          back = step.position;
        }
        return walk.reverse();
      }
      if (position === from || before.has(position)) continue;
      before.set(position, { position: at, mover });
      queue.push(position);
    }
  }
  return [];
}
