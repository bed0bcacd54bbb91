/**
 * The order in which slots are looked at: all slots of the line of the cache that the hash chooses, from the chosen one on and
 * round, then those of the next line. So nearly every look-up waits for one line only.
 */
const line = 16;
/**
 * Large memory begins 16 bytes behind the border of a page, where the allocator notes its size; so lines begin so many slots
 * later. Elsewhere a look-up is slower, not wrong.
 */
const skipped = 12;

/** Bytes of an index of so many slots. */
export function bytesOfIndex(slots: number): number {
  return 4 * (slots + line);
}

/** The slots of the index in this memory. */
export function indexIn(memory: ArrayBufferLike): Int32Array {
  return new Int32Array(memory, 4 * skipped, memory.byteLength / 4 - line);
}

/** The text of {@link indexIn} for memory of this name. */
export function indexInText(memory: string): string {
  return `new Int32Array(${memory}, ${4 * skipped}, ${memory}.byteLength / 4 - ${line})`;
}

/** The statement that goes from slot `i` to the next one; `home` is the slot at which the look at this line began. */
export function nextSlot(mask = "mask"): string {
  return `i = (i & -${line}) | ((i + 1) & ${line - 1}); if (i === home) home = i = (i + ${line}) & ${mask};`;
}

/** The text of the slot at which the look at the line of `slot` began, for a state with this hash. */
export function homeOf(slot: string, hash: string): string {
  return `(${slot} & -${line}) | (${hash} & ${line - 1})`;
}
