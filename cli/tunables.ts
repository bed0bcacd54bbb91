/** The file of tunables that `validate --config` and the gate read: sysfs names outside, the monitors' names inside. */
import { resolve } from "node:path";
import { validate } from "../schemas/tunables.schema.json?validator";
import type { Tunables } from "../traces/validate.ts";
import type { Host } from "./host.ts";
import { checkSchema, readJson } from "./json-file.ts";

/** The tunables as their file names them; `schemas/tunables.schema.json` describes it. */
export interface TunablesFile {
  readonly mm_scan_period_ms?: number;
  readonly scan_sleep_ms?: number;
  readonly mms_to_scan?: number;
  readonly pte_scan_scale?: number;
  readonly top_tier_nodes?: readonly number[];
}

export async function readTunables(name: string, host: Host): Promise<Tunables> {
  const file = await readJson(resolve(host.cwd, name), name, host.files);
  checkSchema(file, validate, "tunables of the daemon");
  return tunablesOf(file.value as TunablesFile);
}

export function tunablesOf(file: TunablesFile): Tunables {
  const { mm_scan_period_ms, scan_sleep_ms, mms_to_scan, pte_scan_scale, top_tier_nodes } = file;
  return {
    ...(mm_scan_period_ms === undefined ? {} : { scanPeriodMs: mm_scan_period_ms }),
    ...(scan_sleep_ms === undefined ? {} : { scanSleepMs: scan_sleep_ms }),
    ...(mms_to_scan === undefined ? {} : { mmsToScan: mms_to_scan }),
    ...(pte_scan_scale === undefined ? {} : { pteScanScale: pte_scan_scale }),
    ...(top_tier_nodes === undefined ? {} : { topTierNodes: top_tier_nodes }),
  };
}
