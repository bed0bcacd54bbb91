/** One run of the program: argv in, exit code out. The one catch is here. */
import { CommanderError } from "commander";
import { ExitCode } from "./exit-code.ts";
import type { Host } from "./host.ts";
import { describeInputError, InputError } from "./input-error.ts";
import { buildProgram } from "./program.ts";
import { escapeText } from "./report/escape.ts";

/** Runs the arguments after the program's name. Never throws. */
export async function run(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = ExitCode.holds;
  const program = buildProgram(host, args[0], (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return explain(error, host);
  }
}

function explain(error: unknown, host: Host): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.holds;
    if (error.code !== "commander.help") say(host, usageSentence(error.message));
    return ExitCode.badInput;
  }
  if (error instanceof InputError) {
    say(host, describeInputError(error));
    return ExitCode.badInput;
  }
  if (error instanceof Error && error.name === "WorkerDied") {
    say(host, error.message);
    return ExitCode.internal;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  say(host, `a bug of kmmcheck, please report it: ${what}`);
  if ((host.env["KMMCHECK_DEBUG"] ?? "") !== "" && error instanceof Error)
    host.stderr.write(`${error.stack}\n`);
  return ExitCode.internal;
}

/** Commander's message as one sentence: `error: unknown option '--pach'\n(Did you mean --patch?)`. */
function usageSentence(message: string): string {
  return message
    .replace(/^error: /u, "")
    .replace(/\n\(Did you mean (.*)\?\)$/su, "; did you mean $1?")
    .replaceAll(/\s*\n\s*/gu, " ");
}

function say(host: Host, sentence: string): void {
  host.stderr.write(`kmmcheck: ${escapeText(sentence.replaceAll(/\s*\n\s*/gu, " "))}\n`);
}
