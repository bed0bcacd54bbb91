/** What little is kept of very many mms: some numbers of each, by the number of the mm, without an object for each. */

export interface Archive {
  /** Keeps `numbers`, as many as the archive has columns. */
  readonly put: (mm: number, numbers: readonly number[]) => void;
  /** What was put last, null if nothing was, or it was dropped. */
  readonly get: (mm: number) => readonly number[] | null;
  readonly drop: (mm: number) => void;
  readonly clear: () => void;
}

export function createArchive(columns: number): Archive {
  const width = columns + 1;
  let rows = new Float64Array(0);

  function reserve(mm: number): void {
    if ((mm + 1) * width <= rows.length) return;
    const larger = new Float64Array(Math.max(64, 2 * mm) * width);
    larger.set(rows);
    rows = larger;
  }

  return {
    put(mm, numbers) {
      reserve(mm);
      rows[mm * width] = 1;
      rows.set(numbers, mm * width + 1);
    },
    get: (mm) => (rows[mm * width] === 1 ? [...rows.subarray(mm * width + 1, (mm + 1) * width)] : null),
    drop(mm) {
      if (mm * width < rows.length) rows[mm * width] = 0;
    },
    clear() {
      rows = new Float64Array(0);
    },
  };
}
