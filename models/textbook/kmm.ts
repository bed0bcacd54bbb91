/**
 * A small scanner of memory with owners that come and go: the yardstick on which engines are compared. It exists, step for
 * step, in Promela, TLA+, Murphi and as a hand-written XState machine, with equal counts. It is not a model of the
 * kernel; that one is in models/kmmscand.
 *
 * Folio `f` belongs for ever to the owner `f mod mms`. A point S4 or O7 is that of the same number in the other languages.
 */
import type { ModelEntry } from "../entry.ts";
import { declare, type Model } from "../language/index.ts";
import { owner, scanner } from "./kmm/actors.ts";
import { propertiesOf } from "./kmm/properties.ts";
import { type Sizes, variablesOf } from "./kmm/variables.ts";

function build(sizes: Sizes): Model {
  const { variables, v } = declare(variablesOf(sizes));
  return {
    name: "kmm",
    title: `Scanner of ${sizes.folios} folios of ${sizes.mms} mms, queue of ${sizes.queue}`,
    identities: { mm: sizes.mms, folio: sizes.folios },
    variables,
    actors: [scanner(v, sizes), owner(v, sizes)],
    properties: propertiesOf(v, sizes),
  };
}

export const kmm: ModelEntry = {
  name: "kmm",
  title: "Yardstick: scanner, owners and a migration queue",
  doc: "The model that the benchmark compares checkers on; its counts agree with SPIN, TLC, Murphi and XState.",
  parameters: {
    mms: { default: 1, min: 1, max: 3, doc: "Address spaces, each with its owner" },
    folios: { default: 2, min: 1, max: 6, doc: "Folios, owned in turn" },
    queue: { default: 2, min: 1, max: 4, doc: "Capacity of the migration queue" },
  },
  patches: [],
  features: [],
  build: ({ parameters }) =>
    build({
      mms: parameters["mms"] ?? 1,
      folios: parameters["folios"] ?? 2,
      queue: parameters["queue"] ?? 2,
    }),
};
