/** Whether two models have the same observable behaviour, state by state. */
import { flatten, type Model, type System } from "../models/language/index.ts";
import { type Exploration, explore, type Limits } from "./explore/explore.ts";
import { InternalError } from "./internal-error.ts";
import { lowerModel } from "./lower/program.ts";
import { withoutHistory } from "./mutate/history.ts";
import { shortestPath } from "./property/shortest-path.ts";
import { type SuccessorReader, successorReader } from "./property/successors.ts";
import { emittedReads } from "./reduce/access.ts";
import { deadInBoth, deadLocals } from "./reduce/dead.ts";
import { reduceProgram } from "./reduce/reduce.ts";

/** Where two models part: a shortest run of both, and the step after it that they do not share. */
export interface Difference {
  /** Events from the initial state on, taken by both. */
  readonly after: readonly string[];
  readonly event: string;
  /** Who takes the event then; `both` where they take it and get to different states. */
  readonly by: "original" | "mutant" | "both";
}

export type Comparison =
  | { readonly kind: "equal"; readonly states: number; readonly transitions: number }
  /** The second refines the first: see {@link compareGraphs}. */
  | { readonly kind: "narrower"; readonly difference: Difference }
  | { readonly kind: "different"; readonly difference: Difference }
  | { readonly kind: "undecided"; readonly reason: string };

/** Limits of each of the two explorations. */
export type CompareLimits = Omit<Limits, "started" | "stopAtFirst" | "onProgress" | "parallel">;

/** A model and the graph of what can be observed of it. */
export interface Observed {
  readonly graph: Exploration;
  /** With trace events, which the graph has not. */
  readonly system: System;
}

/** Explores a model without its history variables, to compare it with others. */
export function observe(model: Model, limits: CompareLimits): Observed {
  const program = lowerModel(withoutHistory(model));
  return { graph: explore(program, [], quietly(limits)), system: flatten(model) };
}

/** The limits of one exploration, whose seconds count from here. */
function quietly(limits: CompareLimits): Limits {
  return { ...limits, started: limits.now(), stopAtFirst: false, onProgress: () => {} };
}

/**
 * Compares the graphs of reachable states of two models with the same actors, program points and variables. A state is what
 * can be observed: the program points and all variables but history. Equal are graphs with the same states and the same
 * steps between them, each with its event and the trace event that it shows. Where they differ they are compared once more,
 * without values of local variables that neither reads before it writes them, and of which no property of the original says
 * anything: the runs that are left take the same steps and show the same trace events as before.
 *
 * The mutant is narrower if its states and steps are all among the original's, each fair actor can move wherever it can in
 * the original, and nothing stops where something could go on. Then each of its fair runs is a fair run of the original, so
 * whatever holds on all of those holds on all of its own: it only leaves out what others may choose (failures-preserving
 * refinement, with fairness).
 *
 * @param limits - of the explorations without such values
 * @throws InternalError where the models do not have the same variables and program points
 */
export function compareGraphs(original: Observed, mutant: Observed, limits: CompareLimits): Comparison {
  const cut = cutOf(original, mutant);
  if (cut !== null) return { kind: "undecided", reason: cut };
  const [ours, theirs] = sidesOf(original, mutant);
  const parting = partingOf(ours, theirs);
  if (parting === null) return equal(original);
  const difference = { after: runTo(ours, parting.state), event: parting.event, by: parting.by };
  if (refines(theirs, ours)) return { kind: "narrower", difference };
  return withoutDead(original, mutant, limits) ?? { kind: "different", difference };
}

function equal({ graph }: Observed): Comparison {
  const { states, transitions } = graph.counts;
  return { kind: "equal", states, transitions };
}

