/** What can be made to go wrong in a simulated run, once each, and which property must notice. */
import type { RecordKind } from "./event.ts";
import type { SimulatedPatch } from "./throttle.ts";

export interface FaultEntry {
  readonly id: string;
  /** The defect of the series that looks like it, null where none does. */
  readonly defect: string | null;
  readonly title: string;
  /** Versions that can show it. */
  readonly patches: readonly SimulatedPatch[];
  /** Properties that it violates; those besides its own say a part of the same. */
  readonly violates: readonly string[];
  /** True if a log can only hint at it: the property is then inconclusive. */
  readonly hint: boolean;
  /** What must be recorded besides the events of the daemon and of the scheduler. */
  readonly records: readonly RecordKind[];
  /** True if it shows in the files beside the log, in a capture. */
  readonly beside: boolean;
  /** True if its property goes by the tunables in force, which validate is to be given. */
  readonly tunables: boolean;
  /** The only workload that has an occasion for it, null where several have. */
  readonly workload: string | null;
}

const all = ["v0", "v1", "v2", "v3"] as const;
const withExit = ["v1", "v2", "v3"] as const;
/** Later versions keep the mm and the folio apart from the entry that the kprobe of a promotion shows. */
const withFolio = ["v0", "v1"] as const;

function fault(id: string, title: string, more: Partial<Omit<FaultEntry, "id" | "title">> = {}): FaultEntry {
  const { hint = false } = more;
  const plain = { defect: null, patches: all, records: [], beside: false, tunables: false, workload: null };
  return { id, title, ...plain, violates: hint ? [] : [id], hint, ...more };
}

/** In the order of properties. */
export const FAULTS: readonly FaultEntry[] = [
  fault("A01", "vmstat counts more entries as ended than were queued", { beside: true }),
  fault("A02", "vmstat counts folios as migrated that did not move", {
    defect: "D70",
    beside: true,
    violates: ["A02", "C01"],
  }),
  fault("A03", "a visit queues pages at first sight whose accessed bit is clear", {
    defect: "D60",
    records: ["pte"],
  }),
  fault("A04", "a visit queues pages that were not accessed since the visit before", {
    defect: "D62",
    records: ["pte"],
    violates: ["A03", "A04"],
  }),
  fault("A05", "a scan is to go on at an address of another mm", { defect: "D42", records: ["walk"] }),
  fault("A06", "an mm begins with a scan period above the largest", { defect: "D72" }),
  fault("A07", "a scan sets a period that the throttle law does not give", { defect: "D73" }),
  fault("A08", "a write that is refused changes the knob", { records: ["marks"], workload: "sysfs" }),
  fault("A09", "a child does not inherit the prctl scale 0 and is visited", {
    defect: "D71",
    patches: withExit,
    records: ["marks"],
    workload: "sysfs",
  }),
  fault("A10", "a migration returns a code that the version does not have"),
  fault("B01", "a visit holds the mmap lock many times longer than its scan size allows", { defect: "D51" }),
  fault("B03", "the daemon goes on without a sleep while there is nothing to do", {
    defect: "D53",
    violates: ["B03", "P05"],
    tunables: true,
  }),
  fault("B04", "an exit waits twelve seconds for the daemon", { defect: "D36", records: ["exit"] }),
  fault("B05", "the migration thread stops, and the queue grows", {
    defect: "D46",
    patches: withExit,
    hint: true,
  }),
  fault("C01", "vmstat counts fewer scans than the log shows", { beside: true }),
  fault("F01", "a page is promoted whose accessed bit was clear at each visit", {
    patches: withFolio,
    records: ["pte", "promote"],
  }),
  fault("F02", "an entry of another mm, or a folio without references, is migrated", {
    defect: "D05",
    patches: withFolio,
    records: ["promote"],
  }),
  fault("F03", "a promotion begins after the exit of its mm has ended", {
    defect: "D09",
    patches: withFolio,
    records: ["exit", "promote"],
    violates: ["F03", "P03", "S06", "M01"],
  }),
  fault("F04", "a migrate event prints another code than the promotion returned", { records: ["promote"] }),
  fault("K01", "the kernel log tells of a hung task", { defect: "D01", beside: true }),
  fault("L01", "an mm is passed over for many rounds", { defect: "D44", hint: true }),
  fault("L02", "scans of an mm resume at the same address again and again", { defect: "D41", hint: true }),
  fault("L03", "entries of one mm are never served", { defect: "D69", patches: ["v1"], hint: true }),
  fault("L04", "an exit never returns", {
    defect: "D08",
    records: ["exit"],
    violates: ["B04"],
    hint: true,
  }),
  fault("L06", "a shorter sleep takes effect only after the old one", {
    defect: "D56",
    records: ["marks"],
    workload: "sysfs",
  }),
  fault("M01", "the daemon shows an event where no run of the model has it"),
  fault("P01", "an mm is scanned again after half of its period"),
  fault("P02", "more folios of an mm are migrated than its scans counted", { defect: "D04" }),
  fault("P03", "an mm is visited after its exit has ended", { patches: withExit }),
  fault("P04", "a visit goes on after the VMA in which it reaches its scan size", {
    defect: "D52",
    records: ["walk"],
  }),
  fault("P05", "the daemon begins a cycle without the sleep before it", { tunables: true }),
  fault("S03", "a walk goes on after the exit of its mm has ended", { records: ["exit", "walk"] }),
  fault("S04", "a failing exec waits for the mmap lock that it holds", {
    defect: null,
    records: ["exit"],
    violates: ["B04"],
    hint: true,
  }),
  fault("S05", "the folio of an entry was freed while it was queued", {
    defect: "D02",
    patches: withFolio,
    records: ["promote"],
    hint: true,
  }),
  fault("S06", "an entry is migrated after the exit of its mm has ended", {
    defect: "D10",
    patches: withExit,
    violates: ["S06", "P03"],
  }),
  fault("S08", "a folio is promoted that nothing maps", {
    defect: "D12",
    patches: withFolio,
    records: ["promote"],
    violates: ["F02"],
    hint: true,
  }),
  fault("S14", "a swap entry is taken for a page", { defect: "D25", patches: ["v0"], records: ["pte"] }),
  fault("S15", "a folio is promoted to a node that is not of the top tier", {
    defect: "D75",
    patches: withExit,
    tunables: true,
  }),
  fault("S17", "an mm is scanned whose fork fails", {
    defect: "D27",
    patches: ["v0", "v1", "v2"],
    records: ["exit"],
    hint: true,
  }),
];

/** The faults of one run that have yet to happen. */
export interface Faults {
  /** True if the fault is wanted and has not happened yet. */
  readonly awaits: (id: string) => boolean;
  readonly happened: (id: string) => void;
  /** The fault is on its way: it happens once, and has happened when it has lasted long enough to be seen. */
  readonly begun: (id: string) => void;
  /** While they are held none happens. */
  readonly hold: (held: boolean) => void;
  readonly left: () => readonly string[];
}

export function createFaults(ids: readonly string[]): Faults {
  const left = new Set(ids);
  const unfinished = new Set<string>();
  let isHeld = false;
  return {
    awaits: (id) => !isHeld && left.has(id),
    happened: (id) => {
      left.delete(id);
      unfinished.delete(id);
    },
    begun(id) {
      left.delete(id);
      unfinished.add(id);
    },
    hold(held) {
      isHeld = held;
    },
    left: () => [...left, ...unfinished],
  };
}
