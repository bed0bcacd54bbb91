/** The scan list alone: fork, exec and exit against the visits of the daemon. */
import type { BuildOptions, ModelEntry } from "../../entry.ts";
import { actor, get, type Model, point, self, set, step } from "../../language/index.ts";
import { sysfs } from "../administrator.ts";
import { daemon } from "./daemon.ts";
import { exitPoints, listLookup } from "./exit.ts";
import { type HasListFeature, listFeatures } from "./features.ts";
import { owner } from "./owner.ts";
import { listProperties } from "./properties.ts";
import { type ListMemory, listMemory } from "./shared-memory.ts";

export const mmList: ModelEntry = {
  name: "mm-list",
  title: "The scan list among tasks that fork, exec and exit",
  doc: "Who lists a slot, who visits it, who frees it. There are no folios: a walk is one step between taking mmap_lock and releasing it.",
  parameters: {
    mms: {
      default: 2,
      min: 1,
      max: 4,
      doc: "address spaces, each with one life from fork or exec to its end",
    },
    stores: { default: 1, min: 0, max: 4, doc: "writes of scan_enabled: off, on, off, ..." },
    delay: {
      default: 1,
      min: 0,
      max: 1,
      doc: "v1 to v3: 1 where numa_balancing_scan_delay is longer than a fork takes",
    },
  },
  patches: ["v0", "v1", "v2", "v3", "fixed"],
  features: listFeatures,
  scopes: [
    {
      name: "three mms",
      properties: ["L01"],
      patches: ["v1", "v2", "v3", "fixed"],
      parameters: { mms: 3, stores: 0 },
    },
    { name: "no delay", properties: ["S17"], patches: ["v1", "v2"], parameters: { delay: 0 } },
  ],
  build,
};

function build({ features, parameters }: BuildOptions): Model {
  const { mms = 0, stores = 0, delay = 0 } = parameters;
  const has: HasListFeature = (feature) => features[feature] === true;
  const { variables, v } = listMemory(mms);
  return {
    name: "mm-list",
    title: mmList.title,
    identities: { mm: mms },
    variables,
    actors: [
      daemon(v, has, delay === 1),
      owner(v, has, {
        exit: (caller, then) => exitPoints(v, has, caller, then),
        lookup: (caller, then, given) => listLookup(v, has, caller, then, given),
        unmapAll: [],
        slotAllocationFails: true,
      }),
      program(v),
      sysfs(v, stores),
    ],
    properties: listProperties(v, has, stores),
  };
}

function program(v: ListMemory) {
  const mm = self("mm");
  return actor({
    name: "application",
    doc: "The program on an mm: exits when it likes.",
    forEach: "mm",
    environment: true,
    initial: "application:run",
    points: {
      "application:run": point(
        step("exit", "do_exit: mmput, mm_users drops to 0", {
          when: get(v.running, mm),
          do: [set(get(v.running, mm), false), set(get(v.mm_users, mm), 0)],
        }),
        step("run", "the program goes on", { when: get(v.running, mm) }),
      ),
    },
  });
}
