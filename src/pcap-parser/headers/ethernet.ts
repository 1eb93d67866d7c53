/** Ethernet II and IEEE 802.3 frames, with VLAN tags (IEEE 802.1Q, 802.1ad) and the LLC header of length frames (802.2). */
import { formatHardwareAddress } from "./address.ts";
import { type DecodedLayer, type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16 } from "./read.ts";

export const ETHER_TYPE_IPV4 = 0x0800;
export const ETHER_TYPE_ARP = 0x0806;
export const ETHER_TYPE_REVERSE_ARP = 0x8035;
export const ETHER_TYPE_IPV6 = 0x86dd;

const HEADER_LENGTH = 14;
const TAG_LENGTH = 4;
/** A type field with this value or a smaller one is the length in bytes of an 802.3 frame. */
const LARGEST_LENGTH_FIELD = 1500;
/** A frame with more tags than this is malformed, because only a hostile sender stacks so many. */
const MOST_VLAN_TAGS = 8;
const LLC_LENGTH = 3;
const SNAP_LENGTH = 8;

/** A VLAN tag: IEEE 802.1Q and 802.1ad. */
export interface VlanTag {
  /** The EtherType of the tag: 0x8100 (802.1Q), 0x88a8 (802.1ad) or 0x9100 (in use before 802.1ad). */
  readonly tagProtocol: number;
  /** The priority code point, 0 to 7. */
  readonly priority: number;
  /** The drop eligible indicator. */
  readonly dropEligible: boolean;
  /** VLAN identifier, 0 to 4095. */
  readonly id: number;
}

/**
 * The header of IEEE 802.2 logical link control: `destinationServiceAccessPoint`, `sourceServiceAccessPoint` and `control`
 * as they were sent.
 */
export interface LlcHeader {
  readonly destinationServiceAccessPoint: number;
  readonly sourceServiceAccessPoint: number;
  readonly control: number;
}

/** The header of an Ethernet frame. `offset` is where it begins, in bytes within the packet. */
export interface EthernetHeader {
  readonly offset: number;
  /** Colon-separated hexadecimal: `02:00:00:00:00:01`. */
  readonly destinationAddress: string;
  /** Colon-separated hexadecimal, as `destinationAddress` is. */
  readonly sourceAddress: string;
  /** The VLAN tags, the outermost first. */
  readonly vlanTags: readonly VlanTag[];
  /**
   * The EtherType of Ethernet II, or of SNAP with an all-zero organisation. It is undefined for any other 802.3 frame.
   */
  readonly etherType: number | undefined;
  /** The length field of an 802.3 frame, which counts the bytes after that field. */
  readonly frameLength: number | undefined;
  readonly llc: LlcHeader | undefined;
}

function isVlanTagProtocol(value: number): boolean {
  return value === 0x8100 || value === 0x88a8 || value === 0x9100;
}

/** The fields that follow the addresses, as far as they were captured. */
interface FrameType {
  readonly etherType: number | undefined;
  readonly frameLength: number | undefined;
  readonly llc: LlcHeader | undefined;
  readonly next: number;
  readonly problem: DecodeProblem | undefined;
}

/** Decodes the Ethernet header at `offset`. `next` is the offset of the first byte of the payload. */
export function decodeEthernet(bytes: Uint8Array, offset = 0): DecodedLayer<EthernetHeader> {
  const short = shortfall("ethernet", bytes, offset, HEADER_LENGTH, Number.POSITIVE_INFINITY);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const vlanTags: VlanTag[] = [];
  const typeOffset = offset + 12;
  const tagProblem = collectVlanTags(bytes, typeOffset, vlanTags);
  const type = decodeType(bytes, typeOffset + TAG_LENGTH * vlanTags.length, tagProblem);
  const header = {
    offset,
    destinationAddress: formatHardwareAddress(bytes, offset),
    sourceAddress: formatHardwareAddress(bytes, offset + 6),
    vlanTags,
    etherType: type.etherType,
    frameLength: type.frameLength,
    llc: type.llc,
  };
  return { header, next: type.next, problem: type.problem };
}

function collectVlanTags(bytes: Uint8Array, start: number, vlanTags: VlanTag[]): DecodeProblem | undefined {
  for (let at = start; isVlanTagProtocol(uint16(bytes, at)); at += TAG_LENGTH) {
    if (vlanTags.length === MOST_VLAN_TAGS) return malformed("ethernet", at);
    // The tag's control field and the type behind it must have been captured.
    const short = shortfall("ethernet", bytes, at + 2, TAG_LENGTH, Number.POSITIVE_INFINITY);
    if (short !== undefined) return short;
    const control = uint16(bytes, at + 2);
    vlanTags.push({
      tagProtocol: uint16(bytes, at),
      priority: control >> 13,
      dropEligible: (control & 0x1000) !== 0,
      id: control & 0xfff,
    });
  }
  return undefined;
}

function decodeType(bytes: Uint8Array, offset: number, tagProblem: DecodeProblem | undefined): FrameType {
  if (tagProblem !== undefined) {
    return { etherType: undefined, frameLength: undefined, llc: undefined, next: offset, problem: tagProblem };
  }
  const value = uint16(bytes, offset);
  const next = offset + 2;
  if (value <= LARGEST_LENGTH_FIELD) return decodeLengthFrame(bytes, next, value);
  return { etherType: value, frameLength: undefined, llc: undefined, next, problem: undefined };
}

function decodeLengthFrame(bytes: Uint8Array, start: number, frameLength: number): FrameType {
  const end = start + frameLength;
  const short = shortfall("ethernet", bytes, start, LLC_LENGTH, end);
  if (short !== undefined) return { etherType: undefined, frameLength, llc: undefined, next: start, problem: short };

  const llc = {
    destinationServiceAccessPoint: uint8(bytes, start),
    sourceServiceAccessPoint: uint8(bytes, start + 1),
    control: uint8(bytes, start + 2),
  };
  // SNAP (IEEE 802): both access points are 0xaa, the control field says unnumbered information, and an organisation
  // and an EtherType follow.
  const isSnap = uint16(bytes, start) === 0xaaaa && llc.control === 3;
  const problem = isSnap ? shortfall("ethernet", bytes, start, SNAP_LENGTH, end) : undefined;
  if (!isSnap || problem !== undefined) {
    return { etherType: undefined, frameLength, llc, next: start + LLC_LENGTH, problem };
  }
  const isEncapsulatedEthernet = uint8(bytes, start + 3) === 0 && uint16(bytes, start + 4) === 0;
  const etherType = isEncapsulatedEthernet ? uint16(bytes, start + 6) : undefined;
  return { etherType, frameLength, llc, next: start + SNAP_LENGTH, problem: undefined };
}
