/** What the options say, made a plan: the file that is gone on with must be of this search, the other one not be there. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { SavedCheck } from "../../checker/check.ts";
import type { CheckLimits, Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import type { LoadedModel } from "../load-model.ts";
import { bytes } from "../report/numbers.ts";
import { type CheckpointPath, isCheckpoint, readHead, tryToWrite } from "./file.ts";
import { differenceOf, type Identity, identityOf } from "./identity.ts";
import { type CheckpointWords, usualSeconds } from "./options.ts";

/** Where to store a search, and how often. */
export interface CheckpointPlan extends CheckpointPath {
  readonly identity: Identity;
  readonly everySeconds: number;
}

/** What to go on from. */
export interface ResumePlan extends CheckpointPath {
  readonly saved: SavedCheck;
  /** Where the arrays begin in the file. */
  readonly offset: number;
}

/** The limits with what the words say. Reads the head of a file that is to be gone on with, and tries to write the other. */
export function planCheckpoints(
  words: CheckpointWords,
  loaded: LoadedModel,
  limits: CheckLimits,
  host: Pick<Host, "cwd">,
): CheckLimits {
  const pathOf = (name: string): CheckpointPath => ({ path: resolve(host.cwd, name), name });
  const identity = identityOf(loaded, limits);
  const resumed = words.resume === undefined ? null : resumption(pathOf(words.resume), identity, limits);
  if (words.checkpoint === undefined) return { ...limits, ...(resumed === null ? {} : { resume: resumed }) };
  const target = pathOf(words.checkpoint);
  if (target.path !== resumed?.path && existsSync(target.path)) {
    const way = isCheckpoint(target)
      ? `go on with it by --resume ${target.name}, or remove it`
      : "it is no checkpoint of kmmcheck, so name another one";
    throw new InputError(`this file is there already: ${way}`, { file: target.name });
  }
  tryToWrite(target);
  const checkpoint = { ...target, identity, everySeconds: words.checkpointEvery ?? usualSeconds };
  return { ...limits, checkpoint, ...(resumed === null ? {} : { resume: resumed }) };
}

function resumption(from: CheckpointPath, identity: Identity, { maxMemoryBytes }: CheckLimits): ResumePlan {
  const { head, offset } = readHead(from);
  const difference = differenceOf(head.identity, identity);
  if (difference !== null) throw new InputError(`this checkpoint is ${difference}`, { file: from.name });
  const { states, words, slots } = head.saved.search;
  const needed = states * (4 * words + 4) + 4 * slots;
  if (maxMemoryBytes !== undefined && needed > maxMemoryBytes) {
    throw new InputError(
      `this checkpoint takes ${bytes(needed)} of memory, more than the ${bytes(maxMemoryBytes)} that --max-memory allows`,
      { file: from.name },
    );
  }
  return { ...from, saved: head.saved, offset };
}
