/** What a user waits for before anything is computed. */
import { ours } from "./contenders.ts";
import { type Contender, runInTurn } from "./run.ts";
import type { Section } from "./table.ts";

const once = () => ({ amount: 1 });

/** The version, the first exploration, and node doing nothing. */
export async function benchStart(repetitions: number): Promise<Section> {
  const empty: Contender = {
    name: "node, an empty program",
    command: process.execPath,
    args: ["-e", "0"],
    read: once,
  };
  const rows = await runInTurn(
    [
      ours("kmmcheck --version", ["--version"], once),
      empty,
      ours("kmmcheck models", ["models"], once),
      ours("kmmcheck explore", ["explore"], once),
    ],
    repetitions,
  );
  return { title: "start-up", unit: { name: "runs", size: 1 }, rows, byRate: false, notes: [] };
}
