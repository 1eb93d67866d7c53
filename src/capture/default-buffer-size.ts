/** How large the rings are when nobody says. */
import { availableParallelism, totalmem } from "node:os";
import { memoryLimit } from "../host/memory-limit.ts";

/** MiB of each ring at most. */
const OF_HEADERS = 16;
/** The same where packets are kept whole: 16 MiB hold a tenth as many of them. */
const OF_WHOLE_PACKETS = 64;
/** Bytes of a packet from which on a ring is for whole packets: more than all headers take. */
const WHOLE_PACKET_LENGTH = 1024;
/** MiB of all rings together at most. */
const TOTAL = 256;
/** The share of the memory that all rings together take at most. */
const MEMORY_SHARE = 1 / 16;

export interface Host {
  /** CPUs, each of which has a ring. */
  cpus: number;
  /** Bytes that this process may use: those of the machine, or fewer where its control groups have a limit. */
  memory: number;
}

/**
 * MiB of each CPU's ring, a power of two.
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
