/** What bytes can be written to. */
export interface ByteOutput {
  /** Bytes that were taken. */
  readonly bytesWritten: number;
  /** The bytes may be reused when it returns, or when its promise resolves. @throws RingcapError OUTPUT, OUTPUT_CLOSED */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Gives up what the reader has not taken: a write that waits fails at once, and so does each further one. */
  abandon(): void;
  close(): void | Promise<void>;
}
