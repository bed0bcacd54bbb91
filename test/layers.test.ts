/** Which folder may import which: the table of docs/architecture.md, kept by this test. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

interface Layer {
  /** Files it covers, by prefix; the longest prefix counts. */
  readonly of: string;
  /** Prefixes of our own files that it may import, its own apart. */
  readonly ours: readonly string[];
  /** Packages and node modules that it may import, by prefix. */
  readonly others: readonly string[];
  readonly why: string;
}

const layers: readonly Layer[] = [
  { of: "schemas/", ours: [], others: [], why: "schemas are data" },
  { of: "models/language/", ours: [], others: ["xstate"], why: "the language knows no model" },
  {
    of: "models/entry.ts",
    ours: ["models/language/"],
    others: [],
    why: "what the catalogue knows of a model",
  },
  { of: "models/", ours: ["models/"], others: [], why: "models are data in the language" },
  {
    of: "checker/lower/",
    ours: ["models/language/"],
    others: [],
    why: "lowering starts from a flattened model",
  },
  {
    of: "checker/explore/",
    ours: ["checker/lower/", "models/language/"],
    others: [],
    why: "the search runs what was lowered",
  },
  {
    of: "checker/property/",
    ours: ["checker/explore/", "checker/lower/", "models/language/"],
    others: [],
    why: "properties are judged on what was explored",
  },
  {
    of: "checker/explain/",
    ours: ["checker/result.ts", "checker/internal-error.ts", "models/language/"],
    others: [],
    why: "explanations come from the reference evaluator",
  },
  { of: "checker/", ours: ["checker/", "models/language/"], others: [], why: "the door of the checker" },
  {
    of: "traces/read/",
    ours: ["traces/", "schemas/"],
    others: ["ajv", "node:"],
    why: "the only place but cli/ that touches files and streams",
  },
  {
    of: "traces/",
    ours: ["traces/", "models/", "checker/lower/", "schemas/"],
    others: [],
    why: "judging logs",
  },
  {
    of: "cli/report/",
    ours: ["cli/", "checker/result.ts", "checker/check.ts", "traces/validate.ts", "models/"],
    others: ["node:util"],
    why: "reports are functions of results",
  },
  {
    of: "cli/",
    ours: ["cli/", "schemas/", "models/index.ts", "checker/check.ts", "traces/validate.ts", "package.json"],
    others: [
      "commander",
      "ajv",
      "xstate",
      "@xstate/graph",
      "node:",
      "fastest-levenshtein",
      "@humanwhocodes/momoa",
    ],
    why: "commands use the doors of the folders",
  },
  {
    of: "bench/",
    ours: ["bench/", "models/index.ts", "checker/check.ts", "traces/validate.ts"],
    others: ["node:"],
    why: "benchmarks measure what users run",
  },
];

interface Import {
  readonly from: string;
  /** Path of our own file, or the name of a package. */
  readonly to: string;
  readonly ours: boolean;
}

/** Static, re-exporting, type-only and dynamic imports of a source text. */
function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const pattern =
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
  return [...code.matchAll(pattern)].map(([, listed, bare, dynamic]) => {
    const specifier = listed ?? bare ?? dynamic ?? "";
    const ours = specifier.startsWith(".");
    return { from: file, to: ours ? normalize(join(dirname(file), specifier)) : specifier, ours };
  });
}

function violations(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, to, ours }) => {
    const layer = layers
      .filter(({ of }) => from.startsWith(of))
      .toSorted((a, b) => b.of.length - a.of.length)[0];
    if (layer === undefined) return [`${from} is in no layer`];
    if (ours && to.startsWith(layer.of)) return [];
    return (ours ? layer.ours : layer.others).some((prefix) => to.startsWith(prefix))
      ? []
      : [`${from} imports ${to}, but ${layer.why}`];
  });
}

const folders = ["models", "checker", "traces", "cli", "bench"];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => relative(root, join(root, folder, name))),
);

test("every folder keeps to its layer", () => {
  const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));
  expect(files.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(300);
  expect(violations(imports)).toEqual([]);
});

test.each([
  ["a static import", "checker/lower/x.ts", 'import { a } from "../../traces/validate.ts";'],
  ["a type-only import", "checker/lower/x.ts", 'import type { A } from "../explore/explore.ts";'],
  ["a re-export", "models/language/x.ts", 'export { a } from "../kmmscand/system.ts";'],
  ["a dynamic import", "traces/monitor/x.ts", 'const m = await import("node:fs");'],
  ["an import for its effect", "models/kmmscand/x.ts", 'import "xstate";'],
  ["an import over several lines", "checker/explore/x.ts", 'import {\n  a,\n} from "../check.ts";'],
])("%s against the table is found", (_, file, text) => {
  expect(violations(importsOf(file, text))).toHaveLength(1);
});
