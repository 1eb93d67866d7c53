/** Parts of a file, written one after the other: blocks directly to the disk (O_DIRECT), others through the page cache. */
import { write } from "node:fs";
import { promisify } from "node:util";
import { allocatePages, directAlignment, setDirect } from "../native/direct-io.ts";
import type { RecordFile } from "../pcap-writer/record-file.ts";

/** Bytes of a block. */
export const BLOCK_LENGTH = 4 << 20;
/** Where a block may begin in the file: at a multiple of so many bytes, which is the alignment of its memory too. */
export const BLOCK_ALIGNMENT = 4096;
/** Blocks of a file. */
const BLOCKS = 16;
/** A disk that leaves a full block waiting for so long takes less than some 1 GB a second. */
const PATIENCE_MILLISECONDS = 60;

const writeLater = promisify(write);

/** A part of the file, which may begin and end within a record. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** What lies in the file right before it, from the beginning of the batch on that reaches into it. */
  readonly before: Uint8Array;
  readonly isBlock: boolean;
  /** Bytes that are filled. */
  used: number;
  /** Packets of the batches that end in it. */
  packets: number;
}

export function pieceOf(bytes: Uint8Array, before: Uint8Array, isBlock = false): Piece {
  return { bytes, before, isBlock, used: 0, packets: 0 };
}

export class DirectBlocks {
  readonly #file: RecordFile;
  readonly #fd: number;
  /** Blocks that nothing lies in. The last one is taken first, because it is the likeliest to lie in a CPU's cache. */
  readonly #free: Uint8Array[] = [];
  #allocated = false;
  /** Whether blocks go to the disk directly. It ends where that fails, and where the disk falls behind. */
  #usable = true;
  readonly #queue: { piece: Piece; since: number }[] = [];
  #writing: Promise<void> | undefined;
  /** Of the piece that was written last. A failure of the next one may need to look into it. */
  #last: Piece | undefined;
  #onWritten = () => {};
  #failure: unknown;
  #told = false;

  /** @param fd of the file, which nobody else has */
  constructor(file: RecordFile, fd: number) {
    this.#file = file;
    this.#fd = fd;
  }

  /** Whether a piece is still being written. */
  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Whether the file can be written directly. It takes the memory of the blocks when it is first asked. */
  isUsable(): boolean {
    this.#usable &&= this.#allocated || this.#allocate();
    return this.#usable;
  }

  #allocate(): boolean {
    try {
      const alignment = directAlignment(this.#fd);
      if (alignment === 0 || BLOCK_ALIGNMENT % alignment !== 0) return false;
      const memory = allocatePages(BLOCKS * BLOCK_LENGTH);
      for (let i = 0; i < BLOCKS; i++) this.#free.push(memory.subarray(i * BLOCK_LENGTH, (i + 1) * BLOCK_LENGTH));
      this.#allocated = true;
      return true;
    } catch {
      return false;
    }
  }

  /** An empty block; undefined while all are in use, and where the file is no longer written directly. */
  take(before: Uint8Array): Piece | undefined {
    const block = this.#usable ? this.#free.pop() : undefined;
    return block === undefined ? undefined : pieceOf(block, before, true);
  }

  /** Waits until take() has a block again, or a full block has waited for so long that direct writing is given up. */
  async wait(): Promise<void> {
    while (this.#usable && this.#free.length === 0) {
      const written = new Promise<boolean>((resolve) => {
        this.#onWritten = () => resolve(true);
      });
      const since = this.#queue[0]?.since ?? performance.now();
      let timer: NodeJS.Timeout | undefined;
      const isTired = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), since + PATIENCE_MILLISECONDS - performance.now());
      });
      this.#usable = (await Promise.race([written, isTired])) && this.#usable;
      clearTimeout(timer);
    }
  }

  /** Takes a piece to be written in its turn. Its memory must stay as it is until then. */
  send(piece: Piece): void {
    this.#queue.push({ piece, since: performance.now() });
    this.#writing ??= this.#writeAll();
  }

  /** Waits until everything is written. @throws RingcapError OUTPUT of what failed, but not again what was thrown before */
  async drain(): Promise<void> {
    await this.#writing;
    if (!this.#told) this.throwFailure();
  }

  /** @throws RingcapError OUTPUT of a piece that could not be written; nothing is written after that */
  throwFailure(): void {
    if (this.#failure === undefined) return;
    this.#told = true;
    throw this.#failure;
  }

  /** Never rejects. */
  async #writeAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#failure === undefined) await this.#write(next.piece);
      this.#queue.shift();
      if (this.#last?.isBlock) this.#free.push(this.#last.bytes);
      this.#last = next.piece;
      this.#onWritten();
    }
    this.#writing = undefined;
  }

  async #write({ bytes, before, isBlock, used, packets }: Piece): Promise<void> {
    const isDirect = isBlock && used === bytes.length && this.#usable;
    try {
      await this.#file.writePiece(bytes.subarray(0, used), before, packets, isDirect ? this.#writeDirectly : undefined);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** @returns how many of the bytes were taken */
  readonly #writeDirectly = async (bytes: Uint8Array): Promise<number> => {
    let taken = 0;
    try {
      setDirect(this.#fd, true);
      try {
        ({ bytesWritten: taken } = await writeLater(this.#fd, bytes, 0, bytes.length, null));
      } finally {
        setDirect(this.#fd, false);
      }
    } catch {
      this.#usable = false;
    }
    return taken;
  };
}
