/** Putting a report on the standard output, and progress on the standard error. */
import type { Progress } from "../checker/check.ts";
import type { Host } from "./host.ts";
import { escapeText } from "./report/escape.ts";
import { briefly, bytes, count } from "./report/numbers.ts";
import { type ColorMode, chooseStyle, type Style } from "./report/style.ts";

/** Options that every command has. */
export interface CommonOptions {
  readonly json: boolean;
  readonly color: ColorMode;
}

export interface TextLayout {
  readonly width: number;
  readonly style: Style;
}

/** Narrower than this nothing is readable, wider than this lines are hard to follow. */
const [NARROWEST, USUAL, WIDEST] = [60, 80, 132];

export function layoutFor(host: Host, color: ColorMode): TextLayout {
  const width = host.stdout.columns ?? USUAL;
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, width)),
    style: chooseStyle(color, host.env, host.stdout.isTerminal),
  };
}

/** A document on the standard output: JSON, or the text made of it. */
export function printReport(
  report: object,
  text: (layout: TextLayout) => string,
  options: CommonOptions,
  host: Host,
): void {
  host.stdout.write(options.json ? jsonText(report) : text(layoutFor(host, options.color)));
}

/** JSON in which no character can drive a terminal: controls that JSON lets pass are escaped as well. */
export function jsonText(value: object): string {
  const json = JSON.stringify(value, null, 2);
  const safe = json.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${safe}\n`;
}

/** One sentence on the standard error about something that does not end the run. */
export function warn(sentence: string, host: Host): void {
  host.stderr.write(`kmmcheck: ${escapeText(sentence)}\n`);
}

/** A line of progress, rewritten in place. Only a terminal gets one. */
export interface ProgressLine {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

export function progressLine(host: Host): ProgressLine {
  if (!host.stderr.isTerminal) return { show: () => {}, clear: () => {} };
  const width = (host.stderr.columns ?? USUAL) - 1;
  return {
    show: (text) => host.stderr.write(`\r\u001b[2K${text.slice(0, width)}`),
    clear: () => host.stderr.write("\r\u001b[2K"),
  };
}

/** How a search stands, in less than a line. It does not guess when the search ends: nobody can know. */
export function progressText(what: string, p: Progress): string {
  const cost = `${bytes(p.memoryBytes)}, ${p.seconds.toFixed(0)} s`;
  if (p.judging !== null) return `${what}: judging ${p.judging} on ${briefly(p.states)} states, ${cost}`;
  const rate = p.seconds > 0 ? `, ${briefly(p.states / p.seconds, 2)}/s` : "";
  const queue = `queue ${briefly(p.frontier, 2)}${p.trend === null ? "" : ` ${trendText(p.trend)}`}`;
  return `${what}: ${briefly(p.states)} states${rate}, depth ${count(p.depth)}, ${queue}, ${cost}`;
}

/** By how much the last levels grew, in a word and a number. */
function trendText(trend: number): string {
  const word = trend > 1.005 ? "growing" : trend < 0.995 ? "shrinking" : "steady";
  return `${word} x${trend.toFixed(2)}`;
}
