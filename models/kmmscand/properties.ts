/** The catalogue of properties of the series, and why no model asks one where none does. */

/** One property of the catalogue. Models ask it under its id, or parts of it as `ID.part`. */
export interface CatalogueProperty {
  readonly says: string;
  /** Why no model can decide it; null where one does. */
  readonly undecided: string | null;
}

const asked = (says: string): CatalogueProperty => ({ says, undecided: null });

/** By id: safety (S), accounting and meaning (A), bounds (B), liveness (L). */
export const catalogueProperties: Readonly<Record<string, CatalogueProperty>> = {
  S01: asked("scan list, hash and cursor agree"),
  S02: asked("a listed mm is pinned by one reference of the module"),
  S03: asked("page tables are walked under mmap_lock while the mm has users, never during teardown"),
  S04: asked("no task asks for an mmap_lock that it holds for write"),
  S05: asked("an entry acts on the folio it was made for"),
  S06: asked("the mm of an entry lives while the entry is queued or in flight"),
  S07: asked("page tables are read under mmap_lock or with a reference to the users of the mm"),
  S08: asked("a folio is promoted only if the page-table entry still maps it"),
  S09: asked("nothing sleeps while it holds a spinlock"),
  S10: asked("a lock is released once, by its holder, and in memory that is live"),
  S11: asked("a shared list changes under its own lock only"),
  S12: asked("a remembered successor is still on its list"),
  S13: asked("what is taken or dereferenced is there"),
  S14: asked("only present entries are read as pages, at their own address"),
  S15: asked("promotion goes from the slow tier to an online node of the top tier that has memory"),
  S16: asked("reference and isolation counts stay legal and balanced"),
  S17: asked("an mm whose tree is not complete is not walked"),
  S18: asked("a request to leave an mm alone reaches the migrator, and no other consumes it"),
  A01: asked("each queued entry ends once: migrated, failed, or dropped for an exiting mm"),
  A02: asked("migrated counts successes only"),
  A03: asked("what is queued was accessed since the visit before"),
  A04: asked("what was not accessed for a whole window is not queued"),
  A05: asked("what is kept for one mm comes from that mm"),
  A06: asked("settings and what is derived from them stay in their ranges"),
  A07: asked("useful scans do not lengthen the period, idle ones do not shorten it"),
  A08: asked("a store is validated, without effect where it is refused, and soon in force"),
  A09: asked("a prctl scale of 0 stops the scans of a process and of its children"),
  A10: asked("the trace is well formed: each end has its start, each start its end and its mm"),
  A11: asked("scanning changes nothing that others see"),
  B01: asked("a visit holds mmap_lock for no longer than its size asks"),
  B02: asked("spinlocks are held for a short time"),
  B03: asked("the daemon sleeps where there is nothing to do"),
  B04: asked("exit and a failed exec wait a bounded time"),
  B05: asked("the queue is bounded"),
  L01: asked("every listed mm is visited again"),
  L02: asked("every populated page is examined again"),
  L03: asked("every queued entry is consumed, of whichever mm"),
  L04: asked("an mm without users is released"),
  L05: asked("a stop request ends the thread"),
  L06: asked("enabling, new work and stores take effect, and no request is lost"),
};
