/** Waits for bytes, or for the end of the reading. */
import type { Chunks } from "../../pcap-parser/sources.ts";

/**
 * The next chunk. Nothing of it is held by the signal afterwards: a promise of its end that all chunks were raced with would
 * hold every one of them until the end.
 *
 * @throws the signal's reason when it is aborted before, and what the chunks throw
 */
export function nextChunk(chunks: Chunks, signal: AbortSignal): Promise<IteratorResult<Uint8Array, void>> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    const stopListening = () => signal.removeEventListener("abort", onAbort);
    chunks.next().then(
      (result) => {
        stopListening();
        resolve(result);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}
