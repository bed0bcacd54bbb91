/** Names of functions and threads; program points are `function:step`. */
import type { Patch } from "../../entry.ts";

export interface Names {
  /** The scanner's thread, and the prefix of its functions. */
  readonly scanner: string;
  /** The migrator's thread, v1 on. */
  readonly migrator: string;
  readonly enter: string;
  readonly exit: string;
  readonly doScan: string;
  readonly scanMm: string;
  readonly collect: string;
  /** The function that takes an entry from the list. */
  readonly takes: string;
  readonly promote: string;
}

export function namesOf(patch: Patch | null): Names {
  const scanner = patch === "v2" || patch === "v3" ? "kscand" : "kmmscand";
  const perMm = scanner === "kscand";
  return {
    scanner,
    migrator: perMm ? "kmigrated" : "kmmmigrated",
    enter: `__${scanner}_enter`,
    exit: `__${scanner}_exit`,
    doScan: `${scanner}_do_scan`,
    scanMm: `${scanner}_scan_mm_slot`,
    collect: `${scanner}_collect_mm_slot`,
    takes: perMm ? "kmigrated_migrate_mm" : "kmmscand_migrate_folio",
    promote: perMm ? "kmigrated_promote_folio" : "kmmscand_promote_folio",
  };
}
