/** What is kept of each mm. */
import { type Archive, createArchive } from "../archive.ts";

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

export interface Track {
  /** The epoch in which the belief was formed; 0 before the first event. */
  epoch: number;
  belief: number;
  /** The belief before the last run of equal events, or before those of {@link recent}. */
  base: number;
  /** How many scan and migrate events the log had at the last event of this mm. */
  scans: number;
  migrations: number;
  /** The last event of this mm, how often it came in a row, and when for the first time. */
  symbol: number;
  prefix: number;
  line: number;
  ns: number;
  cpu: number;
  pid: number;
  times: number;
  since: number;
  /** The last events, where they are close to each other and come from several CPUs. */
  recent: Run[] | null;
}

export interface Tracks {
  readonly of: (mm: number) => Track;
  /** Keeps the last events of a track for other orders, and lets go of those of tracks that are too old for that. */
  readonly keep: (track: Track, recent: Run[]) => void;
  /** Keeps only the numbers of a track, none of whose events can be put in another order any more. */
  readonly release: (mm: number) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
}

export function createTracks(): Tracks {
  const tracks: (Track | undefined)[] = [];
  const released: Archive = createArchive(13);
  /** Tracks that have last events. */
  let close = new Set<Track>();
  let most = 1024;

  function raise(mm: number): Track {
    const numbers = released.get(mm);
    const at = (column: number, otherwise: number): number => numbers?.[column] ?? otherwise;
    released.drop(mm);
    return {
      epoch: at(0, 0),
      belief: at(1, 0),
      base: at(2, 0),
      scans: at(3, 0),
      migrations: at(4, 0),
      symbol: at(5, 0),
      prefix: at(6, 0),
      line: at(7, 0),
      ns: at(8, Number.NaN),
      cpu: at(9, -1),
      pid: at(10, -1),
      times: at(11, 0),
      since: at(12, Number.NaN),
      recent: null,
    };
  }

  return {
    of(mm) {
      const known = tracks[mm];
      if (known !== undefined) return known;
      const track = raise(mm);
      tracks[mm] = track;
      return track;
    },
    keep(track, recent) {
      track.recent = recent;
      close.add(track);
      if (close.size < most) return;
      for (const other of close) if (track.ns - other.ns > CLOSE) other.recent = null;
      close = new Set([...close].filter((other) => other.recent !== null));
      most = Math.max(1024, 2 * close.size);
    },
    release(mm) {
      const track = tracks[mm];
      if (track === undefined) return;
      const { epoch, belief, base, scans, migrations, symbol, prefix, line, ns, cpu, pid, times, since } =
        track;
      released.put(mm, [
        epoch,
        belief,
        base,
        scans,
        migrations,
        symbol,
        prefix,
        line,
        ns,
        cpu,
        pid,
        times,
        since,
      ]);
      tracks[mm] = undefined;
    },
    forget(mms) {
      for (const mm of mms) {
        tracks[mm] = undefined;
        released.drop(mm);
      }
    },
  };
}
