/** Whether two models have the same observable behaviour, state by state. */
import { flatten, type Model, type System } from "../models/language/index.ts";
import { type Exploration, explore, type Limits } from "./explore/explore.ts";
import { InternalError } from "./internal-error.ts";
import { lowerModel } from "./lower/program.ts";
import { withoutHistory } from "./mutate/history.ts";
import { shortestPath } from "./property/shortest-path.ts";
import { successorReader } from "./property/successors.ts";
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

/** Limits of the comparison: those of each of its two explorations, and the seconds of both. */
export type CompareLimits = Omit<Limits, "started" | "stopAtFirst" | "onProgress" | "parallel">;

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
 * @throws InternalError where the models do not have the same variables and program points
 */
export function compareGraphs(original: Model, mutant: Model, limits: CompareLimits): Comparison {
  const timed = begun(limits);
  const [left, right] = [observe(original, timed), observe(mutant, timed)];
  const cut = left.graph.cut ?? right.graph.cut;
  if (cut !== null) return { kind: "undecided", reason: cut };
  checkAlike(left, right);
  const found = lockstep(left, right);
  return found.kind === "different" ? withoutDead(left, right, timed, found) : found;
}

/** What is said of the graphs without values of local variables that neither model reads again; `found` where even those differ. */
function withoutDead(left: Observed, right: Observed, limits: Timed, found: Comparison): Comparison {
  const { properties } = left.system.model;
  const [ours, theirs] = [left, right].map(({ graph, system }) =>
    deadLocals(graph.program.env, properties, ({ index }) => {
      const step = system.steps[index];
      return step === undefined ? [] : emittedReads(step);
    }),
  );
  const dead = deadInBoth(ours ?? [], theirs ?? []);
  if (dead.length === 0) return found;
  const live = ({ graph, ...observed }: Observed): Observed => {
    const program = reduceProgram(graph.program, { kinds: [], ample: [], dead });
    return { ...observed, graph: explore(program, [], quietly(limits)) };
  };
  const [few, many] = [live(left), live(right)];
  if (few.graph.cut !== null || many.graph.cut !== null) return found;
  const again = lockstep(few, many);
  return again.kind === "equal" ? again : found;
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
  narrow: Model,
  wide: Model,
  nameOf: (step: string) => string,
  limits: CompareLimits,
): Refinement {
  const timed = begun(limits);
  const [few, many] = [observe(narrow, timed), observe(wide, timed)];
  const cut = few.graph.cut ?? many.graph.cut;
  if (cut !== null) return { kind: "undecided", reason: cut };
  checkAlike(few, many);
  return { kind: refines(few, { ...many, nameOf }) ? "yes" : "no" };
}

interface Observed {
  readonly graph: Exploration;
  /** With trace events, which the graph has not. */
  readonly system: System;
  /** The name under which a step is compared. */
  readonly nameOf: (step: string) => string;
}

type Timed = CompareLimits & Pick<Limits, "started">;

function quietly(limits: Timed): Limits {
  return { ...limits, stopAtFirst: false, onProgress: () => {} };
}

/** The limits of two explorations whose seconds count from here. */
function begun(limits: CompareLimits): Timed {
  return { ...limits, started: limits.now() };
}

function observe(model: Model, limits: Timed): Observed {
  const program = lowerModel(withoutHistory(model));
  const graph = explore(program, [], quietly(limits));
  return { graph, system: flatten(model), nameOf: (step) => step };
}

function checkAlike(left: Observed, right: Observed): void {
  if (JSON.stringify(left.graph.program.layout) !== JSON.stringify(right.graph.program.layout))
    throw new InternalError("graphs of different variables or program points were compared");
}

/**
 * Both start in the same state. Where every state that the original reaches is left by the same steps to the same states in
 * both, the mutant reaches no other one.
 */
