import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The C compiler for SPIN's verifiers in the tests: what CC names, else tcc where it is installed, which takes a twentieth of the time
 * that gcc takes, and most of what these tests do is compiling.
 */
export function quickCompiler(env: NodeJS.ProcessEnv): string {
  const folders = (env["PATH"] ?? "").split(delimiter);
  return env["CC"] ?? (folders.some((folder) => existsSync(join(folder, "tcc"))) ? "tcc" : "gcc");
}
