/** The model language: sorts, expressions, effects, actors and their composition, all as data. */
export * from "./actor.ts";
export { checkModel, type Diagnostic } from "./check.ts";
export * from "./effect.ts";
export { type Context, type Environment, evaluate, type Locals, sortIn, valuesOf } from "./evaluate.ts";
export * from "./expr.ts";
export type { Respect } from "./fairness.ts";
export { antecedentOf, type Formula, ltl, runFormula } from "./formula.ts";
export { formulaOf } from "./formula-text.ts";
export * from "./model.ts";
export { ModelError, perform } from "./perform.ts";
export { rootOf, targetsOf } from "./place.ts";
export { fairnessOn, holdsOn, type InfiniteRun, whyNotFair } from "./run.ts";
export { bind, elementSort, type Scope, sortOf } from "./scope.ts";
export * from "./sort.ts";
export {
  enabledSteps,
  environmentOf,
  falsifies,
  holdsIn,
  initialState,
  isAbout,
  isEnabled,
  type State,
  scopeOf,
  takeStep,
} from "./state.ts";
export { type Bindings, flatten, type Instance, type Step, type System, substitute } from "./system.ts";
export { misfit, same } from "./value.ts";