/** That the graphs are equal but for values of local variables that neither model reads again; null where they are not. */
function withoutDead(left: Observed, right: Observed, limits: CompareLimits): Comparison | null {
  const { properties } = left.system.model;
  const [ours, theirs] = [left, right].map(({ graph, system }) =>
    deadLocals(graph.program.env, properties, ({ index }) => {
      const step = system.steps[index];
      return step === undefined ? [] : emittedReads(step);
    }),
  );
  const dead = deadInBoth(ours ?? [], theirs ?? []);
  if (dead.length === 0) return null;
  const live = ({ graph, ...observed }: Observed): Observed => {
    const program = reduceProgram(graph.program, { kinds: [], ample: [], dead });
    return { ...observed, graph: explore(program, [], quietly(limits)) };
  };
  const [few, many] = [live(left), live(right)];
  if (cutOf(few, many) !== null) return null;
  return partingOf(...sidesOf(few, many)) === null ? equal(few) : null;
}

export type Refinement =
  | { readonly kind: "yes" | "no" }
  | { readonly kind: "undecided"; readonly reason: string };

/**
 * Whether the first model refines the second as in {@link compareGraphs}: it only leaves out what others may choose there.
 *
 * @param nameOf - the name that a step of the second has in the first
 * @throws InternalError where the models do not have the same variables and program points
 */
export function leavesOutChoices(
  narrow: Observed,
  wide: Observed,
  nameOf: (step: string) => string,
): Refinement {
  const cut = cutOf(narrow, wide);
  if (cut !== null) return { kind: "undecided", reason: cut };
  return { kind: refines(...sidesOf(narrow, wide, nameOf)) ? "yes" : "no" };
}

function cutOf(left: Observed, right: Observed): string | null {
  return left.graph.cut ?? right.graph.cut;
}

/** A graph in a comparison: what is equal in both has the same number. */
interface Side {
  readonly graph: Exploration;
  /** The edges of a state: its steps and their targets. */
  readonly edges: SuccessorReader;
  /** By step what it is called, and the number of that. */
  readonly names: readonly string[];
  readonly events: Uint32Array;
  /** By step the number of its event and of what it shows. */
  readonly labels: Uint32Array;
  /** By step who moves, where runs have to be fair to that instance, counted from 1; 0 where they have not. */
  readonly fair: Uint32Array;
  /** By step its label, where runs have to be fair to it by itself; 0 where they have not. */
  readonly fairSteps: Uint32Array;
}

/** @param nameOf - the name under which a step of the second is compared */
function sidesOf(
  left: Observed,
  right: Observed,
  nameOf: (step: string) => string = (step) => step,
): readonly [Side, Side] {
  if (JSON.stringify(left.graph.program.layout) !== JSON.stringify(right.graph.program.layout))
    throw new InternalError("graphs of different variables or program points were compared");
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
  return [sideOf(left, (step) => step, numberOf), sideOf(right, nameOf, numberOf)];
}

function sideOf(
  { graph, system }: Observed,
  nameOf: (step: string) => string,
  numberOf: (text: string) => number,
): Side {
  const { steps, instances } = system;
  const names = steps.map(({ event, name }) => event.replace(`.${name}`, `.${nameOf(name)}`));
  // A step that asks for fairness is told from the other alternatives of its event.
  const labels = Uint32Array.from(steps, ({ emits, fairness, from, description }, i) =>
    numberOf(
      `${names[i]} ${JSON.stringify(emits)}${fairness === null ? "" : ` ${fairness} ${from} ${description}`}`,
    ),
  );
  return {
    graph,
    edges: successorReader(graph),
    names,
    events: Uint32Array.from(names, numberOf),
    labels,
    fair: Uint32Array.from(steps, ({ instance }) =>
      instances[instance]?.actor.fairness === "none" ? 0 : instance + 1,
    ),
    fairSteps: Uint32Array.from(steps, ({ fairness }, i) => (fairness === null ? 0 : (labels[i] ?? 0))),
  };
}

/** By state of one graph the number of the same state in the other; -1 where that does not reach it. */
function twinsOf({ graph }: Side, other: Side): Int32Array {
  const { arena, counts, program } = graph;
  const { words } = program.layout;
  return Int32Array.from({ length: counts.states }, (_, s) =>
    other.graph.find(arena.subarray(s * words, (s + 1) * words)),
  );
}

