/**
 * What is kept of very many mms: some numbers of each, by the number of the mm, in one array and without an object for
 * each, so that a log of ever new mms costs little memory and no collection of garbage.
 */

/** The numbers of one mm: a view of its row, so that what is written to it is kept. */
export type Row<Name extends string> = { readonly mm: number } & { [name in Name]: number };

export interface Rows<Name extends string> {
  /** The row of an mm; it has the blank numbers if there was none. */
  readonly of: (mm: number) => Row<Name>;
  /** The row of an mm, null if there is none. */
  readonly find: (mm: number) => Row<Name> | null;
  /** Every row there is. */
  readonly all: () => IterableIterator<Row<Name>>;
  readonly drop: (mm: number) => void;
  readonly clear: () => void;
}

interface Store {
  /** The first number of a row is {@link age} if the row is there. */
  cells: Float64Array<ArrayBuffer>;
  /** Grows when all rows are dropped. */
  age: number;
  /** Makes a new row. */
  readonly add: (mm: number) => void;
}

/** @param blank the columns of the table, and what stands in a new row; their names must be identifiers */
export function createRows<Name extends string>(blank: Readonly<Record<Name, number>>): Rows<Name> {
  const fresh = Float64Array.from(Object.values<number>(blank));
  const width = 1 + fresh.length;
  const store: Store = { cells: new Float64Array(0), age: 1, add };

  function add(mm: number): void {
    if ((mm + 1) * width > store.cells.length) {
      const larger = new Float64Array(Math.max(64, mm + (mm >> 1)) * width);
      larger.set(store.cells);
      store.cells = larger;
    }
    const first = mm * width;
    store.cells[first] = store.age;
    for (let i = 0; i < fresh.length; i++) store.cells[first + 1 + i] = fresh[i] ?? 0;
  }

  const { of, find } = compile<Name>(Object.keys(blank), store);
  return {
    of,
    find,
    *all() {
      for (let mm = 0; mm * width < store.cells.length; mm++) {
        const row = find(mm);
        if (row !== null) yield row;
      }
    },
    drop(mm) {
      if (mm * width < store.cells.length) store.cells[mm * width] = 0;
    },
    clear() {
      store.age++;
    },
  };
}

/** Code of its own for each table: what all tables shared would know the columns of none. */
function compile<Name extends string>(
  names: readonly string[],
  store: Store,
): Pick<Rows<Name>, "of" | "find"> {
  const accessors = names.map(
    (name, column) => `
  get ${name}() { return store.cells[this.at + ${column}]; }
  set ${name}(value) { store.cells[this.at + ${column}] = value; }`,
  );
  const text = `"use strict";
class Row {
  constructor(mm) {
    this.mm = mm;
    this.at = mm * ${names.length + 1} + 1;
  }${accessors.join("")}
}
return {
  of(mm) {
    if (store.cells[mm * ${names.length + 1}] !== store.age) store.add(mm);
    return new Row(mm);
  },
  find: (mm) => store.cells[mm * ${names.length + 1}] === store.age ? new Row(mm) : null,
};
`;
  return new Function("store", text)(store) as Pick<Rows<Name>, "of" | "find">;
}
