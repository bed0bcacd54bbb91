/** Who may import whom. A new folder needs a row here, with its reason. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

interface Layer {
  /** Files whose path starts with this; the longest one that fits counts. */
  readonly of: string;
  /** Beginnings of paths that its files may import, besides those of the layer itself. */
  readonly imports: readonly string[];
  /** Packages; `node:*` stands for all of Node. */
  readonly packages: readonly string[];
  readonly because: string;
}

const table: readonly Layer[] = [
  { of: "schemas/", imports: [], packages: [], because: "data that other programs read, too" },
  {
    of: "models/language/",
    imports: [],
    packages: ["xstate"],
    because: "the meaning of models depends on nothing but the interpreter that defines it",
  },
  {
    of: "models/entry.ts",
    imports: ["models/language/index.ts"],
    packages: [],
    because: "what every family of models promises to the catalogue",
  },
  {
    of: "models/one-mm.ts",
    imports: ["models/language/index.ts", "models/entry.ts", "models/kmmscand/one-mm/"],
    packages: [],
    because: "the door of the model that logs are compared with: judging a log loads no other",
  },
  {
    of: "models/xstate.ts",
    imports: ["models/language/"],
    packages: [],
    because: "the door of models as machines: a search does not load the interpreter",
  },
  {
    of: "models/index.ts",
    imports: ["models/"],
    packages: [],
    because: "the door of models: the only file that knows all of them",
  },
  {
    of: "models/kmmscand/",
    imports: ["models/language/index.ts", "models/entry.ts"],
    packages: [],
    because: "a model is data in the language, whoever explores it",
  },
  {
    of: "models/textbook/",
    imports: ["models/language/index.ts", "models/entry.ts"],
    packages: [],
    because: "a model is data in the language, whoever explores it",
  },
  {
    of: "checker/result.ts",
    imports: ["models/language/index.ts"],
    packages: [],
    because: "reports are functions of it, so it must not bring the checker along",
  },
  {
    of: "checker/internal-error.ts",
    imports: [],
    packages: [],
    because: "raised anywhere inside the checker",
  },
  {
    of: "checker/lower/",
    imports: ["models/language/index.ts"],
    packages: [],
    because: "packed programs serve traces as well, without an explorer",
  },
  {
    of: "checker/explore/",
    imports: ["models/language/index.ts", "checker/lower/", "checker/internal-error.ts"],
    packages: [],
    because: "the search knows packed states, not what is asked about them",
  },
  {
    of: "checker/search/",
    imports: ["models/language/index.ts", "checker/lower/", "checker/explore/", "checker/internal-error.ts"],
    packages: [],
    because: "searches beside the breadth-first one; they know packed states, not verdicts",
  },
  {
    of: "checker/reduce/",
    imports: ["models/language/index.ts", "checker/lower/", "checker/result.ts"],
    packages: [],
    because: "makes one packed program of another, before any search",
  },
  {
    of: "checker/property/",
    imports: ["models/language/index.ts", "checker/lower/", "checker/explore/", "checker/internal-error.ts"],
    packages: [],
    because: "judges a finished exploration",
  },
  {
    of: "checker/coverage/",
    imports: ["models/language/index.ts", "checker/lower/", "checker/explore/", "checker/result.ts"],
    packages: [],
    because: "asks a finished exploration what it has used",
  },
  {
    of: "checker/explain/",
    imports: [
      "models/language/index.ts",
      "checker/property/normal-form.ts",
      "checker/property/automaton.ts",
      "checker/property/part.ts",
      "checker/property/part-builder.ts",
      "checker/property/fairness.ts",
      "checker/property/fair-component.ts",
      "checker/property/way.ts",
      "checker/explore/meter.ts",
      "checker/result.ts",
      "checker/internal-error.ts",
    ],
    packages: [],
    because:
      "replays on the reference evaluator, so it must not see the packed program that it checks; formulas, fair components and how calm a way is are none of it",
  },
  {
    of: "checker/export/",
    imports: ["models/language/index.ts"],
    packages: [],
    because: "a second opinion must not share the lowering that it checks",
  },
  {
    of: "checker/mutate/",
    imports: ["models/language/index.ts", "checker/search/prng.ts"],
    packages: [],
    because: "edits the data of a model, whatever is asked about it; a sample is drawn by a seed",
  },
  {
    of: "checker/compare.ts",
    imports: ["models/language/index.ts", "checker/"],
    packages: [],
    because: "a room behind the door: two explorations side by side",
  },
  {
    of: "checker/mutation.ts",
    imports: ["models/language/index.ts", "checker/"],
    packages: [],
    because: "the door of mutation: edits, explores and compares",
  },
  {
    of: "checker/check-runs.ts",
    imports: ["models/language/index.ts", "checker/"],
    packages: [],
    because: "a room behind the door: verdicts on single runs",
  },
  {
    of: "checker/saved-check.ts",
    imports: ["checker/"],
    packages: [],
    because: "a room behind the door: what of a check is stored, and the limits of each of its searches",
  },
  {
    of: "checker/well-formed.ts",
    imports: ["models/language/index.ts"],
    packages: [],
    because: "a room behind the door: who may come in",
  },
  {
    of: "checker/combine.ts",
    imports: ["checker/result.ts"],
    packages: [],
    because: "results in, a result out",
  },
  {
    of: "checker/check.ts",
    imports: ["models/language/index.ts", "checker/"],
    packages: [],
    because: "the door of the checker",
  },
  {
    of: "traces/event.ts",
    imports: [],
    packages: [],
    because: "the one thing that readers and monitors share",
  },
  { of: "traces/input-error.ts", imports: [], packages: [], because: "what is wrong with a log, as data" },
  { of: "traces/capture.ts", imports: [], packages: [], because: "what stands beside a log, as data" },
  { of: "traces/rows.ts", imports: [], packages: [], because: "what is kept of very many mms" },
  {
    of: "traces/read/",
    imports: ["traces/event.ts", "traces/capture.ts", "traces/input-error.ts", "schemas/"],
    packages: ["ajv", "fzstd", "node:*"],
    because: "the only part of traces that touches files, and it does not judge",
  },
  {
    of: "traces/monitor/",
    imports: ["traces/event.ts", "traces/rows.ts", "traces/capture.ts", "models/index.ts", "checker/lower/"],
    packages: [],
    because: "judges events, wherever they come from",
  },
  {
    of: "traces/conform/",
    imports: [
      "traces/event.ts",
      "traces/rows.ts",
      "traces/monitor/monitor.ts",
      "models/one-mm.ts",
      "checker/lower/",
    ],
    packages: [],
    because: "judges events, wherever they come from, and is fed them like a monitor",
  },
  {
    of: "traces/synthesize/",
    imports: [
      "traces/event.ts",
      "models/index.ts",
      "checker/lower/",
      "traces/conform/alphabet.ts",
      "traces/conform/beliefs.ts",
      "traces/conform/graph.ts",
    ],
    packages: [],
    because: "makes events, wherever they go, by the runs of the model that logs are compared with",
  },
  {
    of: "traces/",
    imports: ["traces/"],
    packages: [],
    because: "the door, and the loop that hands events from the reader to the monitors",
  },
  {
    of: "cli/report/",
    imports: [
      "checker/result.ts",
      "traces/validate.ts",
      "traces/synthesize/index.ts",
      "models/index.ts",
      "cli/exit-code.ts",
    ],
    packages: ["node:util"],
    because: "a report is a function of a result: nothing to explore, nothing to read",
  },
  {
    of: "cli/",
    imports: [
      "models/index.ts",
      "models/xstate.ts",
      "checker/check.ts",
      "checker/export/index.ts",
      "checker/mutation.ts",
      "checker/result.ts",
      "checker/internal-error.ts",
      "checker/search/options.ts",
      "checker/explore/crew-from.ts",
      "traces/validate.ts",
      "traces/synthesize/index.ts",
      "traces/synthesize/write/index.ts",
      "schemas/",
      "cli/",
    ],
    packages: [
      "@humanwhocodes/momoa",
      "@xstate/graph",
      "ajv",
      "commander",
      "fastest-levenshtein",
      "node:*",
      "xstate",
    ],
    because: "the program knows the doors of the other folders",
  },
  {
    of: "bench/",
    imports: ["models/index.ts", "models/xstate.ts", "bench/"],
    packages: ["@xstate/graph", "node:*"],
    because: "measures what users can reach",
  },
];

