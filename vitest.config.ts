import { defineConfig } from "vitest/config";
import { LongestFirst } from "./build/longest-first.ts";
import { validators } from "./build/validators.ts";
import { hasPrograms } from "./test/cli/support/built.ts";

/** Tests that put another module in the place of ours (`vi.mock`): each needs modules of its own. */
const mocking = ["**/check-reductions.test.ts"];

// The processes of the tests inherit this: the C library may ask for huge pages, as searches spend a tenth of their time on new pages.
process.env["GLIBC_TUNABLES"] ??= "glibc.malloc.hugetlb=1";

export default defineConfig({
  plugins: [validators()],
  test: {
    dir: "test",
    exclude: ["dist/**", "node_modules/**"],
    testTimeout: 120_000,
    // vitest leaves one core idle by default; some of these tests wait for processes of their own.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    setupFiles: ["./test/seed.ts"],
    // Most of what tests with SPIN do is compiling, and tcc takes a twentieth of the time that gcc takes.
    env: { CC: process.env["CC"] ?? (hasPrograms("tcc") ? "tcc" : "gcc") },
    // V8 optimises what has run so much (it says 67,584): searches of small models are over before code of their own pays for that.
    // And each of the two processes has a processor: threads of V8 beside them would only take turns with the other one.
    execArgv: ["--interrupt-budget=1000000", "--single-threaded"],
    projects: [
      {
        extends: true,
        // Two processes for all files: loading and compiling our modules for each file was a quarter of the time.
        test: { name: "together", isolate: false, include: ["**/*.test.ts"], exclude: mocking },
      },
      { extends: true, test: { name: "alone", include: mocking } },
    ],
  },
});
