/** Which pointers of 64 bits were put in, in constant memory: never says no to one that was, seldom yes to another. */

export interface Filter {
  readonly add: (high: number, low: number) => void;
  /** False if it was not put in, for sure. */
  readonly mayHave: (high: number, low: number) => boolean;
}

/** Bits that one pointer sets: of a million pointers in the 2^26 bits one in ten million others is taken for one of them. */
const HASHES = 8;

/** @param bits a power of 2, at least 32; as many are allocated once something is put in */
export function createFilter(bits = 2 ** 26): Filter {
  let words = new Int32Array(0);

  /** Goes through the bits of a pointer as long as `each` says so. */
  function every(high: number, low: number, each: (word: number, bit: number) => boolean): boolean {
    const step = mixed(low ^ mixed(high ^ 0x2545f491)) | 1;
    let at = mixed(high ^ mixed(low));
    for (let i = 0; i < HASHES; i++, at = (at + step) | 0) {
      const place = at & (bits - 1);
      if (!each(place >>> 5, 1 << (place & 31))) return false;
    }
    return true;
  }

  return {
    add(high, low) {
      if (words.length === 0) words = new Int32Array(bits / 32);
      every(high, low, (word, bit) => {
        words[word] = (words[word] ?? 0) | bit;
        return true;
      });
    },
    mayHave: (high, low) =>
      words.length > 0 && every(high, low, (word, bit) => ((words[word] ?? 0) & bit) !== 0),
  };
}

/** Spreads 32 bits so that each changes about half of the result. */
function mixed(x: number): number {
  let y = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  y = Math.imul(y ^ (y >>> 15), 0x735a2d97);
  return y ^ (y >>> 15);
}
