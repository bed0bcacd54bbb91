/**
 * Every real log is accepted by the model of its version, and those of v0 by no other. That the large ones are accepted,
 * test/traces/shared-logs.test.ts sees on its way.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { shared, validateFile } from "../support/logs.ts";

const captures = join(shared, "traces");
const present = existsSync(captures);
if (!present) test.skip("the shared captures are not beside this checkout");

/** Whether the log is whole, so that it can be said to hold. */
const logs: readonly (readonly [string, "v0" | "v1", boolean])[] = [
  ["idle/trace.txt.gz", "v0", false],
  ["abench_calm/trace.txt.gz", "v0", true],
  ["storm_calm/trace.txt.gz", "v0", true],
  ["storm/trace.txt.gz", "v0", true],
  ["lost/trace_pipe.txt.gz", "v0", false],
  ["knobs_calm/trace.txt.gz", "v0", true],
  ["g_young/trace.txt.gz", "v0", true],
  ["g_hole/trace.txt.gz", "v0", true],
  ["g_execfail_nostart/trace.txt.gz", "v0", true],
  ["g_exitmig/trace.txt.gz", "v0", false],
  ["tracecmd_calm/trace-cmd.report.txt.gz", "v0", true],
  ["perf/perf.script.txt.gz", "v0", false],
  ["v1_abench_calm/trace.txt.gz", "v1", true],
  ["v1_storm_calm/trace.txt.gz", "v1", true],
  ["v1_hole_big/trace.txt.gz", "v1", true],
  ["v1_prctl/trace.txt.gz", "v1", true],
];

/** Of more than a hundred thousand lines. */
const large = [
  "idle",
  "storm",
  "lost",
  "g_young",
  "g_execfail_nostart",
  "g_exitmig",
  "v1_abench_calm",
  "v1_storm_calm",
];

describe.skipIf(!present).each(logs)("%s", (name, version, whole) => {
  const judge = async (patch: "v0" | "v1" | "v2" | "v3" | null) => {
    // A refusal is there at the first event that no state explains; what is accepted is read to the end.
    const given = patch === null ? {} : { patch, failFast: true };
    return (await validateFile(join(captures, name), { properties: ["M01"], ...given })).properties[0]!;
  };

  if (!large.includes(dirname(name)))
    test(`is a log of ${version}`, async () => {
      const { verdict, vacuous, violations } = await judge(null);
      expect(violations.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
      expect({ verdict, vacuous }).toEqual({ verdict: whole ? "holds" : "inconclusive", vacuous: false });
    });

  test.each(version === "v0" ? (["v1", "v3"] as const) : (["v0", "v3"] as const))(
    "is no log of %s",
    async (patch) => {
      expect((await judge(patch)).verdict).toBe("violated");
    },
  );
});
