/** The real host: this process, its streams, the file system, a worker thread for the exploration. */
import {
  access,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Files, Host, Output } from "./host.ts";
import { InputError } from "./input-error.ts";

/** Why the system refused, in words; null for what is no failure of the system. */
function refusal(error: unknown): string | null {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "this is a directory, not a file";
    case "ENOTDIR":
      return "a part of this path is not a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "no space is left on the device";
    case "EDQUOT":
      return "the disk quota is exceeded";
    case "EMFILE":
    case "ENFILE":
      return "too many files are open";
    case "ELOOP":
      return "links lead round in a circle";
    case "ENAMETOOLONG":
      return "the name is too long";
    case "ERR_FS_FILE_TOO_LARGE":
      return "the file is larger than 2 GiB";
    default:
      return typeof code === "string" ? `the system says ${code}` : null;
  }
}

/** An InputError for a refusal of the system; other errors pass. */
export function fileError(error: unknown, path: string, doing: string): unknown {
  const why = refusal(error);
  return why === null ? error : new InputError(`cannot ${doing}: ${why}`, { file: path });
}

export const nodeFiles: Files = {
  async readText(path) {
    let data: Buffer;
    try {
      data = await readFile(path);
    } catch (error) {
      throw fileError(error, path, "read");
    }
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw new InputError("this is not UTF-8 text", { file: path });
    }
  },
  async replace(path, text) {
    try {
      const target = await targetOf(path);
      if (target.special) await writeFile(path, text);
      else await writeWhole(target, text);
    } catch (error) {
      throw fileError(error, path, "write");
    }
  },
  async exists(path) {
    try {
      await access(path);
      return true;
    } catch {
      return false;
    }
  },
  async makeFolder(path) {
    if (await nodeFiles.exists(path)) throw new InputError("is there already", { file: path });
    try {
      await makeFolders(path);
    } catch (error) {
      throw fileError(error, path, "make");
    }
  },
};

/** What is to be written: a file of its own, or one that links lead to; `mode` of one that is there. */
type Target =
  | { readonly special: true }
  | { readonly special: false; readonly path: string; readonly mode?: number };

/** Devices, pipes and sockets are written to: a file in their place would take them away from everyone. */
async function targetOf(path: string): Promise<Target> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (there === null) {
    // A link that leads nowhere yet says where the file is to be.
    const link = await readlink(path).catch(() => null);
    return link === null ? { special: false, path } : targetOf(resolve(dirname(path), link));
  }
  // A directory is refused when the file is renamed.
  if (!there.isFile() && !there.isDirectory()) return { special: true };
  return { special: false, path: await realpath(path), mode: there.mode & 0o777 };
}

/** Under another name first, so that the file is there as a whole or not at all. */
async function writeWhole(
  { path, mode }: { readonly path: string; readonly mode?: number },
  text: string,
): Promise<void> {
  const { randomBytes } = await import("node:crypto");
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** One folder after the other: where a file system refuses new ones, `recursive` of node tries for ever. */
async function makeFolders(path: string): Promise<void> {
  const above = dirname(path);
  if (above !== path && !(await nodeFiles.exists(above))) await makeFolders(above);
  await mkdir(path);
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : null,
  };
}

async function usableMemory(): Promise<number> {
  const { freeMemory, memoryShare } = await import("./free-memory.ts");
  return memoryShare(freeMemory());
}

export function nodeHost(interrupt: AbortSignal): Host {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now(),
    today: () => new Date().toISOString().slice(0, 10),
    files: nodeFiles,
    interrupt,
    processors: availableParallelism(),
    memory: usableMemory,
    check: async (model, limits, onProgress, onWarning) => {
      const { checkInWorker } = await import("./check-in-worker.ts");
      const bounded = { maxMemoryBytes: await usableMemory(), ...limits };
      return checkInWorker(model, bounded, { onProgress, onWarning }, interrupt);
    },
    mutate: async (model, limits, onMutant) => {
      const { mutateInWorker } = await import("./check-in-worker.ts");
      return mutateInWorker(model, limits, onMutant, interrupt);
    },
    catalogue: async () => (await import("../models/index.ts")).catalogue,
  };
}
