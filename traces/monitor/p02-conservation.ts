/**
 * P02: conservation. In the life of an mm there are never more migrate events than the totals of its scans so far:
 * what is migrated was counted as accessed. While a scan of the mm is open its total is not known yet, and a separate
 * migrator (V1 on) may already work on its entries, so the sums are then compared at the end of the scan.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createRows, type Row } from "../rows.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const conservation: MonitorEntry = {
  id: "P02",
  title: "no more folios are migrated for an mm than its scans counted as accessed",
  needs: "scan_mm_end, scan_mm_migrate, mm_enter",
  create,
};

const BLANK = { incarnation: -1, epoch: -1, counted: 0, migrated: 0, reported: 0 };
type Account = Row<keyof typeof BLANK>;

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const accounts = createRows(BLANK);
  let judged = 0;
  let early = 0;

  function account(mm: number): Account {
    const incarnation = lives.of(mm).incarnation;
    const entry = accounts.of(mm);
    if (entry.incarnation === incarnation && entry.epoch === lives.epoch()) return entry;
    entry.incarnation = incarnation;
    entry.epoch = lives.epoch();
    entry.counted = 0;
    entry.migrated = 0;
    entry.reported = 0;
    return entry;
  }

  function compare(event: TraceEvent, entry: Account): void {
    const excess = entry.migrated - entry.counted - entry.reported;
    if (excess <= 0) return;
    const life = lives.of(event.mm);
    if (life.enterEpoch !== lives.epoch()) {
      entry.reported += excess;
      env.findings.doubt(
        `mm ${env.mmText(event.mm)} has more migrate events than its scans counted, but its life began before the log or before a hole`,
      );
      return;
    }
    // Perhaps no scan_mm_end is recorded; if one comes, these are told then or at the end.
    if (lives.seen.ends === 0) {
      early++;
      return;
    }
    entry.reported += excess;
    const stale =
      life.previousGone === 0
        ? ""
        : ` (an earlier mm with this pointer was gone by line ${life.previousGone}: its entry may have outlived it)`;
    env.findings.report(event, {
      message: `mm ${env.mmText(event.mm)} has ${entry.migrated} migrate events since its mm_enter in line ${life.enterLine}, but its scans counted only ${entry.counted} accessed pages${stale}`,
      group: `excess ${env.mmText(event.mm)} ${life.enterLine}`,
      since: life.enterLine,
    });
  }

  return {
    kinds: [Kind.scanEnd, Kind.migrate],
    event(event) {
      // What comes after the end of a life is the matter of P03.
      if (event.mm < 0 || lives.of(event.mm).over === 1) return;
      const entry = account(event.mm);
      if (event.kind === Kind.scanEnd) {
        entry.counted += Math.max(0, Number(event.total));
        if (entry.migrated > 0) compare(event, entry);
        return;
      }
      entry.migrated++;
      judged++;
      const open = lives.lastScan.isStart && lives.lastScan.mm === event.mm;
      if (!open) compare(event, entry);
    },
    release: accounts.drop,
    forget(mms) {
      for (const mm of mms) accounts.drop(mm);
    },
    finish: () => ({
      judged,
      undecided:
        lives.seen.migrations > 0 && lives.seen.ends === 0
          ? "the log has no scan_mm_end, so nothing was counted"
          : early > 0
            ? `${early} migrate events came before the first scan_mm_end of the log`
            : null,
      note: judged > 0 ? `${judged} migrate events` : null,
    }),
  };
}
