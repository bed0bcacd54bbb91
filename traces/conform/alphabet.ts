/**
 * What a log shows, as symbols: an event of the mm in question with what the models tell apart of its arguments, or any
 * event of another mm, which tells where daemon and migrator are.
 */
import type { Emission } from "../../models/one-mm.ts";
import { EVENT_NAMES, Kind, type TraceEvent } from "../event.ts";

/** A scan event of another mm, and a migrate event of another mm. */
export const OTHER_SCAN = 0;
export const OTHER_MIGRATE = 1;
/** Symbols of events of the mm itself are twice their kind, plus one where total or rc is not 0. */
export const SYMBOLS = 2 * (Kind.migrate + 1);

/** Layouts of a payload, as {@link TraceEvent.style} numbers them. */
const NEUTRAL = -1;
const TASK = 0;
const NODE = 1;
const COUNTS = 3;

/** The symbol of a daemon event of the mm itself. */
export function symbolOf(event: TraceEvent): number {
  const { kind } = event;
  if (kind === Kind.scanEnd) return event.total === 0n ? 2 * kind : 2 * kind + 1;
  return kind === Kind.migrate && event.rc !== 0 ? 2 * kind + 1 : 2 * kind;
}

/** The kind of the event that a symbol stands for; {@link Kind.other} for events of other mms. */
export const kindOf = (symbol: number): Kind => (symbol >> 1) as Kind;

/** The symbols that an emission stands for: two where it leaves total or rc open. Empty for an event that logs do not have. */
export function symbolsOf(emission: Emission): readonly number[] {
  const kind = EVENT_NAMES.indexOf(emission.event as (typeof EVENT_NAMES)[number]);
  if (kind < Kind.mmEnter || kind > Kind.migrate) return [];
  const { mm } = emission.args;
  if (mm?.kind === "id" && mm.value !== 0) return [kind === Kind.migrate ? OTHER_MIGRATE : OTHER_SCAN];
  const argument = kind === Kind.scanEnd ? "total" : kind === Kind.migrate ? "rc" : null;
  if (argument === null) return [2 * kind];
  const value = emission.args[argument];
  if (value?.kind !== "int") return [2 * kind, 2 * kind + 1];
  return [value.value === 0 ? 2 * kind : 2 * kind + 1];
}

/** {@link layoutsOf} of an event that the version does not have. */
export const FOREIGN = -2;

/** How a version lays out its events, by kind. */
export function layoutsOf(emissions: readonly Emission[]): Int8Array {
  const layouts = new Int8Array(EVENT_NAMES.length).fill(FOREIGN);
  for (const emission of emissions) {
    const { args } = emission;
    const layout = "comm" in args ? TASK : "msuccess" in args ? COUNTS : "node" in args ? NODE : NEUTRAL;
    layouts[EVENT_NAMES.indexOf(emission.event as (typeof EVENT_NAMES)[number])] = layout;
  }
  return layouts;
}

/** Whether an event that was laid out as `style` can be one that the version lays out as `layout`. */
export function fits(kind: Kind, style: number, layout: number): boolean {
  if (layout === FOREIGN) return false;
  if (style === NEUTRAL) return true;
  if (layout === TASK || style === TASK) return layout === style;
  return kind !== Kind.migrate || (layout === COUNTS) === (style === COUNTS);
}

/** What the layout prints, for a message. */
export function layoutText(kind: Kind, layout: number): string {
  if (layout === TASK) return "the name of a task";
  if (layout === COUNTS && kind === Kind.migrate) return "a node and counts";
  return kind === Kind.scanEnd || kind === Kind.migrate ? "a node and no counts" : "the mm alone";
}

/** The event and what is told apart of it: `kmem_scan_mm_end with total 0`. */
export function symbolText(symbol: number): string {
  if (symbol === OTHER_SCAN) return "a scan event of another mm";
  if (symbol === OTHER_MIGRATE) return "kmem_scan_mm_migrate of another mm";
  const kind = symbol >> 1;
  const name = EVENT_NAMES[kind] ?? "";
  if (kind === Kind.scanEnd) return (symbol & 1) === 0 ? `${name} with total 0` : `${name} with a total`;
  if (kind === Kind.migrate) return (symbol & 1) === 0 ? `${name} with rc 0` : `${name} with another rc`;
  return name;
}
