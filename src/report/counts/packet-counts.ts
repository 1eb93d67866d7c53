/** Counts packets, and finds the times between which they are. */
import type { Analysis } from "../analysis/analysis.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import type { Report } from "../report.ts";
import { Moment } from "../times.ts";
import { type Amount, PACKET_CLASSES, type PacketClass } from "../values.ts";

export class PacketCounts implements Analysis {
  packets = 0;
  malformed = 0;
  /** Packets of which fewer bytes were captured than there were. */
  cut = 0;
  /** Packets of which a header is cut. */
  cutHeaders = 0;
  withoutTime = 0;
  /** Packets whose time is earlier than that of the packet before. */
  outOfOrder = 0;
  readonly #byVersion = new Float64Array(7);
  readonly #packetsByClass = new Float64Array(PACKET_CLASSES.length);
  readonly #bytesByClass = new Float64Array(PACKET_CLASSES.length);
  readonly #first = new Moment(Number.POSITIVE_INFINITY, 0);
  readonly #last = new Moment(Number.NEGATIVE_INFINITY, 0);
  readonly #before = new Moment(Number.NEGATIVE_INFINITY, 0);

  /** Says that the next packet is the first of another file. */
  beginFile(): void {
    this.#before.seconds = Number.NEGATIVE_INFINITY;
  }

  add(columns: HeaderColumns): void {
    const { count } = columns;
    this.packets += count;
    for (let index = 0; index < count; index++) {
      const bytes = columns.originalLength[index] ?? 0;
      const packetClass = columns.packetClass[index] ?? 0;
      const version = columns.ipVersion[index] ?? 0;
      this.#packetsByClass[packetClass] = (this.#packetsByClass[packetClass] ?? 0) + 1;
      this.#bytesByClass[packetClass] = (this.#bytesByClass[packetClass] ?? 0) + bytes;
      this.#byVersion[version] = (this.#byVersion[version] ?? 0) + 1;
      this.malformed += columns.isMalformed[index] ?? 0;
      this.cutHeaders += columns.isCut[index] ?? 0;
      if ((columns.capturedLength[index] ?? 0) < bytes) this.cut++;
      if (columns.hasTime[index] === 1) this.#addTime(columns.seconds[index] ?? 0, columns.nanoseconds[index] ?? 0);
      else this.withoutTime++;
    }
  }

  #addTime(seconds: number, nanoseconds: number): void {
    const before = this.#before;
    if (seconds < before.seconds || (seconds === before.seconds && nanoseconds < before.nanoseconds)) {
      this.outOfOrder++;
      if (!this.#first.isBefore(seconds, nanoseconds)) set(this.#first, seconds, nanoseconds);
    } else {
      if (this.#last.isBefore(seconds, nanoseconds)) set(this.#last, seconds, nanoseconds);
      if (before.seconds === Number.NEGATIVE_INFINITY && !this.#first.isBefore(seconds, nanoseconds)) {
        set(this.#first, seconds, nanoseconds);
      }
    }
    before.seconds = seconds;
    before.nanoseconds = nanoseconds;
  }

  /** The times of the earliest and of the latest packet; undefined where none has a time. */
  get span(): { readonly first: Moment; readonly last: Moment } | undefined {
    return this.#first.seconds === Number.POSITIVE_INFINITY ? undefined : { first: this.#first, last: this.#last };
  }

  byClass(): Record<PacketClass, Amount> {
    const amounts = PACKET_CLASSES.map((name, place) => {
      const amount = { packets: this.#packetsByClass[place] ?? 0, bytes: this.#bytesByClass[place] ?? 0 };
      return [name, amount] as const;
    });
    return Object.fromEntries(amounts) as Record<PacketClass, Amount>;
  }

  /** @param read packets that were read, those that a filter left out included */
  report(read: number): Report["packets"] {
    const byClass = this.byClass();
    const { packets, malformed } = this;
    const [notIp = 0, , , , ipv4 = 0, , ipv6 = 0] = this.#byVersion;
    const bytes = this.#bytesByClass.reduce((sum, value) => sum + value, 0);
    return { read, matched: packets, bytes, ipv4, ipv6, notIp, malformed, byClass };
  }
}

function set(moment: Moment, seconds: number, nanoseconds: number): void {
  moment.seconds = seconds;
  moment.nanoseconds = nanoseconds;
}
