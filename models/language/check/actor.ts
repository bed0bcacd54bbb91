/** The check of actors: their program points and steps. */
import type { Actor, TransitionData } from "../model.ts";
import { own } from "../own.ts";
import { bind, type Scope } from "../scope.ts";
import { sizeOf } from "../sort.ts";
import { type Ask, checkIdentity, checkName, pointerName, report, reportUnknown } from "./ask.ts";
import { checkEffects } from "./effect.ts";
import { checkExpr } from "./expr.ts";
import { checkHistory } from "./history.ts";
import { boolean } from "./suits.ts";

/** Most events that one step may stand for, over all instances and choices. */
const mostEvents = 5000;

export function checkActor(actor: Actor, path: string, ask: Ask): void {
  checkName(ask, actor.name, `${path}/name`);
  if (actor.forEach !== undefined) checkIdentity(ask, actor.forEach, `${path}/forEach`);
  if (!["weak", "strong", "none"].includes(actor.fairness)) {
    reportUnknown(ask, `${path}/fairness`, "fairness", actor.fairness, ["weak", "strong", "none"]);
  }
  const { initial, states } = actor.config;
  const known = Object.keys(states);
  if (own(states, initial) === undefined) {
    const message = `actor ${actor.name} starts at ${initial}, which is not one of its program points`;
    report(ask, `${path}/config/initial`, message, { given: initial, known });
  }
  const inner: Ask = { ...ask, scope: scopeOfActor(actor, ask.scope) };
  for (const [point, data] of Object.entries(states)) {
    const at = `${path}/config/states/${pointerName(point)}`;
    checkName(ask, point, at);
    const steps = Object.entries(data.on ?? {});
    if (data.type === "final" && steps.length > 0) report(ask, at, `final point ${point} has steps`);
    for (const [name, alternatives] of steps) {
      const here = `${at}/on/${pointerName(name)}`;
      checkName(ask, name, here);
      if (alternatives.length === 0) report(ask, here, `step ${name} has no alternatives`);
      alternatives.forEach((transition, k) => {
        checkTarget(actor, name, transition, `${here}/${k}`, ask);
        checkFairness(transition, `${here}/${k}`, ask);
        checkChoices(actor, name, alternatives, k, `${here}/${k}`, ask);
        checkTransition(transition, `${here}/${k}`, inner);
        checkHistory(transition, `${here}/${k}`, inner);
      });
    }
  }
}

/** The scope in which an actor's steps stand: `self` is bound where it has an instance for each individual. */
export function scopeOfActor(actor: Actor, scope: Scope): Scope {
  if (actor.forEach === undefined) return scope;
  return bind(scope, "self", { kind: "id", of: actor.forEach, nullable: false });
}

/** The scope in which a step's guard and effects stand: its choices are bound as well. */
export function scopeOfStep(transition: TransitionData | undefined, scope: Scope): Scope {
  return Object.entries(transition?.meta?.choose ?? {}).reduce(
    (inner, [as, of]) => bind(inner, as, { kind: "id", of, nullable: false }),
    scope,
  );
}

function checkTarget(actor: Actor, name: string, { target }: TransitionData, path: string, ask: Ask): void {
  const { states } = actor.config;
  if (target === undefined || own(states, target) !== undefined) return;
  const message = `step ${name} goes to ${target}, which is not a program point of ${actor.name}`;
  report(ask, `${path}/target`, message, { given: target, known: Object.keys(states) });
}

function checkFairness({ meta }: TransitionData, path: string, ask: Ask): void {
  const known = ["weak", "strong"];
  if (meta?.fairness === undefined || known.includes(meta.fairness)) return;
  reportUnknown(ask, `${path}/meta/fairness`, "fairness of a step", meta.fairness, known);
}

function checkChoices(
  actor: Actor,
  name: string,
  alternatives: readonly TransitionData[],
  k: number,
  path: string,
  ask: Ask,
): void {
  const choose = alternatives[k]?.meta?.choose ?? {};
  const { identities } = ask.scope;
  let events = actor.forEach === undefined ? 1 : sizeOf(identities, actor.forEach);
  for (const [as, of] of Object.entries(choose)) {
    const at = `${path}/meta/choose/${pointerName(as)}`;
    checkName(ask, as, at);
    checkIdentity(ask, of, at);
    events *= sizeOf(identities, of);
  }
  if (events > mostEvents) {
    const message = `step ${name} stands for ${events} events, but at most ${mostEvents} are possible`;
    report(ask, `${path}/meta/choose`, message);
  }
  // Alternatives share their events, so they must choose alike.
  if (JSON.stringify(choose) !== JSON.stringify(alternatives[0]?.meta?.choose ?? {})) {
    report(ask, `${path}/meta/choose`, `the alternatives of ${name} choose different individuals`);
  }
}

function checkTransition(transition: TransitionData, path: string, ask: Ask): void {
  const inner: Ask = { ...ask, scope: scopeOfStep(transition, ask.scope) };
  if (transition.guard !== undefined) {
    checkExpr(transition.guard.params, boolean, `${path}/guard/params`, inner);
  }
  (transition.actions ?? []).forEach(({ params }, i) => {
    checkEffects(params, `${path}/actions/${i}/params`, inner);
  });
  for (const [arg, expr] of Object.entries(transition.meta?.emits?.args ?? {})) {
    checkExpr(expr, null, `${path}/meta/emits/args/${pointerName(arg)}`, inner);
  }
}
