import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Leaves nothing of an earlier build in the folder but `kept`. */
export function emptied(folder: string, kept: string): Plugin {
  return {
    name: "emptied",
    buildStart() {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) {
        if (name !== kept) rmSync(join(folder, name), { recursive: true });
      }
    },
  };
}
