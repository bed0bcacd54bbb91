/** The command line: commands, their options and their help. Each command's code is loaded only when it is called. */
import { Command, Option } from "commander";
import type { Operator } from "../checker/mutation.ts";
import { addCheckpointOptions } from "./checkpoint/options.ts";
import type { CrosscheckOptions } from "./command/crosscheck.ts";
import type { ExplainOptions } from "./command/explain.ts";
import type { ExploreOptions } from "./command/explore.ts";
import type { ExportOptions } from "./command/export.ts";
import type { GateOptions } from "./command/gate.ts";
import type { GraphOptions } from "./command/graph.ts";
import type { MergeOptions } from "./command/merge.ts";
import type { ModelsOptions } from "./command/models.ts";
import type { MutateOptions } from "./command/mutate.ts";
import type { ProbesOptions } from "./command/probes.ts";
import type { ReplayOptions } from "./command/replay.ts";
import type { SimulateOptions } from "./command/simulate.ts";
import type { ValidateOptions } from "./command/validate.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Host } from "./host.ts";
import {
  byteSize,
  oneOfWords,
  positiveNumber,
  repeated,
  settings,
  switches,
  wholeNumber,
  wordList,
  workerCount,
} from "./options.ts";
import { layoutFor } from "./print.ts";
import type { ColorMode } from "./report/style.ts";
import { shardNumber } from "./shard.ts";
import { VERSION } from "./version.ts";

/** Written out, so that the checker is not loaded for the sake of --help. */
const mutations = [
  "drop-step",
  "drop-guard",
  "drop-lock",
  "drop-effect",
  "swap-effects",
  "widen-constant",
] as const satisfies readonly Operator[];

type Done = (code: ExitCode) => void;

const MODEL = "What to explore:";
const SEARCH = "How to search:";
const LIMITS = "Limits:";
const OUTPUT = "Output:";

const modelDoc = "a model of `kmmcheck models`, or a file (.json, .js)";

const commands: ReadonlyMap<string, (program: Command, host: Host, done: Done) => void> = new Map([
  ["models", addModels],
  ["explore", addExplore],
  ["validate", addValidate],
  ["simulate", addSimulate],
  ["probes", addProbes],
  ["gate", addGate],
  ["merge", addMerge],
  ["replay", addReplay],
  ["explain", addExplain],
  ["graph", addGraph],
  ["export", addExport],
  ["crosscheck", addCrosscheck],
  ["mutate", addMutate],
]);

/**
 * The program, ready to parse.
 *
 * @param first - the first argument: where it names a command, the options of the other ones are not made
 * @param done - gets the exit code of the command that ran
 */
export function buildProgram(host: Host, first: string | undefined, done: Done): Command {
  const program = new Command("kmmcheck")
    .description("Explores models of the memory-tiering daemon kmmscand, and checks its trace logs.")
    .version(`kmmcheck ${VERSION}`)
    .addHelpText(
      "before",
      examples(["explore", "explore system --patch fixed", "trace-cmd report | kmmcheck validate -", "gate"]),
    )
    .addHelpText("after", EXIT_CODES)
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .showSuggestionAfterError(true);
  const named = commands.get(first ?? "");
  for (const add of named === undefined ? commands.values() : [named]) add(program, host, done);
  for (const command of [program, ...program.commands]) quiet(command, host);
  return program;
}

const EXIT_CODES = `
Exit codes:
  0  every property asked for holds
  1  at least one is violated
  2  usage or bad input
  3  none violated, at least one inconclusive
  70 a bug of kmmcheck`;

/** Errors are thrown for the one catch to print; help goes to the host's streams in its width. */
function quiet(command: Command, host: Host): void {
  command
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => layoutFor(host, "never").width,
      getErrHelpWidth: () => layoutFor(host, "never").width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpOption("-h, --help", "show this help");
}

/** A default is worth its place where it is a word or a number. */
function describeOption({ description, defaultValue }: Option): string {
  const shown = typeof defaultValue === "string" || typeof defaultValue === "number";
  return shown ? `${description} (default: ${defaultValue})` : description;
}

function examples(lines: readonly string[]): string {
  const full = lines.map((line) => (line.includes("kmmcheck ") ? `  ${line}` : `  kmmcheck ${line}`));
  return `Examples:\n${full.join("\n")}\n`;
}

