/** The heaviest keys that a watch counts, as rows of minutes. */
import { TopKeys } from "../../flood/top-keys.ts";
import type { TrafficEntry, TrafficKey, TrafficWindow } from "../../packets/traffic-counts.ts";
import { addressOf } from "../export/connection-record.ts";
import type { TableRecord } from "../parquet/record-rows.ts";
import type { TimedRecord } from "./live-table.ts";

const NANOSECONDS_PER_MINUTE = 60_000_000_000n;
const SECONDS_PER_MINUTE = 60;
/** Rows of a kind and minute. */
const ROWS_MAX = 100;

export class TalkerRows {
  /** The number of the minute, from the epoch on. */
  #minute = 0;
  #keys: TopKeys | undefined;

  /** Takes a window, which is of the minute that it began in. @returns the rows of the minute before, where that is over */
  add(window: TrafficWindow): TimedRecord[] {
    const rows = this.rest(window.beganAt);
    this.#minute = minuteOf(window.beganAt);
    this.#keys ??= new TopKeys(0n);
    this.#keys.add(window);
    return rows;
  }

  /** @param time nanoseconds since the epoch @returns the rows of the minute, where it is over */
  rest(time: bigint): TimedRecord[] {
    return minuteOf(time) === this.#minute ? [] : this.close();
  }

  /** @returns the rows of the minute so far */
  close(): TimedRecord[] {
    const time = { seconds: this.#minute * SECONDS_PER_MINUTE, nanoseconds: 0 };
    const tables = Object.entries(this.#keys?.top(ROWS_MAX) ?? {});
    this.#keys = undefined;
    return tables.flatMap(([kind, { entries }]) =>
      entries.map((entry) => ({ time, kind, ...partsOf(kind as TrafficKey, entry.key), ...countsOf(entry) })),
    );
  }
}

function minuteOf(time: bigint): number {
  return Number(time / NANOSECONDS_PER_MINUTE);
}

/** Counts of a sampled table are no whole numbers. */
function countsOf({ packets, bytes, syns, error, standardError }: TrafficEntry): TableRecord {
  return {
    packets: Math.round(packets),
    bytes: Math.round(bytes),
    syns: Math.round(syns),
    error: Math.ceil(error),
    standard_error: Math.ceil(standardError),
  };
}

/** The parts of a key such as "192.0.2.0/24", "2001:db8::1", "443" or "[2001:db8::1]:443". */
function partsOf(kind: TrafficKey, key: string): TableRecord {
  if (kind === "dst-port") return { port: Number(key) };
  if (kind === "src-net") {
    const [address, prefix] = key.split("/");
    return { address: addressOf(address), prefix: Number(prefix) };
  }
  if (kind !== "dst+port") return { address: addressOf(key) };
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(key) ?? [];
  return { address: addressOf(address), port: Number(port) };
}
