/** What is kept of each mm. */
import { createRows, type Row } from "../rows.ts";

/** Nanoseconds after which no event can be put before the last one of a track. */
const CLOSE = 100e6;

/** Equal events of the mm, one after the other, that may still have to be put in another order. */
export interface Run {
  readonly symbol: number;
  readonly prefix: number;
  readonly cpu: number;
  readonly pid: number;
  /** Times of the first and of the last of them. */
  readonly ns: number;
  until: number;
  times: number;
}

const BLANK = {
  /** The epoch in which the belief was formed; 0 before the first event. */
  epoch: 0,
  belief: 0,
  /** The belief before the last run of equal events, or before those that {@link Tracks.recent} has. */
  base: 0,
  /** How many scan and migrate events the log had at the last event of this mm. */
  scans: 0,
  migrations: 0,
  /** The last event of this mm, how often it came in a row, and when for the first time. */
  symbol: 0,
  prefix: 0,
  line: 0,
  ns: Number.NaN,
  cpu: -1,
  pid: -1,
  times: 0,
  since: Number.NaN,
  /** 1 if {@link Tracks.recent} has the last events. */
  close: 0,
};

export type Track = Row<keyof typeof BLANK>;

export interface Tracks {
  readonly of: (mm: number) => Track;
  /** The last events, where they are close to each other and come from several CPUs; else null. */
  readonly recent: (track: Track) => Run[] | null;
  /** Keeps the last events of a track for other orders, and lets go of those of tracks that are too old for that. */
  readonly keep: (track: Track, recent: Run[]) => void;
  /** Lets go of the last events of a track. */
  readonly part: (track: Track) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
}

export function createTracks(): Tracks {
  const tracks = createRows(BLANK);
  const close = new Map<number, Run[]>();
  let most = 1024;

  function part(track: Track): void {
    if (track.close === 0) return;
    track.close = 0;
    close.delete(track.mm);
  }

  return {
    of: tracks.of,
    recent: (track) => (track.close === 1 ? (close.get(track.mm) ?? null) : null),
    keep(track, recent) {
      track.close = 1;
      close.set(track.mm, recent);
      if (close.size < most) return;
      for (const mm of close.keys()) {
        const other = tracks.of(mm);
        if (track.ns - other.ns > CLOSE) part(other);
      }
      most = Math.max(1024, 2 * close.size);
    },
    part,
    forget(mms) {
      for (const mm of mms) {
        tracks.drop(mm);
        close.delete(mm);
      }
    },
  };
}
