/** Logs as text: ftrace, trace-cmd report and perf script. */
import type { LogItem } from "../event.ts";
import {
  cpuText,
  kernelPointer,
  type Print,
  payloadOf,
  secondsOf,
  systemOf,
  toolPointer,
} from "./payload.ts";

/** Widest task name, without its terminating zero. */
const COMM = 16;

/**
 * As `trace` prints it, with irq-info columns of kernels from 5.16 on. A log with holes is printed as `trace_pipe` does it,
 * which has no header and tells of losses.
 */
export function* ftraceLines(items: readonly LogItem[], exchanged: boolean): Generator<string> {
  const print: Print = { pointer: kernelPointer, exchanged };
  if (!items.some((item) => item.name === "lost")) yield* ftraceHeader(items);
  for (const item of items) {
    if (item.name === "lost") {
      yield `CPU:${item.cpu} [LOST ${item.lost} EVENTS]`;
      continue;
    }
    const task = `${item.comm.padStart(COMM)}-${String(item.pid).padEnd(7)}`;
    yield `${task} [${cpuText(item.cpu)}] ..... ${secondsOf(item.ns, 5, true)}: ${item.name}: ${payloadOf(item, print)}`;
  }
}

function ftraceHeader(items: readonly LogItem[]): readonly string[] {
  const count = `${items.length}/${items.length}`;
  return [
    "# tracer: nop",
    "#",
    `# entries-in-buffer/entries-written: ${count}   #P:${cpusOf(items)}`,
    "#",
    "#                                _-----=> irqs-off/BH-disabled",
    "#                               / _----=> need-resched",
    "#                              | / _---=> hardirq/softirq",
    "#                              || / _--=> preempt-depth",
    "#                              ||| / _-=> migrate-disable",
    "#                              |||| /     delay",
    "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION",
    "#              | |         |   |||||     |         |",
  ];
}

/** As trace-cmd report 3.x prints it: no irq-info, raw addresses, event names padded. */
export function* traceCmdLines(items: readonly LogItem[], exchanged: boolean): Generator<string> {
  const print: Print = { pointer: toolPointer, exchanged };
  yield `cpus=${cpusOf(items)}`;
  for (const item of items) {
    if (item.name === "lost") {
      yield `CPU:${item.cpu} [${item.lost} EVENTS DROPPED]`;
      continue;
    }
    const task = `${item.comm.padStart(COMM)}-${String(item.pid).padEnd(5)}`;
    const name = `${item.name}:`.padEnd(21);
    yield `${task} [${cpuText(item.cpu)}] ${secondsOf(item.ns, 5, true)}: ${name} ${payloadOf(item, print)}`;
  }
}

/** As perf script --show-lost-events prints it: the event's system in front of its name, names aligned at their right end. */
export function* perfLines(items: readonly LogItem[], exchanged: boolean): Generator<string> {
  const print: Print = { pointer: toolPointer, exchanged };
  const columns = (comm: string, pid: number, cpu: number, ns: number): string =>
    `${comm.padStart(COMM)} ${String(pid).padStart(5)} [${cpuText(cpu)}] ${secondsOf(ns, 5, false)}:`;
  let last = { comm: "swapper", pid: 0 };
  // perf script is silent about losses unless it is asked; the remark tells that it was.
  yield "# perf script --show-lost-events";
  for (const item of items) {
    if (item.name === "lost") {
      yield `${columns(last.comm, last.pid, item.cpu, item.ns)} PERF_RECORD_LOST lost ${item.lost}`;
      continue;
    }
    last = item;
    const name = `${systemOf(item)}:${item.name}`.padStart(25);
    yield `${columns(item.comm, item.pid, item.cpu, item.ns)} ${name}: ${payloadOf(item, print)}`;
  }
}

function cpusOf(items: readonly LogItem[]): number {
  return items.reduce((most, item) => Math.max(most, item.cpu + 1), 1);
}
