/** Copies of the `format` files of events: which events a kernel offers, and which version of the series it runs. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../host.ts";
import { InputError } from "../input-error.ts";
import { type ProbePatch, probePatches } from "./wanted.ts";

export interface EventFormat {
  readonly system: string;
  readonly name: string;
  /** Names of the fields besides the common ones, in their order. */
  readonly fields: readonly string[];
}

/** From the text of a format file; null if it is none. */
export function parseFormat(system: string, text: string): EventFormat | null {
  const name = /^name: (\w+)\s*$/m.exec(text)?.[1];
  if (name === undefined) return null;
  const fields = [...text.matchAll(/^\s*field:[^;]*?\b(\w+)(?:\[\w*\])?;\s*offset:(\d+);/gm)].map(
    ([, field = ""]) => field,
  );
  return { system, name, fields: fields.filter((field) => !field.startsWith("common_")) };
}

/**
 * The formats in a folder: `SYSTEM.EVENT.format` as a capture has them, `SYSTEM/EVENT/format` as tracefs has.
 *
 * @throws InputError if the folder cannot be read, or holds no format
 */
export async function readFormats(
  path: string,
  shown: string,
  files: Files,
): Promise<readonly EventFormat[]> {
  const found: EventFormat[] = [];
  for (const name of await list(path, shown)) {
    const flat = /^(\w+)\.(\w+)\.format$/.exec(name);
    if (flat !== null) add(found, flat[1] ?? "", await files.readText(join(path, name)));
    else if (await isFolder(join(path, name))) {
      for (const event of await list(join(path, name), join(shown, name))) {
        const file = join(path, name, event, "format");
        if (await files.exists(file)) add(found, name, await files.readText(file));
      }
    }
  }
  if (found.length > 0) return found;
  throw new InputError(
    "no format of an event is in it; SYSTEM.EVENT.format or SYSTEM/EVENT/format is expected",
    {
      file: shown,
    },
  );
}

function add(found: EventFormat[], system: string, text: string): void {
  const format = parseFormat(system, text);
  if (format !== null) found.push(format);
}

async function list(path: string, shown: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT"
        ? "there is no such folder"
        : code === "ENOTDIR"
          ? "this is no folder"
          : `the system says ${code}`;
    throw new InputError(`cannot read the formats: ${why}`, { file: shown });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
}

/** The versions that print these fields; empty if no event of the daemon is among the formats. */
export function patchesOf(formats: readonly EventFormat[]): readonly ProbePatch[] {
  const migrate = formats.find(({ name }) => name === "kmem_scan_mm_migrate");
  const enter = formats.find(({ name }) => name === "kmem_mm_enter");
  if (migrate?.fields.includes("msuccess") === true) return ["v3"];
  const fields = migrate?.fields ?? enter?.fields;
  if (fields === undefined) return [];
  if (fields.includes("comm")) return ["v0"];
  return migrate === undefined ? probePatches.slice(1) : ["p1", "v1", "v2"];
}
