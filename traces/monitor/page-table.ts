/**
 * What is known of pages, a number each, for several address spaces: a hash table in typed arrays, some 20 bytes a page,
 * which never holds more than a number of pages. When it is full the spaces whose pages were not touched for longest are
 * forgotten: V0 does not tell when an mm is gone, and the pages of one that is are never touched again.
 */

export interface PageTable {
  /** A space without pages. */
  readonly open: () => number;
  /** False once the space was closed or forgotten; its number may then stand for another one. */
  readonly isOpen: (space: number, birth: number) => boolean;
  /** When the space was opened; tells it from a later one with the same number. */
  readonly birthOf: (space: number) => number;
  readonly close: (space: number) => void;
  /** What was put for a page, -1 if nothing. */
  readonly get: (space: number, page: number) => number;
  /** Puts a number from 0 on; false if there is no room even without the other spaces. */
  readonly put: (space: number, page: number, value: number) => boolean;
  /** Pages held. */
  readonly size: () => number;
}

/** Pages of 4 KiB in 48 bits of address; beyond that nothing is kept. */
const PAGES = 2 ** 36;
const SPACES = 2 ** 16;
const LOAD = 0.7;

export function createPageTable(limit: number): PageTable {
  let keys = new Float64Array(1 << 10);
  let values = new Float64Array(1 << 10);
  let mask = keys.length - 1;
  /** Pages in the arrays, and of them those of spaces that are open. */
  let filled = 0;
  const sizes: number[] = [];
  const births: number[] = [];
  const touched: number[] = [];
  const free: number[] = [];
  let closed = new Set<number>();
  let held = 0;
  let clock = 0;

  /** The place of a key, or the empty one where it belongs. */
  function find(space: number, page: number, key: number): number {
    let hash =
      (page | 0) ^ Math.imul(space + 1, 0x9e3779b1) ^ Math.imul(Math.floor(page / 2 ** 32), 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let at = (hash ^ (hash >>> 13)) & mask;
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  /** Moves the pages of open spaces to arrays of `length`. */
  function rebuild(length: number): void {
    const [oldKeys, oldValues] = [keys, values];
    keys = new Float64Array(length);
    values = new Float64Array(length);
    mask = length - 1;
    filled = 0;
    for (let i = 0; i < oldKeys.length; i++) {
      const key = oldKeys[i] ?? 0;
      const space = Math.floor(key / PAGES);
      if (key === 0 || closed.has(space)) continue;
      const at = find(space, key - space * PAGES - 1, key);
      keys[at] = key;
      values[at] = oldValues[i] ?? 0;
      filled++;
    }
    free.push(...closed);
    closed = new Set();
  }

  function close(space: number): void {
    if (closed.has(space) || (births[space] ?? 0) === 0) return;
    closed.add(space);
    births[space] = 0;
    held -= sizes[space] ?? 0;
    sizes[space] = 0;
  }

  /** Forgets spaces other than this one, those first that were not touched for longest, until there is room again. */
  function evict(keep: number): void {
    const order = births.flatMap((birth, space) => (birth > 0 && space !== keep ? [space] : []));
    order.sort((a, b) => (touched[a] ?? 0) - (touched[b] ?? 0));
    for (const space of order) {
      if (held <= 0.75 * limit) return;
      close(space);
    }
  }

  /** Makes room for one page more; false if there is none. */
  function makeRoom(space: number): boolean {
    if (held >= limit) evict(space);
    if (held >= limit) return false;
    if (filled + 1 <= LOAD * keys.length) return true;
    let length = 1 << 10;
    while (held + 1 > LOAD * 0.75 * length) length *= 2;
    rebuild(Math.max(length, 1 << 10));
    return true;
  }

  return {
    open() {
      if (free.length === 0 && closed.size > 0 && births.length >= 1024) rebuild(keys.length);
      if (free.length === 0 && births.length >= SPACES) {
        evict(-1);
        for (let i = 0; closed.size === 0 && i < births.length; i++) close(i);
        rebuild(keys.length);
      }
      const space = free.pop() ?? births.length;
      births[space] = ++clock;
      touched[space] = clock;
      sizes[space] = 0;
      return space;
    },
    isOpen: (space, birth) => birth > 0 && births[space] === birth,
    birthOf: (space) => births[space] ?? 0,
    close,
    get(space, page) {
      if (!(page >= 0 && page < PAGES - 1)) return -1;
      const key = space * PAGES + page + 1;
      const at = find(space, page, key);
      return keys[at] === key ? (values[at] ?? -1) : -1;
    },
    put(space, page, value) {
      if (!(page >= 0 && page < PAGES - 1)) return false;
      touched[space] = ++clock;
      const key = space * PAGES + page + 1;
      let at = find(space, page, key);
      if (keys[at] !== key) {
        if (!makeRoom(space)) return false;
        at = find(space, page, key);
        keys[at] = key;
        filled++;
        held++;
        sizes[space] = (sizes[space] ?? 0) + 1;
      }
      values[at] = value;
      return true;
    },
    size: () => held,
  };
}
