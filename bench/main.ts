/**
 * The benchmark: prints one line for each measurement, as ratios where there is a peer to run beside. Each pair runs
 * alternately in one session, three times, and the fastest run of each counts.
 *
 *     npm run bench                      everything that this machine can run
 *     KMMCHECK_LOG=trace.txt.gz npm run bench      judge this log instead of the largest shared one
 */
import { existsSync } from "node:fs";
import { benchExplore } from "./explore.ts";
import { benchLongLog, benchValidate } from "./validate.ts";

const shared = new URL("../../../shared/traces/storm/trace.txt.gz", import.meta.url).pathname;
const shipped = new URL("../../examples/v0-storm-calm-cut.txt.gz", import.meta.url).pathname;
const log = process.env["KMMCHECK_LOG"] ?? (existsSync(shared) ? shared : shipped);

const lines = [...benchExplore(), ...benchValidate(log), ...benchLongLog(log, 1e9)];
for (const line of lines) process.stdout.write(`${line}\n`);
