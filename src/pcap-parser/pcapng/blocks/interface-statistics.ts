/** Interface Statistics Block: draft-ietf-opsawg-pcapng, section 4.6. */
import type { CaptureInterface } from "../../section.ts";
import type { BlockOptions } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";
import { TimeScale, toNanoseconds } from "../time-scale.ts";

export const INTERFACE_STATISTICS = 5;

const FIXED_LENGTH = 12;
const OPTIONS = 20;

const ISB_STARTTIME = 2;
const ISB_ENDTIME = 3;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_FILTERACCEPT = 6;
const ISB_OSDROP = 7;
const ISB_USRDELIV = 8;

/**
 * Times are in nanoseconds since the epoch. A value is undefined where the block, or the description of its interface,
 * does not state it.
 */
export interface InterfaceStatisticsBlock {
  readonly kind: "interface-statistics";
  readonly raw: RawBlock;
  /** The number of the interface within its section, from 0. */
  readonly interfaceId: number;
  /** Nanoseconds since the epoch at which the packets were counted. */
  readonly timestamp: bigint | undefined;
  /** The time as it is in the file: units of the interface since the epoch, without the interface's if_tsoffset. */
  readonly timestampUnits: bigint;
  /** When the capture began. */
  readonly startTime: bigint | undefined;
  /** When the capture ended. */
  readonly endTime: bigint | undefined;
  /** Packets that the interface received. */
  readonly received: bigint | undefined;
  /** Packets that the interface dropped. */
  readonly dropped: bigint | undefined;
  /** Packets that the filter accepted. */
  readonly acceptedByFilter: bigint | undefined;
  /** Packets that the operating system dropped. */
  readonly droppedBySystem: bigint | undefined;
  /** Packets that were delivered to the user. */
  readonly deliveredToUser: bigint | undefined;
  readonly options: BlockOptions;
}

/** Reads the block. @throws CaptureFileError if the block is too short, or its interface is not described */
export function readInterfaceStatistics(
  raw: RawBlock,
  interfaces: readonly CaptureInterface[],
): InterfaceStatisticsBlock {
  raw.require("an interface statistics block", FIXED_LENGTH);
  const interfaceId = raw.uint32(8);
  const owner = interfaces[interfaceId];
  const scale = owner === undefined ? undefined : new TimeScale(owner.unitsPerSecond, owner.timestampOffset);
  const timeOf = (high: number, low: number): bigint | undefined =>
    scale?.split(high, low) ? toNanoseconds(scale.seconds, scale.nanoseconds) : undefined;
  const options = raw.options(OPTIONS);
  const optionTime = (code: number): bigint | undefined => {
    const value = options.value(code);
    if (value?.length !== 8) return undefined;
    const view = new DataView(value.buffer, value.byteOffset, 8);
    return timeOf(view.getUint32(0, raw.littleEndian), view.getUint32(4, raw.littleEndian));
  };
  return {
    kind: "interface-statistics",
    raw,
    interfaceId,
    timestamp: timeOf(raw.uint32(12), raw.uint32(16)),
    timestampUnits: raw.time(12),
    startTime: optionTime(ISB_STARTTIME),
    endTime: optionTime(ISB_ENDTIME),
    received: options.uint64(ISB_IFRECV),
    dropped: options.uint64(ISB_IFDROP),
    acceptedByFilter: options.uint64(ISB_FILTERACCEPT),
    droppedBySystem: options.uint64(ISB_OSDROP),
    deliveredToUser: options.uint64(ISB_USRDELIV),
    options,
  };
}
