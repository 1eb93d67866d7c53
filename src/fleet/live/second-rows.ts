/**
 * What a watch counts, as rows of seconds. The counters of a capture only grow, and each row has by how much: the sum of all
 * rows is the counters of the end.
 */
import type { CaptureCounters, InterfaceCounters } from "../../packets/captured.ts";
import type { TrafficTotals } from "../../packets/traffic-counts.ts";
import type { TimedRecord } from "./live-table.ts";

/** A capture as far as it counts. */
export interface CountedCapture {
  readonly interfaces: readonly { readonly name: string; readonly index: number }[];
  readonly description: { readonly interfaceCounters?: (() => ReadonlyMap<number, InterfaceCounters>) | undefined };
  counters(): CaptureCounters;
  /** Undefined where nothing is counted by class. */
  readonly counts?: { totals(): TrafficTotals } | undefined;
}

type Column = "packets" | "bytes" | "seen" | "matched" | "sampled" | "dropped";
type Cells = Partial<Record<Column, number>>;
interface CountedRow {
  readonly interface: string | undefined;
  readonly class?: string;
  readonly cells: Cells;
}

const SECOND = 1_000_000_000n;

export class SecondRows {
  /** The second that the counts belong to, since the epoch. */
  #second: number | undefined;
  /** Whether the counters of the capture were looked at. */
  #isFresh = true;
  /** Whether the rows of the capture have interfaces. It is known once something was counted, and then stays, or packets would be in two rows. */
  #isApart: boolean | undefined;
  /** What rows have of the capture, by the place of the row. */
  #told = new Map<string, Cells>();
  /** The rows of the second so far. */
  #pending = new Map<string, CountedRow>();

  /**
   * Takes the counters where another second has begun. The difference is of the second that is over: of several, of the first.
   *
   * @param time nanoseconds since the epoch @returns the rows of that second
   */
  look(time: bigint, capture: CountedCapture): TimedRecord[] {
    const second = Number(time / SECOND);
    if (second === this.#second) return [];
    if (!this.#isFresh) this.#add(capture);
    this.#isFresh = false;
    return this.#passTo(second);
  }

  /** Takes the last counters of a capture. Those of the next one begin at 0. */
  end(capture: CountedCapture): void {
    this.#add(capture);
    this.#told.clear();
    this.#isApart = undefined;
    this.#isFresh = true;
  }

  /** @returns the rows of the second, where no capture goes on and it is over */
  rest(time: bigint): TimedRecord[] {
    const second = Number(time / SECOND);
    return this.#isFresh && second !== this.#second ? this.#passTo(second) : [];
  }

  /** @returns the rows of the last second */
  close(): TimedRecord[] {
    return this.#passTo(undefined);
  }

  #passTo(second: number | undefined): TimedRecord[] {
    const time = { seconds: this.#second ?? 0, nanoseconds: 0 };
    const rows = [...this.#pending.values()].map(({ cells, ...row }) => ({ time, ...row, ...cells }));
    this.#second = second;
    this.#pending.clear();
    return rows;
  }

  #add(capture: CountedCapture): void {
    const apart = rowsOfInterfaces(capture);
    if (apart.length > 0 || capture.counters().seen > 0) this.#isApart ??= apart.length > 0;
    for (const row of rowsOf(capture, this.#isApart ? apart : undefined)) {
      const place = `${row.class ?? ""} ${row.interface ?? ""}`;
      const told = this.#told.get(place);
      this.#told.set(place, row.cells);
      const cells = grown(row.cells, told);
      // What all packets are counted in has a row of each second, others where something came.
      if (!("sampled" in cells) && Object.values(cells).every((value) => value === 0)) continue;
      const pending = this.#pending.get(place);
      this.#pending.set(place, { ...row, cells: added(cells, pending?.cells) });
    }
  }
}

/** By how much the cells are more than those before. */
function grown(cells: Cells, before: Cells | undefined): Cells {
  return mapped(cells, (column, value) => value - (before?.[column] ?? 0));
}

function added(cells: Cells, others: Cells | undefined): Cells {
  return { ...others, ...mapped(cells, (column, value) => value + (others?.[column] ?? 0)) };
}

function mapped(cells: Cells, change: (column: Column, value: number) => number): Cells {
  const entries = Object.entries(cells) as [Column, number][];
  return Object.fromEntries(entries.map(([column, value]) => [column, change(column, value)]));
}

/** The counters so far, each in one row. @param apart the rows of interfaces; undefined where these are not counted apart */
function rowsOf(capture: CountedCapture, apart: readonly CountedRow[] | undefined): CountedRow[] {
  const { interfaces } = capture;
  const only = interfaces.length === 1 ? interfaces[0]?.name : undefined;
  const { seen, matched, sampledOut, rateLimited, ringDropped } = capture.counters();
  const totals = capture.counts?.totals();
  const cells = {
    packets: totals === undefined ? matched : 0,
    sampled: sampledOut + rateLimited,
    ...(totals === undefined ? {} : { bytes: totals.bytes }),
    ...(apart === undefined ? { seen, matched, dropped: ringDropped } : {}),
  };
  const classes = totals === undefined ? [] : Object.entries(classesOf(totals));
  return [
    { interface: only, cells },
    ...(apart ?? []),
    ...classes.map(([name, packets]) => ({ interface: only, class: name, cells: { packets } })),
  ];
}

/** @returns the rows of the interfaces whose packets are counted apart */
function rowsOfInterfaces({ interfaces, description }: CountedCapture): CountedRow[] {
  if (interfaces.length === 1) return [];
  const counters = description.interfaceCounters?.();
  const rows: CountedRow[] = [];
  for (const { name, index } of interfaces) {
    const counted = counters?.get(index);
    if (counted === undefined) continue;
    const { seen, matched, ringDropped } = counted;
    rows.push({ interface: name, cells: { packets: 0, seen, matched, dropped: ringDropped } });
  }
  return rows;
}

/** The packets by the classes of the packets table, as far as the kernel tells them apart. The sum is that of all. */
function classesOf(totals: TrafficTotals): Readonly<Record<string, number>> {
  const { packets, ipv4, ipv6, tcp, udp, icmp, otherProtocol, syn, synAck, rst, fin, ack, otherTcp } = totals;
  const notIp = packets - ipv4 - ipv6;
  const fragment = tcp - syn - synAck - rst - fin - ack - otherTcp;
  return { syn, synAck, rst, fin, ack, tcpOther: otherTcp, udp, icmp, fragment, otherIp: otherProtocol - notIp, notIp };
}