interface Parting extends Pick<Difference, "event" | "by"> {
  readonly state: number;
}

/**
 * The first state of the original that the two leave differently; null where there is none. Both start in the same state:
 * where every state that the original reaches is left by the same steps to the same states in both, the mutant reaches no
 * other one.
 */
function partingOf(left: Side, right: Side): Parting | null {
  const twins = twinsOf(left, right);
  for (let state = 0; state < twins.length; state++) {
    const twin = twins[state] ?? -1;
    if (twin < 0) throw new InternalError("a state that both reach was found in one graph only");
    const found = firstDifference(left, left.edges.read(state), right, right.edges.read(twin), twins);
    if (found !== null) return { state, ...found };
  }
  if (twins.length !== right.graph.counts.states)
    throw new InternalError("graphs with the same steps have different numbers of states");
  return null;
}

/** Compares edges as they were read: so many of each side. */
function firstDifference(
  ours: Side,
  few: number,
  theirs: Side,
  many: number,
  twins: Int32Array,
): Pick<Difference, "event" | "by"> | null {
  const edge = (side: Side, i: number) => side.edges.steps[i] ?? 0;
  const find = (side: Side, count: number, event: number | undefined) => {
    for (let i = 0; i < count; i++) if (side.events[edge(side, i)] === event) return i;
    return -1;
  };
  for (let i = 0; i < few; i++) {
    const step = edge(ours, i);
    const event = ours.names[step] ?? "";
    const k = find(theirs, many, ours.events[step]);
    if (k < 0) return { event, by: "original" };
    const isSame =
      theirs.labels[edge(theirs, k)] === ours.labels[step] &&
      theirs.edges.targets[k] === twins[ours.edges.targets[i] ?? 0];
    if (!isSame) return { event, by: "both" };
  }
  for (let k = 0; k < many; k++) {
    const step = edge(theirs, k);
    if (find(ours, few, theirs.events[step]) < 0) return { event: theirs.names[step] ?? "", by: "mutant" };
  }
  return null;
}

/** Every step of one graph is a step of the other, and who has to move can move wherever it can there. */
function refines(narrow: Side, wide: Side): boolean {
  const twins = twinsOf(narrow, wide);
  for (let state = 0; state < twins.length; state++) {
    const twin = twins[state] ?? -1;
    if (twin < 0) return false;
    const [few, many] = [narrow.edges.read(state), wide.edges.read(twin)];
    if (few === 0 && many > 0) return false;
    for (let i = 0; i < few; i++) if (!isAmong(wide, many, narrow, i, twins)) return false;
    for (let k = 0; k < many; k++) {
      const step = wide.edges.steps[k] ?? 0;
      if (!has(narrow, few, narrow.fair, wide.fair[step])) return false;
      if (!has(narrow, few, narrow.fairSteps, wide.fairSteps[step])) return false;
    }
  }
  return true;
}

/** Whether edge `i` of a side is one of so many that were read of the other. */
function isAmong(wide: Side, many: number, narrow: Side, i: number, twins: Int32Array): boolean {
  const label = narrow.labels[narrow.edges.steps[i] ?? 0];
  const target = twins[narrow.edges.targets[i] ?? 0];
  for (let k = 0; k < many; k++)
    if (wide.edges.targets[k] === target && wide.labels[wide.edges.steps[k] ?? 0] === label) return true;
  return false;
}

/** Whether one of so many edges that were read has what is asked for; 0 asks for nothing. */
function has({ edges }: Side, count: number, of: Uint32Array, wanted: number | undefined): boolean {
  if (wanted === 0) return true;
  for (let i = 0; i < count; i++) if (of[edges.steps[i] ?? 0] === wanted) return true;
  return false;
}

/** The events of a shortest run to a state. */
function runTo({ graph, edges, names }: Side, to: number): readonly string[] {
  const path = shortestPath(graph, to);
  return path.slice(1).map((state, i) => {
    const count = edges.read(path[i] ?? 0);
    return names[edges.steps[edges.targets.subarray(0, count).indexOf(state)] ?? 0] ?? "";
  });
}
