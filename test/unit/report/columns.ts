/** Packets of tests as the columns of their headers. */
import { HeaderColumns } from "../../../src/report/analysis/header-columns.ts";

export interface TestPacket {
  readonly data: Uint8Array;
  /** Bytes on the wire, where the data is cut. */
  readonly originalLength?: number;
  /** Since the epoch. The default is one millisecond behind the packet before. */
  readonly seconds?: number;
  readonly hasTime?: boolean;
  readonly linkType?: number;
}

const FIRST_SECOND = 1_700_000_000;
/** Bytes before, between and behind the packets. */
const GAP = 8;

/** Steps through packets that lie one behind the other, with bytes of a value before, between and behind them. */
class TestCursor {
  readonly bytes: Uint8Array;
  readonly packets: readonly TestPacket[];
  index = -1;
  seconds = 0;
  nanoseconds = 0;
  capturedLength = 0;
  originalLength = 0;
  start = 0;

  constructor(packets: readonly TestPacket[], around: number) {
    this.packets = packets;
    const gap = new Uint8Array(GAP).fill(around);
    this.bytes = Buffer.concat([gap, ...packets.flatMap(({ data }) => [data, gap])]);
  }

  next(): boolean {
    const packet = this.packets[this.index + 1];
    if (packet === undefined) return false;
    this.start += GAP + this.capturedLength;
    this.index++;
    this.capturedLength = packet.data.length;
    this.originalLength = packet.originalLength ?? packet.data.length;
    const time = packet.seconds ?? FIRST_SECOND + this.index / 1000;
    this.seconds = Math.floor(time);
    this.nanoseconds = Math.round((time - this.seconds) * 1e9);
    return true;
  }
}

const traitsOf = (linkType: number) => ({
  linkTypeOf: ({ index, packets }: TestCursor) => packets[index]?.linkType ?? linkType,
  hasTime: ({ index, packets }: TestCursor) => packets[index]?.hasTime ?? true,
});

/** Hands the columns of all packets to a function, portion by portion. */
export function eachColumns(packets: readonly TestPacket[], take: (columns: HeaderColumns) => void): void {
  const columns = new HeaderColumns();
  const cursor = new TestCursor(packets, 0);
  while (columns.fill(cursor, traitsOf(1))) take(columns);
}

/** The columns of the first packets. @param around the value of the bytes around each packet */
export function columnsOf(packets: readonly TestPacket[], linkType = 1, around = 0xff): HeaderColumns {
  const columns = new HeaderColumns();
  columns.fill(new TestCursor(packets, around), traitsOf(linkType));
  return columns;
}
