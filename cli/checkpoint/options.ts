/** `--checkpoint` and `--resume`: the options, and what they do not go with. */
import type { Command } from "commander";
import { InputError } from "../input-error.ts";
import { positiveNumber } from "../options.ts";

/** What the user says of checkpoints. */
export interface CheckpointWords {
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly resume?: string;
}

/** Seconds between two checkpoints where nothing is said. */
export const usualSeconds = 600;

export function addCheckpointOptions(command: Command): Command {
  return command
    .option("--checkpoint <file>", "store the search at intervals and where it is cut, for --resume")
    .option(
      "--checkpoint-every <seconds>",
      `between two checkpoints (default: ${usualSeconds})`,
      positiveNumber("--checkpoint-every"),
    )
    .option("--resume <file>", "go on with a stored search");
}

/** Refuses what has no use for checkpoints. */
export function refuseCheckpoints(words: CheckpointWords, refused: Readonly<Record<string, boolean>>): void {
  const given = [
    words.checkpoint === undefined ? [] : ["--checkpoint"],
    words.resume === undefined ? [] : ["--resume"],
  ].flat();
  if (words.checkpointEvery !== undefined && words.checkpoint === undefined)
    throw new InputError("--checkpoint-every is for --checkpoint FILE");
  if (given.length === 0) return;
  const verb = given.length > 1 ? "are" : "is";
  for (const [reason, applies] of Object.entries(refused)) {
    if (applies)
      throw new InputError(
        `${given.join(" and ")} ${verb} for one breadth-first search with exact states, ${reason}`,
      );
  }
}
