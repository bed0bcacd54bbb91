/**
 * L02: every populated page of a live mm is looked at within a bounded number of scans. A finite log cannot violate
 * that, but it can show what stands against it: scans that resume at the same address again and again (D41), and
 * walks of a VMA that end at the same hole each time (D40).
 */

import { Field, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** Scans in a row with the same resume address, or walks with the same end, that make a hint. */
const REPEATS = 3;
/** Addresses that are kept of one mm. */
const HOLES = 10_000;

export const coverage: MonitorEntry = {
  id: "L02",
  title: "scans of an mm come round, and no hole ends each walk of a VMA",
  needs: "scan_mm_end, the kprobe walk_vma (pte_entry and pte_entry_ret for holes)",
  applies: (has) => has(Kind.scanEnd),
  create,
};

interface Resume {
  readonly incarnation: number;
  start: bigint;
  repeats: number;
  hinted: boolean;
}

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const resumes = new Map<number, Resume>();
  /** How often the walks of an mm ended at an address. */
  const holes = new Map<number, { readonly incarnation: number; readonly times: Map<number, number> }>();
  let vmaEnd = Number.NaN;
  let address = Number.NaN;
  let mm = -1;
  let judged = 0;
  let hints = 0;
  let walks = 0;

  function scanned(event: TraceEvent): void {
    judged++;
    const known = resumes.get(event.mm);
    const { incarnation } = lives.of(event.mm);
    // One that comes round is nothing to compare the next with.
    if (event.start === 0n) {
      resumes.delete(event.mm);
      return;
    }
    if (known?.incarnation !== incarnation || known.start !== event.start) {
      resumes.set(event.mm, { incarnation, start: event.start, repeats: 1, hinted: false });
      return;
    }
    known.repeats++;
    if (known.repeats < REPEATS || known.hinted) return;
    known.hinted = true;
    hints++;
    env.findings.doubt(
      `${known.repeats} scans in a row of mm ${env.mmText(event.mm)} end at 0x${event.start.toString(16)} (line ${event.line}): what lies above is not looked at (D41)`,
    );
  }

  function again(of: number, at: number): number {
    const incarnation = of < 0 ? 0 : lives.of(lives.resolve(of)).incarnation;
    let known = holes.get(of);
    if (known?.incarnation !== incarnation) {
      known = { incarnation, times: new Map() };
      holes.set(of, known);
    }
    const times = (known.times.get(at) ?? 0) + 1;
    if (known.times.size < HOLES || times > 1) known.times.set(at, times);
    return times;
  }

  function release(of: number): void {
    resumes.delete(of);
    holes.delete(of);
  }

  function ended(event: TraceEvent): void {
    if (event.rc !== 1 || Number.isNaN(address) || !(address + 4096 < vmaEnd)) return;
    const times = again(mm, address);
    if (times !== REPEATS) return;
    hints++;
    env.findings.doubt(
      `${REPEATS} walks of mm ${env.mmText(mm)} end at the hole at 0x${address.toString(16)} (line ${event.line}), before the end of its VMA at 0x${vmaEnd.toString(16)}: what lies between is not looked at (D40)`,
    );
  }

  return {
    kinds: [Kind.scanEnd, Kind.walkVma, Kind.pteEntry, Kind.pteEntryRet],
    event(event) {
      if (event.kind === Kind.scanEnd) return event.mm < 0 ? undefined : scanned(event);
      if (event.kind === Kind.pteEntryRet) return ended(event);
      if (event.kind === Kind.walkVma) {
        walks++;
        vmaEnd = fieldNumber(event, Field.vmEnd);
        address = Number.NaN;
      } else address = fieldNumber(event, Field.addr);
      mm = event.mm;
    },
    gap() {
      resumes.clear();
      address = Number.NaN;
    },
    release,
    forget: (mms) => mms.forEach(release),
    finish: () => ({
      judged,
      undecided: walks > 0 ? null : "without the kprobe walk_vma holes that end a walk (D40) do not show",
      note: `${judged} scans`,
      moot: walks === 0 && hints === 0,
    }),
  };
}
