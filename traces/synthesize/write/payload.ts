/** What an event prints behind its name, in the words of the version of the series that its arguments tell. */
import type { SimulatedEvent } from "../event.ts";

/** How a tool prints. */
export interface Print {
  /** The mm pointer as the tool prints it, from its hexadecimal digits. */
  readonly pointer: (digits: string) => string;
  /** Whether period and size of scan_mm_end stand under each other's label in V0. */
  readonly exchanged: boolean;
}

/** The payload of an event. The daemon's own events have a template each, all others print `name=value`. */
export function payloadOf(event: SimulatedEvent, print: Print): string {
  const { name, args } = event;
  const text = (key: string): string => String(args[key] ?? 0);
  const mm = print.pointer(String(args["mm"] ?? ""));
  const comm = args["comm"];
  const owner = comm === undefined ? null : String(comm);
  const named = (label: string): string => `kmmscand: ${label} comm =${owner} mm=${mm}`;
  switch (name) {
    case "kmem_mm_enter":
    case "kmem_scan_mm_start":
      return owner === null ? `mm = ${mm}` : named(name.slice("kmem_".length));
    case "kmem_mm_exit":
      return `mm = ${mm}`;
    case "kmem_scan_mm_end": {
      const head = owner === null ? `mm=${mm}` : named("scan_mm_end");
      const [period, size] = [text("scan_period"), text("scan_size")];
      const pair = owner !== null && print.exchanged ? [size, period] : [period, size];
      const node = owner === null ? ` node = ${text("node")}` : "";
      return `${head}, start = ${signed(text("start"))}, total = ${text("total")}, scan_period = ${pair[0]}, scan_size = ${pair[1]}${node}`;
    }
    case "kmem_scan_mm_migrate": {
      if (owner !== null) return `${named("scan_mm_migrate")} rc=${text("rc")}`;
      // V3's format ends with a blank.
      const counts = Object.hasOwn(args, "msuccess")
        ? ` msuccess = ${text("msuccess")} mfailed = ${text("mfailed")} `
        : "";
      return `mm = ${mm} rc = ${text("rc")} node = ${text("node")}${counts}`;
    }
    case "tracing_mark_write":
      return text("buf");
    default: {
      const named = Object.entries(args).map(([key, value]) => `${key}=${value}`);
      return (event.place === undefined ? named : [`(${event.place})`, ...named]).join(" ");
    }
  }
}

/** The system in front of the name of an event in perf. */
export function systemOf(event: SimulatedEvent): string {
  if (event.place !== undefined) return "kmmcheck";
  if (event.name === "mm_migrate_pages") return "migrate";
  return event.name.startsWith("sched_") ? "sched" : "kmem";
}

/** Addresses are unsigned long and printed as %ld. */
function signed(digits: string): string {
  return String(BigInt.asIntN(64, BigInt(digits)));
}

/** `%p` of the kernel: the hash, or the address where the digits are one. */
export const kernelPointer = (digits: string): string => digits.padStart(16, "0");

/** High half of the addresses that tools of user space print for pointers of which only a hash of 32 bits is known. */
const DIRECT_MAP = "ffff8881";

/** `%p` of trace-cmd and perf: the address with 0x, and `(nil)`. */
export function toolPointer(digits: string): string {
  const full = kernelPointer(digits);
  if (/^0+$/.test(full)) return "(nil)";
  return `0x${full.startsWith("00000000") ? DIRECT_MAP : full.slice(0, 8)}${full.slice(8)}`;
}

/** Seconds and microseconds, `%W lu.%06lu`; the kernel and trace-cmd round to the nearest, perf cuts off. */
export function secondsOf(ns: number, width: number, rounds: boolean): string {
  const us = Math.floor((ns + (rounds ? 500 : 0)) / 1000);
  return `${String(Math.floor(us / 1e6)).padStart(width)}.${String(us % 1e6).padStart(6, "0")}`;
}

/** `%03d`. */
export const cpuText = (cpu: number): string => String(cpu).padStart(3, "0");
