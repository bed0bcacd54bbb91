/**
 * A trace in Apalache's Informal Trace Format (ADR 015) whose states have a variable `event`: what happened in the step to
 * that state. Becomes the lines of events in JSON, one a state.
 *
 * `event` is `{"tag": "Event", "value": {name, ts, cpu, pid, comm, args}}`, or that record alone, `{"tag": "Gap", "value": {cpu, lost}}`,
 * or of another tag where nothing was logged.
 */

import { UnreadableLine } from "../unreadable-line.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const WHOLE = /^-?\d{1,400}$/;
const DEEPEST = 60;

/** One line for each state; throws {@link UnreadableLine} with the place in the JSON text. */
export function itfLines(text: string): readonly string[] {
  const itf = parse(text);
  if (!isObject(itf)) throw wrong("", "an object with vars and states is expected");
  const { vars, states, loop } = itf;
  if (!Array.isArray(vars) || !vars.includes("event"))
    throw wrong("/vars", 'the variable "event" must be among them: what happened in the step to a state');
  if (!Array.isArray(states)) throw wrong("/states", "a list of states is expected");
  if (
    loop !== undefined &&
    !(Number.isSafeInteger(loop) && Number(loop) >= 0 && Number(loop) < states.length)
  )
    throw wrong("/loop", `the number of a state below ${states.length} is expected`);
  return states.map((state: Json, i) => {
    const place = `/states/${i}`;
    if (!isObject(state)) throw wrong(place, "a state is expected");
    for (const name of vars) {
      if (typeof name !== "string" || !Object.hasOwn(state, name))
        throw wrong(place, `the variable ${JSON.stringify(name)} is missing`);
    }
    return eventLine(plain(state["event"] ?? null, `${place}/event`, 0), `${place}/event`);
  });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UnreadableLine(1, "the trace is no JSON text");
  }
}

function eventLine(event: Json, place: string): string {
  if (!isObject(event)) throw wrong(place, "a record or a variant is expected");
  const { tag, value } = event;
  if (typeof tag !== "string") return JSON.stringify({ event: numbered(event) });
  if (tag === "Event") {
    if (!isObject(value ?? null))
      throw wrong(`${place}/value`, "a record with the name of the event is expected");
    return JSON.stringify({ event: numbered(value as JsonObject) });
  }
  if (tag !== "Gap") return "{}";
  if (!isObject(value ?? null)) throw wrong(`${place}/value`, "a record with cpu and lost is expected");
  const { cpu = null, lost = null } = value as JsonObject;
  const known = (n: Json): number | null => (typeof n === "string" && Number(n) >= 0 ? Number(n) : null);
  return JSON.stringify({ tag: "gap", cpu: known(cpu), lost: known(lost) });
}

/** Where events in JSON have small numbers; all others may be texts of digits. */
const SMALL = new Set(["cpu", "pid", "tgid"]);

function numbered(event: JsonObject): JsonObject {
  const isSmall = (key: string, value: Json): value is string =>
    SMALL.has(key) && typeof value === "string" && /^\d{1,10}$/.test(value);
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [key, isSmall(key, value) ? Number(value) : value]),
  );
}

/** The value without the tags of the format: integers as strings of digits, maps as records, the rest as it is. */
function plain(value: Json, place: string, depth: number): Json {
  if (depth > DEEPEST) throw wrong(place, "this is nested too deeply");
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value))
      throw wrong(place, 'a number of this size is written as {"#bigint": "..."}');
    return String(value);
  }
  if (Array.isArray(value)) return value.map((item: Json, i) => plain(item, `${place}/${i}`, depth + 1));
  if (!isObject(value)) return value;
  const big = value["#bigint"];
  if (big !== undefined) {
    if (typeof big === "string" && WHOLE.test(big)) return big;
    throw wrong(`${place}/#bigint`, "the digits of a whole number are expected");
  }
  const map = value["#map"];
  if (map !== undefined) return record(map, `${place}/#map`, depth);
  const list = value["#tup"] ?? value["#set"];
  if (list !== undefined) return plain(list, place, depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain(item, `${place}/${key}`, depth + 1)]),
  );
}

function record(map: Json, place: string, depth: number): Json {
  if (!Array.isArray(map)) throw wrong(place, "a list of pairs is expected");
  const out: Record<string, Json> = {};
  map.forEach((pair: Json, i) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong(`${place}/${i}`, "a pair is expected");
    const key = plain(pair[0] ?? null, `${place}/${i}/0`, depth + 1);
    const name = typeof key === "string" ? key : JSON.stringify(key);
    if (Object.hasOwn(out, name))
      throw wrong(`${place}/${i}`, `the key ${JSON.stringify(name)} stands twice`);
    Object.defineProperty(out, name, {
      value: plain(pair[1] ?? null, `${place}/${i}/1`, depth + 1),
      enumerable: true,
    });
  });
  return out;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(place: string, what: string): UnreadableLine {
  return new UnreadableLine(1, `at ${place === "" ? "the top" : place}: ${what}`);
}
