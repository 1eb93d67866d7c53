/** Packets and bytes of each class in each interval. */
import type { Analysis } from "../analysis/analysis.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import type { RateSeries, Rates } from "../report.ts";
import { zonedTime } from "../times.ts";
import { PACKET_CLASSES, type RateMark } from "../values.ts";
import { PeakSecond } from "./peak-second.ts";
import { IntervalTable, MOST_INTERVALS, NO_INTERVAL, type Timeline } from "./timeline.ts";

const BITS_PER_BYTE = 8;

export class RateTable implements Analysis {
  readonly #timeline: Timeline;
  readonly #packets = new IntervalTable(PACKET_CLASSES.length);
  readonly #bytes = new IntervalTable(PACKET_CLASSES.length);
  readonly #peak = new PeakSecond();

  /** @param timeline places the columns before this table sees them */
  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    timeline.follow(this.#packets);
    timeline.follow(this.#bytes);
  }

  add(columns: HeaderColumns): void {
    const { intervals } = this.#timeline;
    const { count, packetClass, originalLength } = columns;
    const packets = this.#packets.values;
    const bytes = this.#bytes.values;
    for (let index = 0; index < count; index++) {
      const interval = intervals[index] ?? NO_INTERVAL;
      if (interval === NO_INTERVAL) continue;
      const place = (packetClass[index] ?? 0) * MOST_INTERVALS + interval;
      packets[place] = (packets[place] ?? 0) + 1;
      bytes[place] = (bytes[place] ?? 0) + (originalLength[index] ?? 0);
    }
    this.#peak.add(columns);
  }

  report(marks: readonly RateMark[]): Rates {
    const { begins, count, intervalSeconds } = this.#timeline;
    const peak = this.#peak.peak();
    return {
      begins: begins === undefined ? null : zonedTime(begins),
      intervalSeconds,
      count,
      series: PACKET_CLASSES.flatMap((name, place): RateSeries[] => {
        const packets = this.#packets.row(place, count);
        const bytes = this.#bytes.row(place, count);
        return packets.some((value) => value > 0) ? [{ class: name, packets, bytes }] : [];
      }),
      peak:
        peak === undefined
          ? null
          : {
              time: zonedTime(peak.second),
              packetsPerSecond: peak.packets,
              bitsPerSecond: peak.bytes * BITS_PER_BYTE,
            },
      marks,
    };
  }
}
