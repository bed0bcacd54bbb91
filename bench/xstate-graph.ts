/** Walks the yardstick with `@xstate/graph` and prints states and seconds: `node xstate-graph.js MMS FOLIOS QUEUE`. */
import { getAdjacencyMap } from "@xstate/graph";
import { findModel, flatten } from "../models/index.ts";
import { compose } from "../models/xstate.ts";

const [mms = 1, folios = 1, queue = 1] = process.argv.slice(2).map(Number);
const entry = findModel("kmm");
if (entry === undefined) throw new Error("the yardstick model is gone");
const system = flatten(entry.build({ patch: null, features: {}, parameters: { mms, folios, queue } }));
const events = [...new Set(system.steps.map(({ event }) => event))].map((type) => ({ type }));
const begun = performance.now();
const states = Object.keys(
  getAdjacencyMap(compose(system), { events, limit: Number.POSITIVE_INFINITY }),
).length;
process.stdout.write(JSON.stringify({ states, seconds: (performance.now() - begun) / 1000 }));
