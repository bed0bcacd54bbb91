/** What is kept of each mm. */

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
  readonly forget: (mms: ReadonlySet<number>) => void;
}

export function createTracks(): Tracks {
  const tracks: (Track | undefined)[] = [];
  return {
    of(mm) {
      const known = tracks[mm];
      if (known !== undefined) return known;
      const track: Track = {
        epoch: 0,
        belief: 0,
        base: 0,
        scans: 0,
        migrations: 0,
        symbol: 0,
        prefix: 0,
        line: 0,
        ns: Number.NaN,
        cpu: -1,
        pid: -1,
        times: 0,
        since: Number.NaN,
        recent: null,
      };
      tracks[mm] = track;
      return track;
    },
    forget(mms) {
      for (const mm of mms) tracks[mm] = undefined;
    },
  };
}
