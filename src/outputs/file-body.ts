/**
 * The part of a capture file that bytes are written to: a file as it is, or one that is compressed while it is written.
 */
import type { RingcapError } from "../errors.ts";

export interface FileBody {
  /** Packets that are in the file for certain. */
  readonly packets: number;
  /** Bytes that are in the file for certain, as it lies on the disk. */
  readonly bytes: number;
  /** Bytes, before they are compressed, that were taken and are not in the file yet. A body without it keeps none. */
  readonly bytesPending?: number;
  /** The reason why nothing more is taken: the file is closed, or a write failed. */
  readonly refusal: RingcapError | undefined;
  /**
   * Writes whole records, whose memory may be used again when the call returns, or when its promise resolves.
   *
   * @throws RingcapError OUTPUT
   */
  write(records: Uint8Array, packets: number): void | Promise<void>;
  /**
   * Puts on the disk what was written so far.
   *
   * @throws RingcapError OUTPUT, also where another program changed the file
   */
  sync(): void | Promise<void>;
  /**
   * Puts on the disk what was written, also what was written before a failure, while the process goes on with other
   * work. Nothing is written after that.
   *
   * @throws RingcapError OUTPUT; an error that a write threw before is not thrown again
   */
  settle(): Promise<void>;
  /** Closes the descriptor without putting anything on the disk. */
  release(): void;
  /** Does what settle() and release() do, without a promise where that is possible. */
  close(): void | Promise<void>;
}