/** Reports see results: what they import from a door is types. */
const typesOnly: readonly { readonly of: string; readonly from: string }[] = [
  { of: "cli/report/", from: "traces/validate.ts" },
  { of: "cli/report/", from: "models/index.ts" },
  { of: "cli/report/", from: "checker/result.ts" },
];

/** Where the same input would no longer give the same bytes, or where something is printed. */
const effects = /\b(console\.|Date\.now|new Date\b|performance\.now|Math\.random|process\.|globalThis\.)/;
const mayHaveEffects = ["cli/", "bench/", "traces/read/"];

type Sources = ReadonlyMap<string, string>;
interface Import {
  readonly file: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sourcesOfProject(): Sources {
  const root = join(import.meta.dirname, "..");
  const files = ["models", "checker", "traces", "cli", "schemas", "bench"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

const statement = /(?:^|\n)[ \t]*(import|export)\b(\s+type\b)?[^;"'`]*?\bfrom\s*["']([^"'\n]+)["']/g;
const bare = /(?:^|\n)[ \t]*import\s*["']([^"'\n]+)["']/g;
const dynamic = /\bimport\s*\(\s*["'`]([^"'`\n]+)["'`]/g;

function importsOf(file: string, text: string): readonly Import[] {
  const to = (target: string) => (target.startsWith(".") ? normalize(join(dirname(file), target)) : target);
  return [
    ...[...text.matchAll(statement)].map(([, , type, target = ""]) => ({
      file,
      to: to(target),
      typeOnly: type !== undefined,
    })),
    ...[...text.matchAll(bare), ...text.matchAll(dynamic)].map(([, target = ""]) => ({
      file,
      to: to(target),
      typeOnly: false,
    })),
  ];
}

function layerOf(file: string): Layer | undefined {
  return [...table].sort((a, b) => b.of.length - a.of.length).find(({ of }) => file.startsWith(of));
}

function isAllowed({ file, to, typeOnly }: Import): boolean {
  const layer = layerOf(file);
  if (layer === undefined) return false;
  if (layerOf(to) === undefined) {
    return layer.packages.some(
      (name) => to === name || to.startsWith(`${name}/`) || (name === "node:*" && to.startsWith("node:")),
    );
  }
  if (typesOnly.some(({ of, from }) => layer.of === of && to === from) && !typeOnly) return false;
  return to.startsWith(layer.of) || layer.imports.some((start) => to.startsWith(start));
}

/** Forbidden imports, as `file -> target`. */
function violations(sources: Sources): readonly string[] {
  return [...sources]
    .flatMap(([file, text]) => importsOf(file, text))
    .filter((found) => !isAllowed(found))
    .map(({ file, to }) => `${file} -> ${to}`);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

const project = sourcesOfProject();

test("every import of the project is allowed by the table", () => {
  expect(violations(project)).toEqual([]);
});

test("the scan sees the project: modules, imports, and every layer that is there", () => {
  const imports = [...project].flatMap(([file, text]) => importsOf(file, text));
  expect(project.size).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(300);
  expect([...project.keys()].filter((file) => layerOf(file) === undefined)).toEqual([]);
  // Every way to import is counted, so that none is overlooked by the expressions above.
  const mentions = [...project.values()].flatMap(
    (text) => withoutComments(text).match(/^(?:import|\} from|export .* from)\b.*"/gm) ?? [],
  );
  expect(imports.length).toBeGreaterThanOrEqual(mentions.length);
});

test("clock, randomness, process and console appear only where they may", () => {
  const guilty = [...project].filter(
    ([file, text]) =>
      !mayHaveEffects.some((start) => file.startsWith(start)) && effects.test(withoutComments(text)),
  );
  expect(guilty.map(([file]) => file)).toEqual([]);
});

describe("a planted violation is found:", () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      "import",
      "models/language/evaluate.ts",
      'import { check } from "../../checker/check.ts";',
      ["checker/check.ts"],
    ],
    [
      "import type",
      "models/language/evaluate.ts",
      'import type { Step } from "../kmmscand/index.ts";',
      ["models/kmmscand/index.ts"],
    ],
    [
      "import of several lines",
      "checker/lower/emit.ts",
      'import {\n  explore,\n  type Engine,\n} from "../explore/explore.ts";',
      ["checker/explore/explore.ts"],
    ],
    ["export from", "checker/result.ts", 'export * from "./check.ts";', ["checker/check.ts"]],
    [
      "export type from",
      "traces/event.ts",
      'export type { X } from "./read/lines.ts";',
      ["traces/read/lines.ts"],
    ],
    [
      "dynamic import",
      "traces/monitor/law.ts",
      'const m = await import("../../cli/run.ts");',
      ["cli/run.ts"],
    ],
    [
      "import type expression",
      "checker/explain/replay.ts",
      'type P = import("../lower/program.ts").Program;',
      ["checker/lower/program.ts"],
    ],
    ["bare import", "models/textbook/kmm.ts", 'import "../kmmscand/index.ts";', ["models/kmmscand/index.ts"]],
    ["package", "models/language/expr.ts", 'import { Ajv } from "ajv";', ["ajv"]],
    ["part of Node", "checker/explore/explore.ts", 'import { readFileSync } from "node:fs";', ["node:fs"]],
    [
      "value where types are allowed",
      "cli/report/table.ts",
      'import { catalogue } from "../../models/index.ts";',
      ["models/index.ts"],
    ],
    ["folder without a row", "tools/x.ts", 'import { at } from "../models/index.ts";', ["models/index.ts"]],
    [
      "two at once",
      "schemas/x.ts",
      'import a from "../cli/run.ts";\nimport b from "xstate";',
      ["cli/run.ts", "xstate"],
    ],
  ])("%s", (_, file, text, targets) => {
    expect(violations(new Map([[file, text]]))).toEqual(targets.map((target) => `${file} -> ${target}`));
  });

  test("what is allowed is not", () => {
    const sources: Sources = new Map([
      [
        "models/kmmscand/x.ts",
        'import { at } from "../language/index.ts";\nimport type { ModelEntry } from "../entry.ts";',
      ],
      [
        "cli/report/x.ts",
        'import type { Property } from "../../models/index.ts";\nimport { styleText } from "node:util";',
      ],
      ["checker/check.ts", 'import { explore } from "./explore/explore.ts";'],
    ]);
    expect(violations(sources)).toEqual([]);
  });
});
