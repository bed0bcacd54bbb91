/** The first thing that a search found of a property. */
export interface Find {
  /** Number of the state, as the set of visited states gave it; -1 for a search that numbers none. */
  readonly state: number;
  /** Step that fails in it; -1 where the state itself is the find. */
  readonly step: number;
  /** The steps from the initial state to it, as positions in the system's steps. */
  readonly run: readonly number[];
}
