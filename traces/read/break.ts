/** A break in the bytes of a log that is followed: the file was replaced by another one, or cut off and begun anew. */

const breaks = {
  replaced: Buffer.from(new ArrayBuffer(8), 0, 0),
  truncated: Buffer.from(new ArrayBuffer(8), 0, 0),
} as const;

/** What happened to the file. Only a file that is replaced with its last line whole has lost nothing for certain. */
export type Break = keyof typeof breaks;

/** An empty chunk that stands for the break; told by its identity, so that no bytes of a log can be taken for it. */
export function breakChunk(kind: Break): Buffer {
  return breaks[kind];
}

/** The break that a chunk stands for, null if it is an ordinary one. */
export function breakOf(chunk: Uint8Array): Break | null {
  if (chunk.length > 0) return null;
  if (chunk.buffer === breaks.replaced.buffer) return "replaced";
  return chunk.buffer === breaks.truncated.buffer ? "truncated" : null;
}
