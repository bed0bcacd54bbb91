/** What can be made to go wrong in a simulated run, once each, and which property must notice. */
import type { SimulatedPatch } from "./throttle.ts";

export interface FaultEntry {
  readonly id: string;
  /** The defect of the series that looks like it, null where none does. */
  readonly defect: string | null;
  readonly title: string;
  /** Versions that can show it. */
  readonly patches: readonly SimulatedPatch[];
  /** Properties that it violates, its own first; the others say a part of the same. */
  readonly violates: readonly string[];
  /** True if a log can only hint at it: the property is then inconclusive. */
  readonly hint: boolean;
}

const all = ["v0", "v1", "v2", "v3"] as const;
const withExit = ["v1", "v2", "v3"] as const;

function fault(id: string, title: string, more: Partial<Omit<FaultEntry, "id" | "title">> = {}): FaultEntry {
  return { id, title, defect: null, patches: all, violates: [id], hint: false, ...more };
}

/** In the order of properties. */
export const FAULTS: readonly FaultEntry[] = [
  fault("A06", "an mm begins with a scan period above the largest", { defect: "D72" }),
  fault("A07", "a scan sets a period that the throttle law does not give", { defect: "D73" }),
  fault("A10", "a migration returns a code that the version does not have"),
  fault("B01", "a visit holds the mmap lock many times longer than its scan size allows", { defect: "D51" }),
  fault("B03", "the daemon goes on without a sleep while there is nothing to do", {
    defect: "D53",
    violates: ["B03", "P05"],
  }),
  fault("L01", "an mm is passed over for many rounds", { defect: "D44", hint: true }),
  fault("L02", "scans of an mm resume at the same address again and again", { defect: "D41", hint: true }),
  fault("M01", "the daemon shows an event where no run of the model has it"),
  fault("P01", "an mm is scanned again after half of its period"),
  fault("P02", "more folios of an mm are migrated than its scans counted", { defect: "D04" }),
  fault("P03", "an mm is visited after its exit has ended", { patches: withExit }),
  fault("P05", "the daemon begins a cycle without the sleep before it"),
  fault("S06", "an entry is migrated after the exit of its mm has ended", {
    defect: "D10",
    patches: withExit,
    violates: ["S06", "P03"],
  }),
  fault("S15", "a folio is promoted to a node that is not of the top tier", {
    defect: "D75",
    patches: withExit,
  }),
];

/** The faults of one run that have yet to happen. */
export interface Faults {
  /** True if the fault is wanted and has not happened yet. */
  readonly awaits: (id: string) => boolean;
  readonly happened: (id: string) => void;
  /** While they are held none happens. */
  readonly hold: (held: boolean) => void;
  readonly left: () => readonly string[];
}

export function createFaults(ids: readonly string[]): Faults {
  const left = new Set(ids);
  let isHeld = false;
  return {
    awaits: (id) => !isHeld && left.has(id),
    happened: (id) => {
      left.delete(id);
    },
    hold(held) {
      isHeld = held;
    },
    left: () => [...left],
  };
}