function common(command: Command): Command {
  return command
    .optionsGroup(OUTPUT)
    .option("--json", "print one JSON document", false)
    .addOption(
      new Option("--color <when>", "auto, always or never")
        .default("auto" satisfies ColorMode)
        .argParser(oneOfWords("--color", ["auto", "always", "never"] satisfies ColorMode[])),
    );
}

function addModels(program: Command, host: Host, done: Done): void {
  const command = program
    .command("models")
    .description("List models, versions, parameters and properties.")
    .argument("[model]", "only this one")
    .addHelpText("before", examples(["models", "models --features", "models --json"]))
    .option(
      "--features",
      "what tells the versions apart: a table of features and versions, for MODEL with what each restores",
      false,
    );
  common(command).action(async (model: string | undefined, options: ModelsOptions) => {
    const { models } = await import("./command/models.ts");
    done(await models(model ?? null, options, host));
  });
}

/** Options that choose and build a model. */
function modelOptions(command: Command): Command {
  return command
    .optionsGroup(MODEL)
    .option(
      "--patch <version>",
      "version of the patch series: v0, p1, v1, v2, v3, fixed (default: the first)",
    )
    .option("--feature <name=on|off>", "switch one feature of that version (repeatable)", switches, {})
    .option("--set <name=n>", "set a parameter (repeatable)", settings, {});
}

/** Options that choose how states are visited. */
function searchOptions(command: Command): Command {
  return command
    .optionsGroup(SEARCH)
    .addOption(
      new Option("--search <order>", "bfs: shortest runs; dfs; random: walks (default: bfs)").argParser(
        oneOfWords("--search", ["bfs", "dfs", "random"]),
      ),
    )
    .addOption(
      new Option(
        "--store <kind>",
        "exact, or less memory and no proof: hash-compact, bitstate (default: exact)",
      ).argParser(oneOfWords("--store", ["exact", "hash-compact", "bitstate"])),
    )
    .option(
      "--bits <n>",
      "of a signature (default: 64), or set in the array (default: 3)",
      wholeNumber("--bits"),
    )
    .option("--store-memory <bytes>", "array of bitstate (default: 64M)", byteSize("--store-memory"))
    .option("--seed <n>", "of what is left to chance (default: 1)", wholeNumber("--seed", 0))
    .option("--swarm <n>", "so many searches, with the seeds from --seed on", wholeNumber("--swarm"))
    .option("--walks <n>", "random walks for each seed (default: 10000)", wholeNumber("--walks"))
    .option("--max-depth <n>", "steps of a walk (default: 100), or of a dfs run", wholeNumber("--max-depth"))
    .option("--shard <i/n>", "part i of n only, for kmmcheck merge", shardNumber);
}

function addExplore(program: Command, host: Host, done: Done): void {
  const command = program
    .command("explore")
    .description("Visit every reachable state of a model and judge its properties.")
    .argument("[model]", `${modelDoc} (default: system)`)
    .addHelpText(
      "before",
      examples([
        "explore",
        "explore system --patch fixed",
        "explore --all",
        "explore system --set queue=1 --property S06",
        "explore mine.json --save runs.json",
        "explore --search random --seed 7",
        "explore --shard 2/4 --json > part2.json",
      ]),
    );
  modelOptions(command)
    .option("--property <id>", "only this property (repeatable)", repeated, [])
    .option("--all", "every version of MODEL, or of every model of the series, in one table", false)
    .addOption(
      new Option(
        "--reduce <list>",
        "symmetry, por, dead with commas between them, or none (default: symmetry,por; with --all none)",
      ).argParser(wordList("--reduce", ["symmetry", "por", "dead"])),
    )
    .option("--check-reductions", "explore without reductions as well, and compare the verdicts", false)
    .option("--no-continue", "stop at the first violation");
  addCheckpointOptions(
    searchOptions(command)
      .optionsGroup("How to run:")
      .option(
        "--workers <n>",
        "threads that explore a large model (default: 1); with --all, searches at once (default: one a processor)",
        workerCount,
      ),
  )
    .optionsGroup(LIMITS)
    .option("--max-states <n>", "stop after so many states", wholeNumber("--max-states"))
    .option(
      "--max-memory <bytes>",
      "stop at so much memory: 512M, 4G (default: 3/4 of what is free)",
      byteSize("--max-memory"),
    )
    .option("--max-seconds <n>", "stop after so long", positiveNumber("--max-seconds"));
  common(command)
    .option("--full", "show every step of long runs, and all variables at their end", false)
    .option("--coverage", "list what was never used: guards' outcomes, values, premises", false)
    .option("--save <file>", "write the violating runs as JSON, for kmmcheck replay and explain")
    .action(async (model: string | undefined, options: ExploreOptions) => {
      if (options.all) {
        const { exploreAll } = await import("./command/explore-all.ts");
        return done(await exploreAll(model ?? null, options, host));
      }
      const { explore } = await import("./command/explore.ts");
      done(await explore(model ?? "system", options, host));
    });
}

