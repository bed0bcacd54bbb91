/** Which visit an event of a probe inside the walk belongs to: the one whose scan_mm_start came last. */

import type { TraceEvent } from "../event.ts";
import type { Lives } from "./lives.ts";

/** The mm that is being scanned, as trace events print it: by the open visit, or by the probe's own pointer. */
export function walkedMm(lives: Lives, event: TraceEvent): number {
  const { lastScan } = lives;
  if (lastScan.known && lastScan.isStart) return lastScan.mm;
  return event.mm < 0 ? -1 : lives.resolve(event.mm);
}

/** Line of the scan_mm_start of the visit that is open, 0 if none is known. */
export function openVisit(lives: Lives): number {
  const { lastScan } = lives;
  return lastScan.known && lastScan.isStart ? lastScan.line : 0;
}

/** Line of the scan_mm_start that this scan_mm_end closes, 0 if that is not known. */
export function closedVisit(lives: Lives, event: TraceEvent): number {
  const { previousScan } = lives;
  return previousScan.known && previousScan.isStart && previousScan.mm === event.mm ? previousScan.line : 0;
}
