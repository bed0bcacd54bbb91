import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** Writes the licences of all packages that are bundled: each asks that its text goes along. */
export function licences(fileName: string): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const part of Object.values(bundle)) {
        for (const id of part.type === "chunk" ? part.moduleIds : []) {
          const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(id) ?? [];
          if (folder !== undefined) folders.add(folder);
        }
      }
      const texts = [...folders].sort().map((folder) => {
        const file = readdirSync(folder).find((name) => /^licen[cs]e/iu.test(name));
        if (file === undefined) this.error(`${folder} has no licence: it must stay a dependency`);
        const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName, source: texts.join(`\n${"-".repeat(80)}\n\n`) });
    },
  };
}
