/** The check of tests of program points. */
import type { ExprData } from "../expr.ts";
import type { Sort } from "../sort.ts";
import { type Ask, report, reportUnknown } from "./ask.ts";

/** Returns the sort that the individual in it must have, where it names one. */
export function checkAt(expr: ExprData & { readonly kind: "at" }, path: string, ask: Ask): Sort | null {
  if (!ask.points) {
    report(ask, path, "a program point is read outside a property");
    return null;
  }
  const actor = ask.actors.find(({ name }) => name === expr.actor);
  if (actor === undefined) {
    const known = ask.actors.map(({ name }) => name);
    reportUnknown(ask, `${path}/actor`, "actor", expr.actor, known);
    return null;
  }
  const known = Object.keys(actor.config.states);
  expr.points.forEach((given, i) => {
    if (known.includes(given)) return;
    const message = `actor ${actor.name} has no program point ${given}`;
    report(ask, `${path}/points/${i}`, message, { given, known });
  });
  if (actor.forEach === undefined) {
    if (expr.self !== undefined)
      report(ask, `${path}/self`, `actor ${actor.name} has one instance, so no individual can be named`);
    return null;
  }
  if (expr.self === undefined)
    report(ask, path, `actor ${actor.name} has an instance for each ${actor.forEach}: one must be named`);
  return { kind: "id", of: actor.forEach, nullable: false };
}