function lockstep(left: Observed, right: Observed): Comparison {
  const [ours, theirs] = [edgesOf(left), edgesOf(right)];
  const { arena, counts, program } = left.graph;
  const { words } = program.layout;
  for (let s = 0; s < counts.states; s++) {
    const twin = right.graph.find(arena.subarray(s * words, (s + 1) * words));
    if (twin < 0) throw new InternalError("a state that both reach was found in one graph only");
    const found = firstDifference(ours(s), theirs(twin));
    if (found !== null) {
      const kind = refines(right, left) ? "narrower" : "different";
      return { kind, difference: { after: runTo(left.graph, s, ours), ...found } };
    }
  }
  if (counts.states !== right.graph.counts.states)
    throw new InternalError("graphs with the same steps have different numbers of states");
  return { kind: "equal", states: counts.states, transitions: counts.transitions };
}

/** Every step of one graph is a step of the other, and who has to move can move wherever it can there. */
function refines(narrow: Observed, wide: Observed): boolean {
  const [few, many] = [edgesOf(narrow), edgesOf(wide)];
  const { arena, counts, program } = narrow.graph;
  const { words } = program.layout;
  for (let s = 0; s < counts.states; s++) {
    const twin = wide.graph.find(arena.subarray(s * words, (s + 1) * words));
    if (twin < 0) return false;
    const [ours, theirs] = [few(s), many(twin)];
    const included = ours.every(({ label, target }) =>
      theirs.some((edge) => edge.label === label && edge.target === target),
    );
    const goesOn = ours.length > 0 || theirs.length === 0;
    const able = theirs.every(
      ({ fair, fairStep }) =>
        (fair === null || ours.some((edge) => edge.fair === fair)) &&
        (fairStep === null || ours.some((edge) => edge.fairStep === fairStep)),
    );
    if (!included || !goesOn || !able) return false;
  }
  return true;
}

interface Edge {
  readonly event: string;
  /** The event and what it shows. */
  readonly label: string;
  /** The words of the state after it; null where the step is an error of the model. */
  readonly target: string;
  readonly number: number;
  /** The instance that moves, where runs have to be fair to it. */
  readonly fair: number | null;
  /** The label of a step to which runs have to be fair by itself. */
  readonly fairStep: string | null;
}

function edgesOf({ graph, system, nameOf }: Observed): (state: number) => readonly Edge[] {
  const reader = successorReader(graph);
  const { words } = graph.program.layout;
  const events = system.steps.map(({ event, name }) => event.replace(`.${name}`, `.${nameOf(name)}`));
  // A step that asks for fairness is told from the other alternatives of its event.
  const labels = system.steps.map(
    ({ emits, fairness, from, description }, i) =>
      `${events[i]} ${JSON.stringify(emits)}${fairness === null ? "" : ` ${fairness} ${from} ${description}`}`,
  );
  return (state) =>
    Array.from({ length: reader.read(state) }, (_, i) => {
      const [step, number] = [reader.steps[i] ?? -1, reader.targets[i] ?? -1];
      const instance = system.steps[step]?.instance ?? -1;
      return {
        fair: system.instances[instance]?.actor.fairness === "none" ? null : instance,
        fairStep: (system.steps[step]?.fairness ?? null) === null ? null : (labels[step] ?? null),
        event: events[step] ?? "",
        label: labels[step] ?? "",
        target: graph.arena.subarray(number * words, (number + 1) * words).join(),
        number,
      };
    });
}

function firstDifference(
  ours: readonly Edge[],
  theirs: readonly Edge[],
): Pick<Difference, "event" | "by"> | null {
  for (const edge of ours) {
    const other = theirs.find(({ event }) => event === edge.event);
    if (other === undefined) return { event: edge.event, by: "original" };
    if (other.label !== edge.label || other.target !== edge.target) return { event: edge.event, by: "both" };
  }
  const extra = theirs.find(({ event }) => !ours.some((edge) => edge.event === event));
  return extra === undefined ? null : { event: extra.event, by: "mutant" };
}

/** The events of a shortest run to a state. */
function runTo(graph: Exploration, to: number, edges: (state: number) => readonly Edge[]): readonly string[] {
  const path = shortestPath(graph, to);
  return path
    .slice(1)
    .map((state, i) => edges(path[i] ?? 0).find(({ number }) => number === state)?.event ?? "");
}
