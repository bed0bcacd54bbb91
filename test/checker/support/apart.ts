/** A model of which partial order leaves out almost everything. */
import {
  actor,
  at,
  finalPoint,
  type Model,
  not,
  type Property,
  point,
  step,
} from "../../../models/language/index.ts";

/** Two actors that never meet: partial order lets one end before the other begins. */
export function apart(length: number): Model {
  const chain = (name: string) => {
    const pointAt = (i: number) => `${name}:${i}`;
    const points = Array.from({ length }, (_, i) => [
      pointAt(i),
      point(step(`go${i}`, "go on", { to: pointAt(i + 1) })),
    ]);
    const all = { ...Object.fromEntries(points), [pointAt(length)]: finalPoint };
    return actor({ name, doc: "goes on", initial: pointAt(0), points: all });
  };
  const end: Property = {
    id: "END",
    title: "-",
    says: "-",
    kind: "invariant",
    holds: not(at("late", [`late:${length}`])),
  };
  return {
    name: "apart",
    title: "Two that never meet",
    identities: {},
    variables: {},
    actors: [chain("early"), chain("late")],
    properties: [end],
  };
}
