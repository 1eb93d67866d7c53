/**
 * The packets of a batch as one array for each field. The decoders fill the arrays, the cursors read them, and every
 * batch uses the same ones.
 */
import { MOST_BATCH_PACKETS } from "./limits.ts";

const WITH_TIME = 1;
const WITHOUT_TIME = 0;

export class PacketColumns {
  /** Packets in the arrays. */
  count = 0;
  /** Index of a packet's record (pcap record or pcapng block) in the batch's bytes. */
  readonly record = new Float64Array(MOST_BATCH_PACKETS);
  /** Bytes of the packet's record. */
  readonly recordLength = new Uint32Array(MOST_BATCH_PACKETS);
  /** Bytes from the beginning of the record to the packet's bytes. */
  readonly headerLength = new Uint8Array(MOST_BATCH_PACKETS);
  readonly seconds = new Float64Array(MOST_BATCH_PACKETS);
  readonly nanoseconds = new Uint32Array(MOST_BATCH_PACKETS);
  readonly capturedLength = new Uint32Array(MOST_BATCH_PACKETS);
  readonly originalLength = new Uint32Array(MOST_BATCH_PACKETS);
  readonly interfaceId = new Uint32Array(MOST_BATCH_PACKETS);
  readonly hasTime = new Uint8Array(MOST_BATCH_PACKETS);

  get full(): boolean {
    return this.count === MOST_BATCH_PACKETS;
  }

  /** Adds a packet with a time stamp. The caller has made sure that there is room. */
  add(
    record: number,
    recordLength: number,
    headerLength: number,
    seconds: number,
    nanoseconds: number,
    capturedLength: number,
    originalLength: number,
    interfaceId: number,
  ): void {
    const index = this.count++;
    this.record[index] = record;
    this.recordLength[index] = recordLength;
    this.headerLength[index] = headerLength;
    this.seconds[index] = seconds;
    this.nanoseconds[index] = nanoseconds;
    this.capturedLength[index] = capturedLength;
    this.originalLength[index] = originalLength;
    this.interfaceId[index] = interfaceId;
    this.hasTime[index] = WITH_TIME;
  }

  /** Says that the packet added last has no time stamp. */
  withoutTime(): void {
    this.hasTime[this.count - 1] = WITHOUT_TIME;
  }
}
