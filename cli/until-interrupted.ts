/** A stream that ends when the user asks to stop, also while it waits for more. */
import type { Readable } from "node:stream";

/** The chunks of the stream; after an interrupt one empty chunk, so that the reader takes notice, and the end. */
export async function* untilInterrupted(
  stream: Readable,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const stop = () => stream.destroy();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    // Destroying a stream that is being read ends the reading with an error of its own.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (signal.aborted) yield Buffer.alloc(0);
}
