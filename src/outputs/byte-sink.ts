/** The interface of everything that bytes are written to. */
export interface ByteOutput {
  /** Bytes that were taken so far. */
  readonly bytesWritten: number;
  /**
   * Writes bytes, whose memory may be used again when the call returns, or when its promise resolves.
   *
   * @throws RingcapError OUTPUT, or OUTPUT_CLOSED when the reader went away
   */
  write(bytes: Uint8Array): void | Promise<void>;
  /**
   * Gives up the bytes that the reader has not taken. A write that waits fails at once, and each further write fails
   * too.
   */
  abandon(): void;
  close(): void | Promise<void>;
}
