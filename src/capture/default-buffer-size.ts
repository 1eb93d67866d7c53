/** The size of the rings where nobody sets it. */
import { availableParallelism, totalmem } from "node:os";
import { memoryLimit } from "../host/memory-limit.ts";

/** The largest size of a ring, in MiB. */
const OF_HEADERS = 16;
/** The largest size of a ring where packets are kept whole, in MiB. 16 MiB hold a tenth as many whole packets. */
const OF_WHOLE_PACKETS = 64;
/** A ring is for whole packets from this snapshot length on, in bytes: more than all headers take. */
const WHOLE_PACKET_LENGTH = 1024;
/** The largest size of all rings together, in MiB. */
const TOTAL = 256;
/** The share of the memory that all rings together take at most. */
const MEMORY_SHARE = 1 / 16;

export interface Host {
  /** The number of CPUs. Each has a ring. */
  cpus: number;
  /**
   * Bytes that this process may use. They are the memory of the machine, or less where its control groups have a limit.
   */
  memory: number;
}

/**
 * The size of each CPU's ring in MiB, a power of two.
 *
 * @param snapshotLength bytes
 * @param host default: this one
 */
export function defaultBufferSize(
  snapshotLength: number,
  host: Host = { cpus: availableParallelism(), memory: Math.min(totalmem(), memoryLimit()) },
): number {
  const largest = snapshotLength < WHOLE_PACKET_LENGTH ? OF_HEADERS : OF_WHOLE_PACKETS;
  const total = Math.min(TOTAL, (host.memory / 2 ** 20) * MEMORY_SHARE);
  return 2 ** Math.floor(Math.log2(Math.max(1, Math.min(largest, total / host.cpus))));
}