function addValidate(program: Command, host: Host, done: Done): void {
  const command = program
    .command("validate")
    .description(
      "Judge trace logs; each log is judged apart unless --merge is given, '-' is the standard input.",
    )
    .argument(
      "<logs...>",
      "text of ftrace, trace-cmd report, perf script, bpftrace; trace.dat; JSON; also gzip'd; or a capture directory",
    )
    .addHelpText(
      "before",
      examples([
        "validate trace.txt",
        "trace-cmd report | kmmcheck validate -",
        "trace-cmd stream -e kmem | kmmcheck validate --follow --fail-fast -",
        "validate a.txt b.txt --property P01 --json",
      ]),
    )
    .optionsGroup("How to read and judge:")
    .option(
      "--format <name>",
      "auto, ftrace, trace-cmd, trace.dat, perf, bpftrace, systrace, ndjson or itf",
      "auto",
    )
    .option("--patch <version>", "version that wrote the log: v0, p1, v1, v2, v3 (default: told by the log)")
    .option("--property <id>", "only this property (repeatable)", repeated, [])
    .option("--conform", "ask whether the model of the version has a run that shows the log", true)
    .option("--no-conform", "do not ask that")
    .option("--config <file>", "the tunables that were in force, as JSON")
    .option("--hz <n>", "CONFIG_HZ of the kernel (default: 100)", wholeNumber("--hz"))
    .option(
      "--all-cpus",
      "the log is that of all CPUs (as trace_pipe), though all its records may be of one",
      false,
    )
    .option(
      "--merge",
      "the logs are of one run, such as those of per_cpu: judge them as one, merged by time",
      false,
    )
    .optionsGroup("While the log is being written:")
    .option("--follow", "go on with what is appended, also if the file is replaced or cut off", false)
    .option("--fail-fast", "stop at the first violation", false);
  common(command).action(async (logs: readonly string[], options: ValidateOptions) => {
    const { validate } = await import("./command/validate.ts");
    done(await validate(logs, options, host));
  });
}

function addSimulate(program: Command, host: Host, done: Done): void {
  const command = program
    .command("simulate")
    .description("Write the log of a run with a virtual clock, for kmmcheck validate and other readers.")
    .addHelpText(
      "before",
      examples([
        "simulate --patch v1 --seed 7 > log.txt",
        "kmmcheck simulate --fault P01 | kmmcheck validate -",
        "simulate --fault list",
        "simulate --patch v1 --record folio --capture DIR",
        "simulate --size 64G --patch v1",
        "simulate --workload fork-storm --loss 200 --format ndjson --output log.ndjson",
      ]),
    )
    .optionsGroup("What to run:")
    .option("--patch <version>", "version that runs: v0, v1, v2, v3", "v0")
    .option("--workload <name>", "abench, idle, fork-storm, sysfs", "abench")
    .option(
      "--seed <n>",
      "of what is left to chance; the same seed gives the same log",
      wholeNumber("--seed", 0),
      1,
    )
    .option("--events <n>", "length of the log", wholeNumber("--events"), 20_000)
    .option("--scale <n>", "prctl scale of every mm, 1 to 10; v3", wholeNumber("--scale"), 1)
    .option(
      "--fault <id>",
      "make this go wrong once: a property or defect, or list (repeatable)",
      repeated,
      [],
    )
    .optionsGroup("How it is recorded:")
    .addOption(
      new Option("--format <name>", "ftrace, trace-cmd, perf, ndjson, itf")
        .default("ftrace")
        .argParser(oneOfWords("--format", ["ftrace", "trace-cmd", "perf", "ndjson", "itf"])),
    )
    .option(
      "--record <kinds>",
      "besides the usual events: exit, walk, pte, promote (kprobes), marks; folio is the first four, all is all (comma-separated)",
      wordList("--record", ["stock", "exit", "walk", "pte", "promote", "marks", "folio", "all"]),
      [],
    )
    .option(
      "--capture <dir>",
      "write a capture: the log and what stands beside it, for kmmcheck validate DIR",
    )
    .option(
      "--loss <n>",
      "lose so many of the events, with the marks of the format",
      wholeNumber("--loss", 0),
      0,
    )
    .option("--from-middle", "begin after as many events again", false)
    .option(
      "--skew <us>",
      "clocks of CPUs are wrong by up to so many microseconds",
      wholeNumber("--skew", 0),
      0,
    )
    .option("--reorder", "close lines of different CPUs change places", false)
    .optionsGroup("What it costs:")
    .addOption(
      new Option(
        "--size <size>",
        "instead of a log, the cost of scans and migrations of abench beside published times: 8G, 16G, 32G, 64G, all",
      ).conflicts([
        "events",
        "seed",
        "fault",
        "format",
        "loss",
        "fromMiddle",
        "skew",
        "reorder",
        "output",
        "tunables",
        "record",
        "scale",
        "capture",
      ]),
    )
    .option("--assume <name=n>", "assume another unit cost than the table names (repeatable)", repeated, []);
  common(command)
    .option("--output <file>", "write it there instead of printing it")
    .option("--tunables <file>", "write the knobs in force there, for validate --config")
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import("./command/simulate.ts");
      done(await simulate(options, host));
    });
}

