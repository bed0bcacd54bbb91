/** A specification for TLC whose behaviours are the runs of a model that show a log, as trace validation has it. */
import type { Emission, ExprData, System } from "../../models/index.ts";
import type { Projection } from "./projection.ts";

/** What TLC prints when a run has shown the whole log. */
export const ACCEPTED = "a run shows the whole log";

/** An action of the exported module, and the symbols that it shows. */
export interface BoundAction {
  readonly name: string;
  /** Kind of event, null for a step that shows none. */
  readonly kind: string | null;
  readonly symbols: readonly string[];
}

/**
 * The actions of the exported text, which has them in the order of the model's steps: each behind a comment that names
 * its program point and its step.
 *
 * @throws Error where text and model do not go together
 */
export function actionsOf(module: string, system: System): readonly BoundAction[] {
  const written = [...module.matchAll(/^\\\* (\S+): (\w+)\. .*\n(\w+) ==$/gm)];
  if (written.length !== system.steps.length) {
    throw new Error(`${written.length} actions are written for ${system.steps.length} steps`);
  }
  return system.steps.map((step, i) => {
    const [, point, name, action = ""] = written[i] ?? [];
    const place = system.instances[step.instance]?.points[step.from];
    if (name !== step.name || point !== place) throw new Error(`${action} is not ${place}: ${step.name}`);
    if (step.emits === null) return { name: action, kind: null, symbols: [] };
    return { name: action, ...shown(step.emits) };
  });
}

const isZero = (value: ExprData | undefined): boolean | null =>
  value?.kind === "int" ? value.value === 0 : null;

function shown({ event, args }: Emission): Pick<BoundAction, "kind" | "symbols"> {
  const kind = event.replace(/^kmem_(scan_)?mm_/, "");
  const { mm } = args;
  if (mm?.kind === "id" && mm.value !== 0) {
    return { kind, symbols: [kind === "migrate" ? "other migrate" : "other scan"] };
  }
  if (kind !== "end" && kind !== "migrate") return { kind, symbols: [kind] };
  const zero = isZero(args[kind === "end" ? "total" : "rc"]);
  return { kind, symbols: [...(zero === false ? [] : [`${kind} 0`]), ...(zero === true ? [] : [kind])] };
}

export interface BoundText {
  readonly module: string;
  readonly config: string;
}

/**
 * The module `name`, which extends that of the model. Before line 1 every step is silent, so that the log may begin in
 * any reachable state; then a step that shows an event takes a line, and every other one none.
 */
export function boundModule(
  name: string,
  model: string,
  actions: readonly BoundAction[],
  { mm, symbols, first }: Projection,
): BoundText {
  const end = symbols.length + 1;
  const set = (of: readonly string[]) =>
    of.length === 1 ? `= ${quoted(of[0] ?? "")}` : `\\in {${of.map(quoted).join(", ")}}`;
  const bound = actions.flatMap(({ name: action, kind, symbols: shows }) => {
    if (kind === null) return [`  \\/ ${action} /\\ UNCHANGED line`];
    const until = first.get(kind) ?? end;
    // Others' events change nothing here.
    const silent = shows.every((symbol) => symbol.startsWith("other"))
      ? []
      : [`  \\/ ${action} /\\ line <= ${until} /\\ UNCHANGED line`];
    return [
      ...silent,
      `  \\/ ${action} /\\ line \\in 1 .. Length /\\ Log[line] ${set(shows)} /\\ line' = line + 1`,
    ];
  });
  const module = [
    `---- MODULE ${name} ----`,
    `(* ${model} bound to the lines of a log, as the mm ${mm} sees them. *)`,
    `EXTENDS ${model}`,
    "",
    "\\* The line to be shown next; before the log begins 0, behind its end Length + 1.",
    "VARIABLE line",
    "",
    `Length == ${symbols.length}`,
    "",
    "BoundInit == Init /\\ line = 0",
    "",
    "Begin == line = 0 /\\ line' = 1 /\\ UNCHANGED vars",
    "",
    "\\* Up to its first line an event may not have been recorded: the step is silent, too.",
    "Log ==",
    `  <<${symbols.map(quoted).join(", ")}>>`.replaceAll(/(.{1,100}),(?: |$)/g, "$1,\n    "),
    "",
    "BoundNext ==",
    "  \\/ Begin",
    ...bound,
    "",
    "\\* One run is enough: TLC tells of the first and stops.",
    `Unfinished == line = Length + 1 => PrintT(${quoted(ACCEPTED)}) /\\ TLCSet("exit", TRUE)`,
    "====",
    "",
  ].join("\n");
  const config = "INIT BoundInit\nNEXT BoundNext\nCHECK_DEADLOCK FALSE\nINVARIANT Unfinished\n";
  return { module, config };
}

const quoted = (text: string): string => `"${text}"`;
