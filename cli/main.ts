#!/usr/bin/env node
/** The program: connects the process with one run. */
import { writeSync } from "node:fs";
import { ExitCode } from "./exit-code.ts";
import { VERSION } from "./version.ts";

let failed: ExitCode | null = null;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read our output has seen enough.
    if (error.code === "EPIPE") return;
    failed = ExitCode.badInput;
    process.exitCode = failed;
    if (stream === process.stdout) {
      const why = error.code === "ENOSPC" ? "no space is left on the device" : error.code;
      process.stderr.write(`kmmcheck: cannot write the output: ${why}\n`);
    }
  });
}

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  // Asked often and by scripts: answered before anything else is loaded.
  process.stdout.write(`kmmcheck ${VERSION}\n`);
} else {
  const [{ nodeHost }, { run }] = await Promise.all([import("./node-host.ts"), import("./run.ts")]);
  const interrupt = new AbortController();
  // The first Ctrl-C, or the first request to end, ends the search with what is known; by the second the system's own
  // handling is back.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  let done = false;
  // A module of the user's may wait for what never happens, or end the process.
  process.once("exit", () => {
    if (done) return;
    writeSync(
      2,
      "kmmcheck: a module ended the command, or left it waiting for ever, before there was a report\n",
    );
    process.exitCode = ExitCode.badInput;
  });
  const code = await run(args, nodeHost(interrupt.signal));
  done = true;
  process.exitCode = failed ?? code;
}
