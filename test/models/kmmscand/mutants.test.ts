/** What becomes of the mutants of small models, to the number: a weaker property, or a step that nobody judges, shows here. */
import { expect, test } from "vitest";
import { judgeMutants, type Operator } from "../../../checker/mutation.ts";
import type { ModelEntry } from "../../../models/entry.ts";
import { migration } from "../../../models/kmmscand/migration/migration.ts";
import { mmList } from "../../../models/kmmscand/mm-list/mm-list.ts";
import { pte } from "../../../models/kmmscand/pte/pte.ts";
import { scan } from "../../../models/kmmscand/scan/scan.ts";
import { sysfs } from "../../../models/kmmscand/sysfs/sysfs.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { targetNode } from "../../../models/kmmscand/target-node/target-node.ts";
import { throttle } from "../../../models/kmmscand/throttle/throttle.ts";
import { build } from "./build.ts";

interface Expected {
  readonly killed: number;
  readonly equivalent: number;
  readonly narrower: number;
  readonly wider: number;
  readonly survived: readonly string[];
}

/** Some operators only, for the sake of time; docs/mutate.md has all. */
test.each<[string, ModelEntry, Record<string, number>, readonly Operator[], Expected]>([
  [
    "throttle",
    throttle,
    {},
    ["drop-step", "drop-guard", "drop-effect"],
    { killed: 62, equivalent: 12, narrower: 15, wider: 0, survived: [] },
  ],
  [
    "mm-list",
    mmList,
    { mms: 1 },
    ["drop-step", "drop-lock"],
    { killed: 29, equivalent: 3, narrower: 9, wider: 0, survived: ["trylock_fails drop-step"] },
  ],
  [
    "pte",
    pte,
    {},
    ["drop-step", "drop-guard", "drop-lock", "drop-effect"],
    { killed: 109, equivalent: 29, narrower: 4, wider: 18, survived: [] },
  ],
  [
    "scan",
    scan,
    { mms: 1 },
    ["drop-step", "drop-lock", "drop-effect"],
    { killed: 60, equivalent: 14, narrower: 14, wider: 2, survived: [] },
  ],
  [
    "migration",
    migration,
    {},
    ["drop-lock", "widen-constant"],
    { killed: 58, equivalent: 4, narrower: 1, wider: 0, survived: [] },
  ],
  [
    "sysfs",
    sysfs,
    {},
    ["drop-step", "drop-guard", "drop-lock", "drop-effect", "swap-effects", "widen-constant"],
    { killed: 34, equivalent: 0, narrower: 13, wider: 0, survived: [] },
  ],
  [
    "target-node",
    targetNode,
    {},
    ["drop-lock", "drop-effect"],
    { killed: 33, equivalent: 1, narrower: 0, wider: 15, survived: [] },
  ],
  [
    "system",
    system,
    { folios: 1, queue: 1 },
    ["drop-lock"],
    { killed: 23, equivalent: 4, narrower: 0, wider: 0, survived: [] },
  ],
])("%s", (_name, entry, parameters, operators, expected) => {
  const { mutants } = judgeMutants(build(entry, "fixed", { parameters }), { now: () => 0, operators });
  const of = (kind: string) => mutants.filter(({ outcome }) => outcome.kind === kind);
  expect({
    killed: of("killed").length,
    equivalent: of("equivalent").length,
    narrower: of("narrower").length,
    wider: of("wider").length,
    survived: of("survived").map(({ step, change }) => `${step} ${change.operator}`),
  }).toEqual(expected);
});
