/** Text logs rewritten as events in JSON, the obvious way. */
import { EVENT_NAMES, FIELD_NAMES, fieldText, Kind } from "../../../traces/event.ts";
import { isInputError } from "../../../traces/input-error.ts";
import { readLog } from "../../../traces/read/log-reader.ts";
import type { LogInput } from "../../../traces/validate.ts";
import { readOptions } from "./logs.ts";

const MM: Readonly<Record<number, string>> = {
  [-2]: "(nil)",
  [-3]: "fffffffffffffff4",
  [-4]: "(____ptrval____)",
};

/** The log's events and holes as JSON lines behind a header; numbers of 64 bits as numbers if `numbers` says so. */
export async function asJsonLines(log: LogInput, numbers = false): Promise<readonly string[]> {
  const lines = ['{"format":"kmmcheck-trace","version":1,"timeUnit":"ns"}'];
  let seq = 0;
  const big = (value: bigint): string => (numbers ? String(value) : `"${value}"`);
  const result = await readLog(log, readOptions, (open) => ({
    event(e) {
      const args: string[] = [];
      const add = (key: string, value: string): number => args.push(`"${key}":${value}`);
      if (e.mm !== -1 && e.kind <= Kind.migrate) add("mm", `"${MM[e.mm] ?? open.table.text(e.mm)}"`);
      if (e.style === 0) add("comm", '"sh"');
      if (e.kind === Kind.scanEnd) {
        const pair = e.swapped ? [e.size, e.period] : [e.period, e.size];
        add("start", big(e.start));
        add("total", big(e.total));
        add("scan_period", big(pair[0]!));
        add("scan_size", big(pair[1]!));
      }
      if (e.kind === Kind.migrate) add("rc", String(e.rc));
      if (e.style === 1 && (e.kind === Kind.scanEnd || e.kind === Kind.migrate)) add("node", String(e.node));
      if (e.kind >= Kind.probeEnter && e.kind <= Kind.migrateListRet)
        FIELD_NAMES.forEach((name, slot) => {
          const text = fieldText(e, slot as never);
          if (text !== "") add(name, `"${text}"`);
        });
      const payload = e.bytes.toString("latin1", e.payload, e.to);
      const moved = /^nr_succeeded=(\d+)/.exec(payload);
      if (moved !== null) add("nr_succeeded", `"${moved[1]}"`);
      const name = e.kind === Kind.other ? "other" : EVENT_NAMES[e.kind];
      const comm = JSON.stringify(e.bytes.toString("latin1", e.commFrom, e.commTo));
      const ts = numbers ? String(BigInt(e.sec) * 1000000000n + BigInt(e.nsec)) : `"${e.sec * 1e9 + e.nsec}"`;
      lines.push(
        `{"tag":"trace","seq":${++seq},"event":{"name":"${name}","ts":${ts},"cpu":${e.cpu},"pid":${e.pid},"comm":${comm},"args":{${args.join(",")}}}}`,
      );
    },
    gap(gap) {
      const cpu = gap.cpu < 0 ? "null" : gap.cpu;
      const lost = gap.lost < 0 ? "null" : gap.lost;
      if (gap.reason === "lost") lines.push(`{"tag":"gap","cpu":${cpu},"lost":${lost},"afterSeq":${seq}}`);
    },
  }));
  if (isInputError(result)) throw new Error(result.message);
  return lines;
}
