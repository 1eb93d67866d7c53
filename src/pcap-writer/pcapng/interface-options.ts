/** Encodes the description of an interface as options: draft-ietf-opsawg-pcapng, section 4.2. */
import { usageError } from "../../errors.ts";
import {
  IF_DESCRIPTION,
  IF_EUIADDR,
  IF_FCSLEN,
  IF_FILTER,
  IF_HARDWARE,
  IF_IPV4ADDR,
  IF_IPV6ADDR,
  IF_MACADDR,
  IF_NAME,
  IF_OS,
  IF_RXSPEED,
  IF_SPEED,
  IF_TSOFFSET,
  IF_TSRESOL,
  IF_TXSPEED,
  IF_TZONE,
} from "./blocks/interface-description.ts";
import { checkLength, checkNumber, unsigned64 } from "./checks.ts";
import { commentOptions, optional, type PcapngOption } from "./options.ts";

/** An interface as PcapngWriter.addInterface() describes it. */
export interface PcapngInterface {
  /** The LINKTYPE_ number: 1 is Ethernet, 101 is raw IP. */
  readonly linkType: number;
  /**
   * The most bytes that are captured of a packet; 0 means no limit. The default is the snapshot length of the writer.
   */
  readonly snapshotLength?: number | undefined;
  /** The name of the interface: "eth0". */
  readonly name?: string | undefined;
  /** A description in words. */
  readonly description?: string | undefined;
  /** The capture filter, an expression of pcap-filter(7). */
  readonly filter?: string | undefined;
  /** The hardware of the interface, such as its network card. */
  readonly hardware?: string | undefined;
  /** The operating system of the machine that has the interface. */
  readonly os?: string | undefined;
  /** Speed of the interface in bits per second. */
  readonly speed?: bigint | number | undefined;
  /** Speed of sending in bits per second, where it differs from the speed of receiving. */
  readonly transmitSpeed?: bigint | number | undefined;
  /** Speed of receiving in bits per second, where it differs from the speed of sending. */
  readonly receiveSpeed?: bigint | number | undefined;
  /** The MAC address: six bytes, or "02:00:00:00:00:01". */
  readonly mac?: Uint8Array | string | undefined;
  /** The EUI-64 address: eight bytes. */
  readonly eui?: Uint8Array | undefined;
  /** Address and network mask, of four bytes each. */
  readonly ipv4?: readonly Uint8Array[] | undefined;
  /** Sixteen bytes of the address, followed by one byte with the length of the prefix in bits. */
  readonly ipv6?: readonly Uint8Array[] | undefined;
  /**
   * The unit of time stamps (if_tsresol). 9, the default, is nanoseconds, and 6 is microseconds. 128 + n stands for
   * units of 2^-n s.
   */
  readonly timestampResolution?: number | undefined;
  /** Seconds that readers add to each time (if_tsoffset). */
  readonly timestampOffset?: bigint | undefined;
  /**
   * Minutes by which the time zone differs from UTC without daylight saving time, and the minutes that daylight saving
   * time adds.
   */
  readonly timeZone?: readonly [minutes: number, daylightSaving: number] | undefined;
  /** Bytes of frame check sequence at the end of each packet. */
  readonly fcsLength?: number | undefined;
  /** A comment, or several. */
  readonly comment?: string | readonly string[] | undefined;
}

export const NANOSECOND_RESOLUTION = 9;
/** The first byte of if_filter, which says that the filter is an expression. */
const PCAP_FILTER = Uint8Array.of(0);
const MOST_MINUTES = 0x7fff;
const MOST_8 = 0xff;

/** Returns the description as options. @throws RingcapError USAGE for a value that an option cannot hold */
export function interfaceOptions(described: PcapngInterface): PcapngOption[] {
  const { filter, eui, ipv4 = [], ipv6 = [], timeZone, fcsLength, timestampOffset } = described;
  const { timestampResolution = NANOSECOND_RESOLUTION } = described;
  for (const address of ipv4) checkLength("ipv4", address, 8);
  for (const address of ipv6) checkLength("ipv6", address, 17);
  if (eui !== undefined) checkLength("eui", eui, 8);
  if (fcsLength !== undefined) checkNumber("fcsLength", fcsLength, MOST_8);
  checkNumber("timestampResolution", timestampResolution, MOST_8);
  return [
    ...optional(IF_NAME, described.name),
    ...optional(IF_DESCRIPTION, described.description),
    ...ipv4.map((value) => ({ code: IF_IPV4ADDR, value })),
    ...ipv6.map((value) => ({ code: IF_IPV6ADDR, value })),
    ...optional(IF_MACADDR, macAddress(described.mac)),
    ...optional(IF_EUIADDR, eui),
    ...optional(IF_SPEED, speed(described, "speed")),
    { code: IF_TSRESOL, value: Uint8Array.of(timestampResolution) },
    ...optional(IF_TZONE, timeZone === undefined ? undefined : minutes(timeZone)),
    ...optional(IF_FILTER, filter === undefined ? undefined : [PCAP_FILTER, filter]),
    ...optional(IF_OS, described.os),
    ...optional(IF_FCSLEN, fcsLength === undefined ? undefined : Uint8Array.of(fcsLength)),
    ...optional(IF_TSOFFSET, timestampOffset),
    ...optional(IF_HARDWARE, described.hardware),
    ...optional(IF_TXSPEED, speed(described, "transmitSpeed")),
    ...optional(IF_RXSPEED, speed(described, "receiveSpeed")),
    ...commentOptions(described.comment),
  ];
}

function speed(described: PcapngInterface, name: "speed" | "transmitSpeed" | "receiveSpeed"): bigint | undefined {
  const value = described[name];
  return value === undefined ? undefined : unsigned64(name, value);
}

function macAddress(mac: Uint8Array | string | undefined): Uint8Array | undefined {
  if (typeof mac !== "string") {
    if (mac !== undefined) checkLength("mac", mac, 6);
    return mac;
  }
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) throw usageError("mac", `"${mac}" is not like 02:00:00:00:00:01`);
  return Buffer.from(mac.replaceAll(":", ""), "hex");
}

function minutes(timeZone: readonly [number, number]): Int16Array {
  for (const value of timeZone) checkNumber("timeZone", Math.abs(value), MOST_MINUTES);
  return Int16Array.from(timeZone);
}
