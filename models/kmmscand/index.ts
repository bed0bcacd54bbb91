/** Models of the daemon and of its arithmetic. */
import type { ModelEntry } from "../entry.ts";
import { daemon } from "./daemon/daemon.ts";
import { migration } from "./migration/migration.ts";
import { mmList } from "./mm-list/mm-list.ts";
import { oneMm } from "./one-mm/one-mm.ts";
import { pte } from "./pte/pte.ts";
import { scan } from "./scan/scan.ts";
import { sysfs } from "./sysfs/sysfs.ts";
import { system } from "./system/system.ts";
import { targetNode } from "./target-node/target-node.ts";
import { throttle } from "./throttle/throttle.ts";

export const kmmscandModels: readonly ModelEntry[] = [
  system,
  mmList,
  migration,
  throttle,
  oneMm,
  daemon,
  pte,
  scan,
  sysfs,
  targetNode,
];
