/** Interface Statistics Block: draft-ietf-opsawg-pcapng, section 4.6. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_32, unsigned64 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { commentOptions, optional, type PcapngOption, type PcapngOptions, putOptions } from "../options.ts";

/** Counters of an interface, as options: draft-ietf-opsawg-pcapng, section 4.6. */
export interface PcapngInterfaceStatistics {
  readonly kind: "interface-statistics";
  /** The number of the interface within its section, from 0. */
  readonly interfaceId: number;
  /**
   * The time of the counting in units of the interface (if_tsresol) since the epoch, with the seconds of its
   * if_tsoffset subtracted.
   */
  readonly timestampUnits: bigint;
  readonly options?: PcapngOptions | undefined;
}

/** Times are in nanoseconds since the epoch. Counters are in packets since the capture began. */
export interface StatisticsFields {
  /** The time of the counting. The default is `end`. */
  readonly time?: bigint | undefined;
  /** The time at which the capture began. */
  readonly start?: bigint | undefined;
  /** The time at which the capture ended. */
  readonly end?: bigint | undefined;
  /** Packets that the interface received. */
  readonly received?: bigint | number | undefined;
  /** Packets that the interface dropped. */
  readonly interfaceDropped?: bigint | number | undefined;
  /** Packets that the filter accepted. */
  readonly accepted?: bigint | number | undefined;
  /** Packets that the operating system dropped. */
  readonly osDropped?: bigint | number | undefined;
  /** Packets that were delivered to the user. */
  readonly delivered?: bigint | number | undefined;
  /** A comment, or several. */
  readonly comment?: string | readonly string[] | undefined;
}

const TYPE = 5;
const ISB_STARTTIME = 2;
const ISB_ENDTIME = 3;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_FILTERACCEPT = 6;
const ISB_OSDROP = 7;
const ISB_USRDELIV = 8;
const LAYOUTS: OptionLayouts = {
  [ISB_STARTTIME]: [4, 4],
  [ISB_ENDTIME]: [4, 4],
  [ISB_IFRECV]: [8],
  [ISB_IFDROP]: [8],
  [ISB_FILTERACCEPT]: [8],
  [ISB_OSDROP]: [8],
  [ISB_USRDELIV]: [8],
};

export function putInterfaceStatistics(into: BlockBytes, block: PcapngInterfaceStatistics): void {
  checkNumber("interfaceId", block.interfaceId, MOST_32);
  into.begin(TYPE);
  into.uint32(block.interfaceId);
  into.time(unsigned64("timestampUnits", block.timestampUnits));
  putOptions(into, block.options, LAYOUTS);
  into.end();
}

/**
 * Returns the statistics as options.
 *
 * @param unitsOf turns nanoseconds since the epoch into units of the interface; its `name` is the name of the field,
 *   for messages
 */
export function statisticsOptions(
  fields: StatisticsFields,
  unitsOf: (name: string, nanoseconds: bigint) => bigint,
): PcapngOption[] {
  const { start, end, comment } = fields;
  const time = (name: string, value: bigint | undefined) =>
    value === undefined ? undefined : halves(unitsOf(name, value));
  const count = (name: "received" | "interfaceDropped" | "accepted" | "osDropped" | "delivered") => {
    const value = fields[name];
    return value === undefined ? undefined : unsigned64(name, value);
  };
  return [
    ...optional(ISB_STARTTIME, time("start", start)),
    ...optional(ISB_ENDTIME, time("end", end)),
    ...optional(ISB_IFRECV, count("received")),
    ...optional(ISB_IFDROP, count("interfaceDropped")),
    ...optional(ISB_FILTERACCEPT, count("accepted")),
    ...optional(ISB_OSDROP, count("osDropped")),
    ...optional(ISB_USRDELIV, count("delivered")),
    ...commentOptions(comment),
  ];
}

/** Returns the upper 32 bits and the lower 32 bits of a time, which stand in this sequence in either byte order. */
function halves(units: bigint): readonly number[] {
  return [Number(units >> 32n), Number(units & 0xffff_ffffn)];
}
