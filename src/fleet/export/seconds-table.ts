/** The seconds table, as it is made of packets: what was counted of each second, interface and class. */
import type { HeaderColumns } from "../../report/analysis/header-columns.ts";
import { HyperLogLog } from "../../report/sketches/hyper-log-log.ts";
import { PACKET_CLASSES } from "../../report/values.ts";
import { SECONDS } from "../contract/seconds.ts";
import type { PacketTable } from "./packet-export.ts";
import { RecordTable } from "./record-table.ts";

/** Registers of the estimated number of sources: 4096, whose standard error is 1.6 %. */
const SOURCE_BITS = 12;
/** Seconds within which packets may be out of order, and still are counted in one row. */
const DISORDER_SECONDS = 2;
/** The most rows that are counted at a time. Each takes 4 KiB. */
const MOST_OPEN = 2048;

interface OpenSecond {
  readonly second: number;
  readonly interface: string | undefined;
  readonly packetClass: number;
  readonly sources: HyperLogLog;
  packets: number;
  bytes: number;
}

export class SecondsTable implements PacketTable {
  readonly #table: RecordTable;
  /** By second, interface and class. */
  readonly #open = new Map<string, OpenSecond>();
  #latest = Number.NEGATIVE_INFINITY;
  #last: OpenSecond | undefined;

  private constructor(table: RecordTable) {
    this.#table = table;
  }

  /** @param directory of all tables @param host as hostInPath() writes it @throws RingcapError INSTALLATION */
  static async open(directory: string, host: string): Promise<SecondsTable> {
    return new SecondsTable(await RecordTable.open(directory, SECONDS, host));
  }

  async add(columns: HeaderColumns, interfaces: readonly (string | undefined)[]): Promise<void> {
    const { count, hasTime, seconds, packetClass, originalLength, sourceHash, ipVersion } = columns;
    for (let index = 0; index < count; index++) {
      // What has no time is of no second.
      if (hasTime[index] !== 1) continue;
      const second = seconds[index] ?? 0;
      if (second > this.#latest) {
        this.#latest = second;
        await this.#close((open) => open.second < second - DISORDER_SECONDS);
      }
      const open = this.#openOf(second, interfaces[index], packetClass[index] ?? 0);
      open.packets++;
      open.bytes += originalLength[index] ?? 0;
      if (ipVersion[index] !== 0) open.sources.add(sourceHash[index] ?? 0);
      if (this.#open.size > MOST_OPEN) await this.#close(() => true);
    }
  }

  #openOf(second: number, name: string | undefined, packetClass: number): OpenSecond {
    const last = this.#last;
    if (last?.second === second && last.interface === name && last.packetClass === packetClass) return last;
    const key = `${second} ${packetClass} ${name ?? ""}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = { second, interface: name, packetClass, sources: new HyperLogLog(SOURCE_BITS), packets: 0, bytes: 0 };
      this.#open.set(key, open);
    }
    this.#last = open;
    return open;
  }

  /** Writes the rows that are complete, in the order of time. */
  async #close(isComplete: (open: OpenSecond) => boolean): Promise<void> {
    const complete = [...this.#open].filter(([, open]) => isComplete(open));
    complete.sort(([, one], [, other]) => one.second - other.second || one.packetClass - other.packetClass);
    for (const [key, open] of complete) {
      this.#open.delete(key);
      await this.#write(open);
    }
    this.#last = undefined;
  }

  #write({ second, interface: name, packetClass, sources, packets, bytes }: OpenSecond): Promise<void> {
    return this.#table.add({
      time: { seconds: second, nanoseconds: 0 },
      interface: name,
      class: PACKET_CLASSES[packetClass],
      packets,
      bytes,
      unique_sources: Math.round(sources.estimate()),
    });
  }

  get files(): number {
    return this.#table.files;
  }

  get rows(): number {
    return this.#table.rows;
  }

  get bytes(): number {
    return this.#table.bytes;
  }

  async close(): Promise<void> {
    await this.#close(() => true);
    await this.#table.close();
  }

  discard(): void {
    this.#table.discard();
  }
}