function addProbes(program: Command, host: Host, done: Done): void {
  const command = program
    .command("probes")
    .description("Print a shell script that records a log on the test machine, for kmmcheck validate.")
    .addHelpText(
      "before",
      examples(["probes --patch v1 > record.sh", "probes --patch v0 --output record.sh"]),
    )
    .optionsGroup("What to record:")
    .option("--patch <version>", "version that runs there: v0 to v3 (default: told by the formats, else v0)")
    .option("--kernel-format <dir>", "copies of the events' format files, to fit the script to that kernel");
  common(command)
    .option("--output <file>", "write it there instead of printing it")
    .action(async (options: ProbesOptions) => {
      const { probes } = await import("./command/probes.ts");
      done(await probes(options, host));
    });
}

function addGate(program: Command, host: Host, done: Done): void {
  const command = program
    .command("gate")
    .description("Run what kmmcheck.config.json lists, and fail on what its baseline does not know.")
    .addHelpText(
      "before",
      examples(["gate", "gate --config ci/kmmcheck.config.json --json", "gate --update-baseline"]),
    )
    .optionsGroup("What to run:")
    .option("--config <file>", "the configuration", "kmmcheck.config.json")
    .option("--shard <i/n>", "part i of n of the runs only, for kmmcheck merge", shardNumber)
    .optionsGroup("Baseline:")
    .option("--strict-baseline", "fail as well where a known finding has vanished", false)
    .option("--update-baseline", "write the findings of this run into the baseline", false)
    .option("--reason <text>", "the reason of entries that --update-baseline adds");
  common(command).action(async (options: GateOptions) => {
    const { gate } = await import("./command/gate.ts");
    done(await gate(options, host));
  });
}

function addMerge(program: Command, host: Host, done: Done): void {
  const command = program
    .command("merge")
    .description("Put the reports of all parts of an explore or a gate together: the report of the whole.")
    .argument("<files...>", "written with --shard and --json, in any order")
    .addHelpText("before", examples(["merge part1.json part2.json", "merge part*.json --json > whole.json"]));
  common(command)
    .option("--full", "show every step of long runs, and all variables at their end", false)
    .action(async (files: readonly string[], options: MergeOptions) => {
      const { merge } = await import("./command/merge.ts");
      done(await merge(files, options, host));
    });
}

function addReplay(program: Command, host: Host, done: Done): void {
  const command = program
    .command("replay")
    .description("Take a saved run again, step by step, and check that it still violates its property.")
    .argument("<file>", "written by kmmcheck explore --save")
    .addHelpText("before", examples(["replay runs.json", "replay runs.json --property S04"]))
    .optionsGroup("What to replay:")
    .option("--property <id>", "only the run of this property (repeatable)", repeated, []);
  common(command)
    .option("--full", "show every step of long runs, and all variables at their end", false)
    .action(async (file: string, options: ReplayOptions) => {
      const { replay } = await import("./command/replay.ts");
      done(await replay(file, options, host));
    });
}

