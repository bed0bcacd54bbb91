/** The document that `mutate --json` prints, and its text. */
import type { Verdict } from "../exit-code.ts";
import { escapeAll } from "./escape.ts";
import type { Subject } from "./explore-report.ts";
import { count, counted } from "./numbers.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { wrap } from "./wrap.ts";

interface ReportedEdit {
  readonly actor: string;
  readonly point: string;
  readonly step: string;
  readonly alternative: number;
  readonly operator: string;
  /** JSON pointer of the node of the model that is another one. */
  readonly pointer: string;
  readonly says: string;
}

/** An edit that leaves no model. */
export interface ReportedRefusal extends ReportedEdit {
  readonly reason: string;
}

export interface ReportedMutant extends ReportedEdit {
  readonly number: number;
  /** Assertions of which it removes every step: they are not asked of it. */
  readonly unasked: readonly string[];
  readonly outcome: "killed" | "equivalent" | "narrower" | "wider" | "survived" | "undecided";
  readonly killedBy: readonly string[];
  /** Properties that hold only because their premise is never true any more. */
  readonly emptied: readonly string[];
  readonly difference: {
    readonly after: readonly string[];
    readonly event: string;
    readonly by: "original" | "mutant" | "both";
  } | null;
  /** Why it is undecided; else empty. */
  readonly reason: string;
}

export interface MutateReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "mutate";
  /** Holds: no mutant survived; violated: one survived; inconclusive: one is undecided. */
  readonly verdict: Verdict;
  readonly cut: string | null;
  readonly sample: { readonly most: number; readonly seed: number } | null;
  readonly properties: readonly { readonly id: string; readonly kills: number; readonly emptied: number }[];
  readonly notAsked: readonly string[];
  readonly counts: Readonly<
    Record<
      | "states"
      | "transitions"
      | "possible"
      | "refused"
      | "judged"
      | "killed"
      | "equivalent"
      | "narrower"
      | "wider"
      | "survived"
      | "undecided"
      | "unasked",
      number
    >
  >;
  readonly refused: readonly ReportedRefusal[];
  readonly mutants: readonly ReportedMutant[];
}

interface Layout {
  readonly width: number;
  readonly style: Style;
}

export function mutateText(raw: MutateReport, { width, style }: Layout): string {
  const report = escapeAll(raw);
  const name = [report.model, report.patch].filter((part) => part !== null).join(" ");
  const open = report.mutants.filter(({ outcome }) => outcome === "survived" || outcome === "undecided");
  const lines = [
    ...wrap(`${name}: ${report.title}`, width, 2).map(style.strong),
    "",
    ...table(
      [{ title: "property" }, { title: "kills", right: true }, { title: "emptied", right: true }],
      report.properties.map(({ id, kills, emptied }) => [id, count(kills), count(emptied)]),
      { width, indent: 2, heading: style.faint },
    ),
    ...(report.notAsked.length === 0
      ? []
      : wrap(`not asked, because they do not hold: ${report.notAsked.join(", ")}`, width - 2).map(
          (l) => `  ${l}`,
        )),
    "",
    ...open.flatMap((mutant) => [...mutantLines(mutant, { width, style }), ""]),
    ...summary(report, width).map((line, i) => (i === 0 ? verdictText(style, report.verdict, line) : line)),
    ...footer(report).flatMap((text) => wrap(text, width - 2).map((line) => `  ${line}`)),
  ];
  return `${lines.join("\n")}\n`;
}

function summary({ counts, cut }: MutateReport, width: number): readonly string[] {
  const said = [
    `${count(counts.killed)} killed`,
    `${count(counts.equivalent)} equivalent`,
    `${count(counts.narrower)} narrower`,
    `${count(counts.wider)} wider`,
    `${count(counts.survived)} survived`,
    ...(counts.undecided === 0 ? [] : [`${count(counts.undecided)} undecided`]),
    ...(cut === null ? [] : [cut]),
  ];
  return wrap(said.join(", "), width, 2);
}

function footer({ counts, refused }: MutateReport): readonly string[] {
  return [
    `${counted(counts.judged, "mutant")} of ${count(counts.possible)}, each of one edit; ${counted(counts.refused, "edit")} left no model; ${count(counts.states)} states, ${count(counts.transitions)} transitions without an edit`,
    ...(counts.unasked === 0
      ? []
      : [
          `${counted(counts.unasked, "mutant")} made an assertion empty: without the steps that it names it is not asked`,
        ]),
    ...refused.map(
      ({ actor, point, step, operator, says, reason }) =>
        `no model: ${operator} ${actor}.${step} at ${point}, ${says}: ${reason}`,
    ),
  ];
}

/** Most steps of a run that are listed. */
const shown = 6;

function mutantLines(mutant: ReportedMutant, { width, style }: Layout): readonly string[] {
  const { number, actor, point, step, operator, says, difference, reason } = mutant;
  const indented = (text: string) => wrap(text, width - 4).map((line) => `    ${line}`);
  return [
    ...wrap(`${number}  ${operator}  ${actor}.${step} at ${point}`, width, 4).map(style.strong),
    ...indented(says),
    ...(difference === null ? indented(`undecided: ${reason}`) : indented(differenceText(difference))),
  ];
}

function differenceText({ after, event, by }: NonNullable<ReportedMutant["difference"]>): string {
  const what = {
    original: `${event} is possible only without the edit`,
    mutant: `${event} is possible only with the edit`,
    both: `${event} leads to another state`,
  }[by];
  if (after.length === 0) return `at once, ${what}`;
  const last = after.slice(-shown).join(", ");
  const head = after.length > shown ? `${counted(after.length, "step")}, the last ones ${last}` : last;
  return `after ${head}: ${what}`;
}
