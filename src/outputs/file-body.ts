/** What a capture file is written into: a file as it is, or one that is compressed on its way. */
import type { RingcapError } from "../errors.ts";

export interface FileBody {
  /** Packets in the file for certain. */
  readonly packets: number;
  /** Bytes in the file for certain, as it lies on the disk. */
  readonly bytes: number;
  /** Why nothing more is taken: the file is closed, or a write failed. */
  readonly refusal: RingcapError | undefined;
  /** Takes whole records. Their memory is free again when it returns, or when its promise resolves. @throws RingcapError OUTPUT */
  write(records: Uint8Array, packets: number): void | Promise<void>;
  /** Puts on the disk what was written so far. @throws RingcapError OUTPUT, also where others changed the file */
  sync(): void | Promise<void>;
  /**
   * Puts on the disk what was written, also before a failure, while the process goes on. Nothing is written after that.
   *
   * @throws RingcapError OUTPUT, but for the one that a write threw
   */
  settle(): Promise<void>;
  /** Closes the descriptor, and nothing else. */
  release(): void;
  /** As settle() and release(), at once where that can be. */
  close(): void | Promise<void>;
}
