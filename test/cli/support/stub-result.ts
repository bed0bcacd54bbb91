/** Results made by hand, so that rendering is tested without an explorer. */
import type {
  CheckResult,
  Counterexample,
  PathStep,
  PropertyResult,
  StateView,
} from "../../../checker/result.ts";
import {
  enabledSteps,
  evaluate,
  flatten,
  initialState,
  type Model,
  type State,
  type System,
  same,
  scopeOf,
  takeStep,
} from "../../../models/language/index.ts";

function view(system: System, state: State): StateView {
  const points = system.instances.map((instance, i) => [instance.name, instance.points[state.points[i]!]!]);
  return { points: Object.fromEntries(points), context: state.context };
}

/** The run that takes these events one after the other. */
export function runOf(
  model: Model,
  events: readonly string[],
  failure: string,
  loopStart: number | null = null,
) {
  const system = flatten(model);
  let state = initialState(system);
  const initial = view(system, state);
  const steps = events.map((event): PathStep => {
    const step = enabledSteps(system, state).find((s) => s.event === event)!;
    const after = takeStep(system, state, step);
    const before = state;
    const args = Object.entries(step.emits?.args ?? {}).map(([name, arg]) => [
      name,
      evaluate(arg, { scope: scopeOf(system), context: before.context }),
    ]);
    const instance = system.instances[step.instance]!;
    const names = Object.keys(model.variables).filter((n) => !same(before.context[n]!, after.context[n]!));
    state = after;
    return {
      event,
      actor: instance.name,
      from: instance.points[step.from]!,
      to: instance.points[step.to]!,
      description: step.description,
      why: step.why,
      changes: names.map((name) => ({ name, before: before.context[name]!, after: after.context[name]! })),
      emits: step.emits === null ? null : { event: step.emits.event, args: Object.fromEntries(args) },
    };
  });
  const run: Counterexample = { initial, steps, loopStart, final: view(system, state), failure };
  return run;
}

/** The shortest run in which a folio is promoted after exit. */
export const raceEvents = [
  "kmmscand.lock",
  "kmmscand.take",
  "exit_mm(mm0).lock",
  "exit_mm(mm0).look",
  "kmmscand.promote",
];

/** A result with the given properties and round numbers. */
export function resultOf(
  properties: readonly PropertyResult[],
  rest: Partial<Pick<CheckResult, "cut" | "coverage" | "reductions">> = {},
): CheckResult {
  const verdicts = properties.map(({ verdict }) => verdict);
  return {
    verdict: verdicts.includes("violated")
      ? "violated"
      : verdicts.includes("inconclusive")
        ? "inconclusive"
        : "holds",
    cut: null,
    search: {
      order: "bfs",
      store: "exact",
      seeds: [],
      walks: null,
      maxDepth: null,
      bits: null,
      storeBytes: null,
      omission: 0,
    },
    properties,
    statistics: {
      states: 12345,
      transitions: 45678,
      depth: 31,
      seconds: 0.25,
      statesPerSecond: 49380,
      bytesPerState: 24.4,
      peakMemoryBytes: 3 * 2 ** 20,
    },
    coverage: { stepsNeverTaken: [], pointsNeverEntered: [], detail: null, cut: null },
    reductions: { applied: [], off: [] },
    ...rest,
  };
}

/** The verdict of a property of the model. */
export function propertyOf(model: Model, id: string, rest: Partial<PropertyResult> = {}): PropertyResult {
  const property = model.properties.find((p) => p.id === id)!;
  const { title, kind, says, defects = [] } = property;
  return {
    id,
    title,
    kind,
    says,
    defects,
    verdict: "holds",
    vacuous: false,
    reason: "true in every reachable state",
    counterexample: null,
    ...rest,
  };
}

/** What the explorer would say of the exit race, or a cut search where a limit of states is given. */
export function exitRaceResult(model: Model, fixed: boolean): CheckResult {
  const violated = {
    verdict: "violated",
    reason: "a reachable step violates it",
    counterexample: fixed
      ? null
      : runOf(model, raceEvents, "kmmscand migrates a folio of mm0, and gone[mm0] is true."),
  } as const;
  return resultOf([propertyOf(model, "S06", fixed ? {} : violated), propertyOf(model, "R01")]);
}
