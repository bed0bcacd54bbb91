/** The document that `crosscheck --json` prints, and its text. */
import type { PropertyResult } from "../../checker/result.ts";
import type { Verdict } from "../exit-code.ts";
import { escapeAll } from "./escape.ts";
import type { Subject } from "./explore-report.ts";
import { count } from "./numbers.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { wrap } from "./wrap.ts";

/** A number of ours beside SPIN's; null where SPIN's means something else. */
export interface ComparedCount {
  readonly name: "states" | "transitions";
  readonly kmmcheck: number;
  readonly spin: number | null;
  readonly agree: boolean | null;
  /** Why SPIN did not count to the end; empty where it did. */
  readonly reason: string;
}

export interface ComparedProperty {
  readonly id: string;
  readonly kind: PropertyResult["kind"];
  readonly kmmcheck: Verdict;
  /** Null where SPIN was not asked. */
  readonly spin: Verdict | null;
  readonly agree: boolean | null;
  /** Why SPIN was not asked, or did not answer; empty where it did. */
  readonly reason: string;
}

export interface CrosscheckReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "crosscheck";
  /** Holds: all agree; violated: something differs; inconclusive: something was not decided. */
  readonly verdict: Verdict;
  readonly spin: string;
  readonly counts: readonly ComparedCount[];
  readonly properties: readonly ComparedProperty[];
}

export function crosscheckText(
  raw: CrosscheckReport,
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  const report = escapeAll(raw);
  const name = [report.model, report.patch].filter((part) => part !== null).join(" ");
  const answers = [
    ...report.counts.map((c) => [
      c.name,
      count(c.kmmcheck),
      c.spin === null ? "-" : count(c.spin),
      judgement(c.agree),
      c.reason,
    ]),
    ...report.properties.map((p) => [p.id, p.kmmcheck, p.spin ?? "-", judgement(p.agree), p.reason]),
  ];
  const differ = [...report.counts, ...report.properties].filter(({ agree }) => agree === false).length;
  const missing = missingText(report.properties.filter(({ agree }) => agree === null));
  const lines = [
    ...wrap(`${name}: ${report.title}`, width, 2).map(style.strong),
    "",
    ...table(
      [
        { title: "" },
        { title: "kmmcheck", right: true },
        { title: "SPIN", right: true },
        { title: "" },
        { title: "", fill: true },
      ],
      answers,
      { width, indent: 2, heading: style.faint },
    ),
    "",
    verdictText(style, report.verdict, `${summaries[report.verdict](differ)}${missing} (${report.spin})`),
  ];
  return `${lines.join("\n")}\n`;
}

/** How many verdicts were not compared, and why. */
function missingText(missing: readonly ComparedProperty[]): string {
  if (missing.length === 0) return "";
  const whys = [...new Set(missing.map(({ reason }) => reason))].map((reason) => {
    const ids = missing.filter((property) => property.reason === reason).map(({ id }) => id);
    return `${reason}: ${ids.join(", ")}`;
  });
  const verdicts = missing.length === 1 ? "1 verdict was" : `${missing.length} verdicts were`;
  return `; ${verdicts} not compared: ${whys.join("; ")}`;
}

function judgement(agree: boolean | null): string {
  if (agree === null) return "not compared";
  return agree ? "same" : "DIFFERENT";
}

const summaries: Readonly<Record<Verdict, (differ: number) => string>> = {
  holds: () => "all agrees",
  violated: (differ) => `${differ} ${differ === 1 ? "answer differs" : "answers differ"}`,
  inconclusive: () => "what was compared agrees",
};
