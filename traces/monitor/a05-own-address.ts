/**
 * A05, as far as a log shows it: the address at which the scan of an mm is to go on lies in a VMA of that mm. The
 * probe of the walk shows the VMAs; an address that none of them holds and a VMA of another mm does was taken from
 * there (D42).
 */

import { Field, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { walkedMm } from "./open-visit.ts";

/** VMAs kept for one mm, and over all. */
const VMAS = 4096;
const ALL_VMAS = 200_000;

export const ownAddress: MonitorEntry = {
  id: "A05",
  title: "the scan of an mm goes on at an address of that mm",
  needs: "scan_mm_end, mm_enter, the kprobe walk_vma",
  applies: (has) => has(Kind.walkVma) && has(Kind.scanEnd),
  create,
};

interface Space {
  readonly incarnation: number;
  readonly epoch: number;
  /** End by start. */
  readonly vmas: Map<number, number>;
  whole: boolean;
}

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const spaces = new Map<number, Space>();
  let kept = 0;
  let judged = 0;

  function spaceOf(mm: number): Space {
    const { incarnation } = lives.of(mm);
    const known = spaces.get(mm);
    if (known !== undefined && known.incarnation === incarnation && known.epoch === lives.epoch())
      return known;
    kept -= known?.vmas.size ?? 0;
    const space: Space = { incarnation, epoch: lives.epoch(), vmas: new Map(), whole: true };
    spaces.set(mm, space);
    return space;
  }

  function release(mm: number): void {
    kept -= spaces.get(mm)?.vmas.size ?? 0;
    spaces.delete(mm);
  }

  function isPresent(mm: number, { incarnation }: Space): boolean {
    return lives.of(mm).incarnation === incarnation;
  }

  function walked(event: TraceEvent): void {
    const mm = walkedMm(lives, event);
    const start = fieldNumber(event, Field.vmStart);
    const end = fieldNumber(event, Field.vmEnd);
    if (mm < 0 || Number.isNaN(start) || Number.isNaN(end)) return;
    const space = spaceOf(mm);
    const before = space.vmas.get(start);
    if (before === undefined) {
      if (space.vmas.size >= VMAS || kept >= ALL_VMAS) {
        space.whole = false;
        return;
      }
      kept++;
    }
    space.vmas.set(start, Math.max(before ?? 0, end));
  }

  function ended(event: TraceEvent): void {
    if (event.start === 0n) return;
    const address = Number(event.start);
    const own = spaces.get(event.mm);
    if (own === undefined || own.incarnation !== lives.of(event.mm).incarnation) return;
    judged++;
    if (!own.whole || holds(own, address)) return;
    const other = [...spaces].find(
      ([mm, space]) => mm !== event.mm && holds(space, address) && isPresent(mm, space),
    )?.[0];
    const where = `the scan of mm ${env.mmText(event.mm)} is to go on at 0x${event.start.toString(16)}, which lies in no VMA that it has walked`;
    const life = lives.of(event.mm);
    if (other === undefined || life.enterEpoch !== lives.epoch()) {
      env.findings.doubt(`${where} (line ${event.line})`);
      return;
    }
    env.findings.report(event, {
      message: `${where}, but in one of mm ${env.mmText(other)} (D42)`,
      group: env.mmText(event.mm),
      since: life.enterLine,
      lateEnter: event.mm,
    });
  }

  return {
    kinds: [Kind.walkVma, Kind.scanEnd],
    event(event) {
      if (event.kind === Kind.walkVma) walked(event);
      else if (event.mm >= 0) ended(event);
    },
    release,
    forget: (mms) => mms.forEach(release),
    finish: () => ({ judged, undecided: null, note: judged > 0 ? `${judged} addresses` : null }),
  };
}

/** True if the address lies in a VMA or at its end. */
function holds(space: Space, address: number): boolean {
  for (const [start, end] of space.vmas) if (address > start && address <= end) return true;
  return false;
}
