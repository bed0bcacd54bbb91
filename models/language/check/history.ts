/**
 * The check of history variables: what properties remember must not steer what happens. A guard does not read one, and
 * what an effect reads from one flows into history variables only.
 */
import type { Effect } from "../effect.ts";
import type { TransitionData } from "../model.ts";
import { own } from "../own.ts";
import { rootOf, targetsOf } from "../place.ts";
import { type Ask, report } from "./ask.ts";

/** Bound names that stand for elements of a list, with the variable that holds it. */
type Holders = Readonly<Record<string, string>>;

const holderOf = (holders: Holders) => (name: string) => own(holders, name) ?? null;

/** Reports where the step lets a history variable steer it. */
export function checkHistory(transition: TransitionData, path: string, ask: Ask): void {
  const { guard, actions = [] } = transition;
  const read = guard === undefined ? null : historyIn(guard.params, ask, {});
  if (read !== null)
    report(ask, `${path}/guard/params`, `the guard reads ${read}, which is history: kept for properties`);
  actions.forEach(({ params }, i) => {
    params.forEach((effect, k) => {
      checkFlow(effect, null, {}, `${path}/actions/${i}/params/${k}`, ask);
    });
  });
}

/** `steered` names a history variable on which it depends whether the effect is done at all. */
function checkFlow(effect: Effect, steered: string | null, holders: Holders, path: string, ask: Ask): void {
  const inside = (effects: readonly Effect[], by: string | null, names: Holders, at: string) => {
    effects.forEach((inner, i) => {
      checkFlow(inner, by, names, `${path}/${at}/${i}`, ask);
    });
  };
  if (effect.kind === "when") {
    const by = steered ?? historyIn(effect.test, ask, holders);
    inside(effect.then, by, holders, "then");
    inside(effect.else, by, holders, "else");
    return;
  }
  if (effect.kind === "each") {
    const range = "of" in effect.in ? null : effect.in.elements;
    const by = steered ?? (range === null ? null : historyIn(range, ask, holders));
    const holder = range === null ? null : rootOf(range, holderOf(holders));
    inside(effect.do, by, holder === null ? holders : { ...holders, [effect.as]: holder }, "do");
    return;
  }
  for (const target of targetsOf(effect)) {
    const written = rootOf(target, holderOf(holders));
    if (written === null || ask.scope.variables[written]?.history === true) continue;
    const read = steered ?? historyIn(effect, ask, holders);
    if (read !== null)
      report(ask, path, `${written} is written by what ${read} says, which is history: kept for properties`);
  }
}

/** A history variable that occurs in the data; null where none does. */
function historyIn(data: unknown, ask: Ask, holders: Holders): string | null {
  if (typeof data !== "object" || data === null) return null;
  const node = data as { readonly kind?: unknown; readonly name?: unknown };
  const name =
    node.kind === "var" ? String(node.name) : node.kind === "bound" ? holders[String(node.name)] : undefined;
  if (name !== undefined && ask.scope.variables[name]?.history === true) return name;
  for (const value of Object.values(data)) {
    const found = historyIn(value, ask, holders);
    if (found !== null) return found;
  }
  return null;
}
