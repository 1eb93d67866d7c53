/** Interface Description Block: draft-ietf-opsawg-pcapng, section 4.2. */
import { CaptureInterface } from "../../section.ts";
import type { BlockOptions } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";
import { DEFAULT_RESOLUTION, TimeScale, unitsPerSecond } from "../time-scale.ts";

export const INTERFACE_DESCRIPTION = 1;

const FIXED_LENGTH = 8;
const OPTIONS = 16;
const IF_TSRESOL = 9;
const IF_FCSLEN = 13;
const IF_TSOFFSET = 14;
/** Lengths in bytes of the options that change what packets mean. */
const LENGTHS = { [IF_TSRESOL]: 1, [IF_FCSLEN]: 1, [IF_TSOFFSET]: 8 };

/** An interface of a section: draft-ietf-opsawg-pcapng, section 4.2. */
export interface InterfaceDescriptionBlock {
  readonly kind: "interface-description";
  readonly raw: RawBlock;
  /** LINKTYPE_ number: 1 is Ethernet. */
  readonly linkType: number;
  /** The most bytes that are captured of a packet; 0 means no limit. */
  readonly snapshotLength: number;
  readonly interface: CaptureInterface;
  readonly options: BlockOptions;
}

/**
 * Reads the block.
 *
 * @param id the number of the interface, which is the count of interfaces that its section described before
 * @throws CaptureFileError if the block is too short, or its options do not fit
 */
export function readInterfaceDescription(raw: RawBlock, id: number): InterfaceDescriptionBlock {
  raw.require("an interface description", FIXED_LENGTH);
  const options = raw.options(OPTIONS, LENGTHS);
  const resolution = options.uint8(IF_TSRESOL) ?? DEFAULT_RESOLUTION;
  const units = unitsPerSecond(resolution);
  if (units === undefined) {
    throw raw.corrupt(0, `an if_tsresol of 0x${resolution.toString(16)} has units too small for 64 bits`);
  }
  const linkType = raw.uint16(8);
  const snapshotLength = raw.uint32(12);
  const described = new CaptureInterface({
    id,
    linkType,
    snapshotLength,
    fcsLength: options.uint8(IF_FCSLEN),
    timeScale: new TimeScale(units, options.int64(IF_TSOFFSET) ?? 0n),
    options,
  });
  return { kind: "interface-description", raw, linkType, snapshotLength, interface: described, options };
}
