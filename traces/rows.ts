/**
 * What is kept of very many mms: some numbers of each, by the number of the mm, in arrays and without an object for
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

/** Rows of one array: arrays of few rows need no copying when there are more, and leave little unused. */
const BLOCK = 512;

interface Store {
  /** The blocks of rows; the first number of a row is {@link age} if the row is there. */
  readonly blocks: (Float64Array | undefined)[];
  /** Grows when all rows are dropped. */
  age: number;
  /** Makes a new row; returns its block. */
  readonly add: (mm: number) => Float64Array;
}

/** @param blank the columns of the table, and what stands in a new row; their names must be identifiers */
export function createRows<Name extends string>(blank: Readonly<Record<Name, number>>): Rows<Name> {
  const fresh = Float64Array.from(Object.values<number>(blank));
  const width = 1 + fresh.length;
  const store: Store = { blocks: [], age: 1, add };

  function add(mm: number): Float64Array {
    const of = Math.floor(mm / BLOCK);
    while (store.blocks.length < of) store.blocks.push(undefined);
    const block = store.blocks[of] ?? new Float64Array(BLOCK * width);
    store.blocks[of] = block;
    const first = (mm % BLOCK) * width;
    block[first] = store.age;
    for (let i = 0; i < fresh.length; i++) block[first + 1 + i] = fresh[i] ?? 0;
    return block;
  }

  const { of, find } = compile<Name>(Object.keys(blank), store);
  return {
    of,
    find,
    *all() {
      for (let mm = 0; mm < store.blocks.length * BLOCK; mm++) {
        const row = find(mm);
        if (row !== null) yield row;
      }
    },
    drop(mm) {
      const block = store.blocks[Math.floor(mm / BLOCK)];
      if (block !== undefined) block[(mm % BLOCK) * width] = 0;
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
  const width = names.length + 1;
  const accessors = names.map(
    (name, column) => `
  get ${name}() { return this.cells[this.at + ${column}]; }
  set ${name}(value) { this.cells[this.at + ${column}] = value; }`,
  );
  const text = `"use strict";
class Row {
  constructor(mm, cells, first) {
    this.mm = mm;
    this.cells = cells;
    this.at = first + 1;
  }${accessors.join("")}
}
return {
  of(mm) {
    const first = mm % ${BLOCK} * ${width};
    let cells = store.blocks[Math.floor(mm / ${BLOCK})];
    if (cells === undefined || cells[first] !== store.age) cells = store.add(mm);
    return new Row(mm, cells, first);
  },
  find(mm) {
    const first = mm % ${BLOCK} * ${width};
    const cells = store.blocks[Math.floor(mm / ${BLOCK})];
    return cells !== undefined && cells[first] === store.age ? new Row(mm, cells, first) : null;
  },
};
`;
  return new Function("store", text)(store) as Pick<Rows<Name>, "of" | "find">;
}