function addExplain(program: Command, host: Host, done: Done): void {
  const command = program
    .command("explain")
    .description("Say why a saved run violates its property, and what would have avoided it.")
    .argument("<file>", "written by kmmcheck explore --save")
    .addHelpText("before", examples(["explain runs.json", "explain runs.json --property S04"]))
    .optionsGroup("What to explain:")
    .option("--property <id>", "only the run of this property (repeatable)", repeated, []);
  common(command).action(async (file: string, options: ExplainOptions) => {
    const { explain } = await import("./command/explain.ts");
    done(await explain(file, options, host));
  });
}

function addGraph(program: Command, host: Host, done: Done): void {
  const command = program
    .command("graph")
    .description("Draw a model: its actors' machines, or its reachable states.")
    .argument("<model>", modelDoc)
    .addHelpText(
      "before",
      examples(["graph system | dot -Tsvg > system.svg", "graph peterson --of states --set processes=2"]),
    );
  modelOptions(command)
    .optionsGroup("What to draw:")
    .addOption(
      new Option("--of <what>", "machine or states")
        .default("machine")
        .argParser(oneOfWords("--of", ["machine", "states"])),
    )
    .option("--actor <name>", "only this actor")
    .option("--max-states <n>", "refuse to draw more states", wholeNumber("--max-states"), 500);
  common(command)
    .addOption(
      new Option("--format <name>", "dot, mermaid or json")
        .default("dot")
        .argParser(oneOfWords("--format", ["dot", "mermaid", "json"])),
    )
    .action(async (model: string, options: GraphOptions) => {
      const { graph } = await import("./command/graph.ts");
      done(await graph(model, options, host));
    });
}

function addExport(program: Command, host: Host, done: Done): void {
  const command = program
    .command("export")
    .description("Write a model as text for another model checker, with its properties.")
    .argument("<model>", modelDoc)
    .addHelpText(
      "before",
      examples(["export peterson --to promela", "export system --to tla --output System.tla"]),
    );
  modelOptions(command);
  common(command)
    .addOption(
      new Option("--to <language>", "promela or tla")
        .default("promela")
        .argParser(oneOfWords("--to", ["promela", "tla"])),
    )
    .option("--output <file>", "write it there instead of printing it")
    .action(async (model: string, options: ExportOptions) => {
      const { exportModel } = await import("./command/export.ts");
      done(await exportModel(model, options, host));
    });
}

function addCrosscheck(program: Command, host: Host, done: Done): void {
  const command = program
    .command("crosscheck")
    .description("Explore a model with SPIN as well, and compare counts and verdicts.")
    .argument("<model>", modelDoc)
    .addHelpText("before", examples(["crosscheck peterson", "crosscheck sysfs --patch fixed --set mms=1"]));
  modelOptions(command)
    .optionsGroup(LIMITS)
    .option("--max-states <n>", "refuse larger models", wholeNumber("--max-states"), 1_000_000);
  common(command).action(async (model: string, options: CrosscheckOptions) => {
    const { crosscheck } = await import("./command/crosscheck.ts");
    done(await crosscheck(model, options, host));
  });
}

function addMutate(program: Command, host: Host, done: Done): void {
  const command = program
    .command("mutate")
    .description("Edit a model in one place at a time, and see which property notices.")
    .argument("<model>", modelDoc)
    .addHelpText(
      "before",
      examples([
        "mutate mm-list --patch fixed --max-mutants 3",
        "mutate peterson --operator drop-guard --set processes=2",
      ]),
    );
  modelOptions(command)
    .optionsGroup("What to edit:")
    .addOption(
      new Option(
        "--operator <list>",
        `with commas between them, or repeated: ${mutations.join(", ")} (default: all)`,
      ).argParser(wordList("--operator", mutations)),
    )
    .option("--max-mutants <n>", "only so many, drawn at random", wholeNumber("--max-mutants"))
    .option("--seed <n>", "of that draw (default: 1)", wholeNumber("--seed", 0))
    .optionsGroup("How to judge:")
    .option("--every", "find every property that kills a mutant, not only the first", false)
    .optionsGroup(LIMITS)
    .option("--max-states <n>", "give a mutant up beyond so many", wholeNumber("--max-states"), 1_000_000);
  common(command).action(async (model: string, options: MutateOptions) => {
    const { mutate } = await import("./command/mutate.ts");
    done(await mutate(model, options, host));
  });
}
