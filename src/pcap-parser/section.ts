/** What packets refer to: the interface they were captured on, and the section of the file that describes it. */
import { type BlockOptions, decodeText, NO_OPTIONS } from "./pcapng/options.ts";
import { TimeScale } from "./pcapng/time-scale.ts";

const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_IPV4_ADDRESS = 4;
const IF_IPV6_ADDRESS = 5;
const IF_MAC_ADDRESS = 6;
const IF_SPEED = 8;
const IF_FILTER = 11;
const IF_OPERATING_SYSTEM = 12;
const IF_HARDWARE = 15;

export interface InterfaceFields {
  readonly id: number;
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly fcsLength: number | undefined;
  readonly timeScale: TimeScale;
  readonly options: BlockOptions;
}

/** A capture interface. A pcap file has one, with the link type and snapshot length of its header and no options. */
export class CaptureInterface {
  /** The number of the interface, counted from 0 within its section. */
  readonly id: number;
  /** LINKTYPE_ number: 1 is Ethernet. */
  readonly linkType: number;
  /** The most bytes that are captured of a packet; 0 means no limit. Some files hold packets that are longer. */
  readonly snapshotLength: number;
  /** Bytes of the frame check sequence at the end of each packet; undefined if the file does not say. */
  readonly fcsLength: number | undefined;
  readonly options: BlockOptions;
  /** The decoders' own scale, whose fields change with each packet. */
  readonly timeScale: TimeScale;

  /** @internal */
  constructor(fields: InterfaceFields) {
    this.id = fields.id;
    this.linkType = fields.linkType;
    this.snapshotLength = fields.snapshotLength;
    this.fcsLength = fields.fcsLength;
    this.options = fields.options;
    this.timeScale = fields.timeScale;
  }

  /** Units in a second of the file's time stamps. */
  get unitsPerSecond(): bigint {
    return this.timeScale.units;
  }

  /** Seconds that are added to each time stamp. `seconds` and `timestamp` of a packet contain them already. */
  get timestampOffset(): bigint {
    return this.timeScale.offset;
  }

  /** The name as it is in the file. Texts of an interface are not escaped; escapeText() makes them safe to print. */
  get name(): string | undefined {
    return this.options.text(IF_NAME);
  }

  /** A description in words, as it is in the file. */
  get description(): string | undefined {
    return this.options.text(IF_DESCRIPTION);
  }

  /** The operating system of the machine that has the interface, as it is in the file. */
  get operatingSystem(): string | undefined {
    return this.options.text(IF_OPERATING_SYSTEM);
  }

  /** The hardware of the interface, as it is in the file. */
  get hardware(): string | undefined {
    return this.options.text(IF_HARDWARE);
  }

  /** The capture filter, if it is an expression of pcap-filter. */
  get filter(): string | undefined {
    const value = this.options.value(IF_FILTER);
    return value?.[0] === 0 ? decodeText(value.subarray(1)) : undefined;
  }

  /** Speed of the interface in bits per second. */
  get speed(): bigint | undefined {
    return this.options.uint64(IF_SPEED);
  }

  /** The six bytes of the MAC address. */
  get macAddress(): Uint8Array | undefined {
    return this.options.value(IF_MAC_ADDRESS);
  }

  /** Address and network mask, of four bytes each. */
  get ipv4Addresses(): Uint8Array[] {
    return [...this.options.values(IF_IPV4_ADDRESS)];
  }

  /** Sixteen bytes of the address, followed by one byte with the length of the prefix in bits. */
  get ipv6Addresses(): Uint8Array[] {
    return [...this.options.values(IF_IPV6_ADDRESS)];
  }
}

/** A section of a pcapng file, with its own byte order and interfaces; a pcap file is one section. */
export interface CaptureSection {
  /** Counted from 0. */
  readonly index: number;
  /** The byte order of the section. */
  readonly littleEndian: boolean;
  /** The interfaces that the file described so far. The list grows as the file describes more of them. */
  readonly interfaces: readonly CaptureInterface[];
}

/** Makes the one interface of a file that has no options. */
export function plainInterface(
  linkType: number,
  snapshotLength: number,
  fcsLength: number | undefined,
  units: bigint,
): CaptureInterface {
  const timeScale = new TimeScale(units, 0n);
  return new CaptureInterface({ id: 0, linkType, snapshotLength, fcsLength, timeScale, options: NO_OPTIONS });
}
