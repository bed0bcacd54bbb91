/** Logs as events in JSON, one a line, and as a trace of states in ITF. */
import type { LogItem, SimulatedEvent } from "../event.ts";
import { kernelPointer } from "./payload.ts";

/** Events in JSON (schemas/event.schema.json), behind a header. Times and large numbers are strings, which no reader rounds. */
export function* jsonLines(items: readonly LogItem[], patch: "v0" | "v1" | "v2" | "v3"): Generator<string> {
  yield `{"format":"kmmcheck-trace","version":1,"clock":"local","timeUnit":"ns","patch":"${patch}"}`;
  let seq = 0;
  for (const item of items) {
    if (item.name === "lost") {
      const after = seq === 0 ? {} : { afterSeq: seq };
      yield ascii({ tag: "gap", cpu: item.cpu, lost: item.lost, ...after });
    } else yield ascii({ tag: "trace", seq: ++seq, event: recordOf(item, String(item.ns), jsonNumber) });
  }
}

/**
 * A trace in Apalache's Informal Trace Format (ADR 015) with a variable `event`: what happened in the step to a state. Nothing did in the
 * first one. Every integer is a `#bigint`, as the format asks for.
 */
export function* itfLines(items: readonly LogItem[]): Generator<string> {
  yield '{"#meta":{"format":"ITF","format-description":"https://apalache-mc.org/docs/adr/015adr-trace.html","source":"kmmcheck"},';
  yield '"vars":["event"],';
  yield '"states":[';
  yield state(0, { tag: "None", value: {} }) + (items.length === 0 ? "" : ",");
  for (const [i, item] of items.entries()) {
    const event =
      item.name === "lost"
        ? { tag: "Gap", value: { cpu: big(item.cpu), lost: big(item.lost) } }
        : { tag: "Event", value: itfRecord(item) };
    yield state(i + 1, event) + (i + 1 === items.length ? "" : ",");
  }
  yield "]}";
}

function state(index: number, event: object): string {
  return ascii({ "#meta": { index }, event });
}

function itfRecord(item: SimulatedEvent): object {
  const { name, comm, args, cpu, pid, ...rest } = recordOf(item, big(item.ns), big);
  return { name, ...rest, cpu: big(cpu), pid: big(pid), comm, args };
}

interface EventRecord<T> {
  readonly name: string;
  readonly ts: T;
  readonly cpu: number;
  readonly pid: number;
  readonly comm: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The event's members in the order of the schema; `whole` writes the arguments that are numbers. */
function recordOf<T>(
  item: SimulatedEvent,
  ts: T,
  whole: (value: number | string) => unknown,
): EventRecord<T> {
  const { name, cpu, pid, comm } = item;
  const args = Object.entries(item.args).map(([key, value]) => [
    key,
    key === "mm" ? pointerText(String(value)) : isText(key, value) ? String(value) : whole(value),
  ]);
  return { name, ts, cpu, pid, comm, args: Object.fromEntries(args) };
}

/** Arguments that are no numbers, whatever they look like. */
const TEXTS: ReadonlySet<string> = new Set(["comm", "child_comm", "filename", "buf"]);

/** Addresses of kprobes have 0x in front. */
const isText = (key: string, value: number | string): boolean =>
  TEXTS.has(key) || (typeof value === "string" && !/^-?\d+$/.test(value));

const pointerText = (digits: string): string => (digits.startsWith("0x") ? digits : kernelPointer(digits));

const jsonNumber = (value: number | string): number | string =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : String(value);

const big = (value: number | string): { readonly "#bigint": string } => ({ "#bigint": String(value) });

/** JSON in ASCII only: a task name is bytes, one a character. */
function ascii(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
