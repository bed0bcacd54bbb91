/** The build: the command and the doors of the library, with what they share in chunks; beside them the repository's tools. */
import { chmodSync } from "node:fs";
import { defineConfig } from "rolldown";
import { emptied } from "./build/emptied.ts";
import { chunkNames } from "./build/groups.ts";
import { licences } from "./build/licences.ts";
import { validators } from "./build/validators.ts";

/** Whoever runs our machines needs the interpreter that they were made with; momoa ships no text of its licence. */
const external = ["xstate", "@xstate/graph", "@humanwhocodes/momoa"];

/** What all threads need, all commands, all models and all logs. Each file more costs a millisecond at the start. */
const groups = [
  { name: "host", of: ["cli/node-host.ts", "cli/report/numbers.ts"] },
  { name: "start", of: ["cli/run.ts"] },
  { name: "language", of: ["models/one-mm.ts", "checker/lower/program.ts"] },
  { name: "logs", of: ["traces/validate.ts"] },
];

export default defineConfig([
  {
    // Doors and command in one build: a model of the user's that imports a door shares the command's modules.
    input: {
      "cli/main": "cli/main.ts",
      "cli/check-in-worker": "cli/check-in-worker.ts",
      "cli/check-worker": "cli/check-worker.ts",
      "models/index": "models/index.ts",
      "models/xstate": "models/xstate.ts",
      "checker/check": "checker/check.ts",
      "traces/validate": "traces/validate.ts",
    },
    platform: "node",
    external,
    preserveEntrySignatures: "allow-extension",
    // Compiling schemas takes most of the build, which is known.
    checks: { bundlerTimings: false },
    plugins: [
      validators(),
      // tsc leaves out types that it has written before.
      emptied("dist", "types"),
      licences("third-party-licences.txt"),
      { name: "executable", writeBundle: () => chmodSync("dist/cli/main.js", 0o755) },
    ],
    output: {
      dir: "dist",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name].js",
      codeSplitting: {
        groups: [{ name: chunkNames(groups, ["cli/main.ts"]), debugName: "groups" }],
        includeDependenciesRecursively: false,
      },
    },
  },
  {
    input: {
      bench: "bench/main.ts",
      "xstate-graph": "bench/xstate-graph.ts",
      "findings-markdown": "cli/report/findings-markdown.ts",
    },
    platform: "node",
    external,
    output: { dir: "dist/tools", entryFileNames: "[name].js", chunkFileNames: "[name].js" },
  },
]);
