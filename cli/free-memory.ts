/** How much memory a search may use where nothing is said. */
import { freemem } from "node:os";

/** The share of what is free: the rest is for the program itself and for others. */
const share = 0.75;

/** What is free for this process, in the machine and in its cgroup, as bytes. */
export interface FreeMemory {
  readonly machine: number;
  readonly cgroup: number;
}

export function freeMemory(): FreeMemory {
  return { machine: freemem(), cgroup: process.availableMemory() };
}

/** Bytes that a search may use. */
export function memoryShare({ machine, cgroup }: FreeMemory): number {
  return Math.floor(share * Math.min(machine, cgroup));
}
