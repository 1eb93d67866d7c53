/** IPv6 extension headers: hop-by-hop, routing, destination options, fragment (RFC 8200) and AH (RFC 4302). */
import { type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";

/**
 * The most extension headers that are followed. RFC 8200 names seven, and a far longer chain serves to exhaust
 * decoders.
 */
const MOST_EXTENSION_HEADERS = 16;
const SMALLEST_LENGTH = 8;

const OPTION_PAD1 = 0;
const OPTION_JUMBO_PAYLOAD = 0xc2;

interface ExtensionPlace {
  readonly offset: number;
  /** Bytes of the extension header. */
  readonly length: number;
}

/** An extension header of IPv6, by its kind: where it stands, how many bytes it has, and its fields. */
export type Ipv6ExtensionHeader = ExtensionPlace &
  (
    | { readonly name: "hopByHop" | "destinationOptions" }
    | { readonly name: "routing"; readonly routingType: number; readonly segmentsLeft: number }
    | {
        readonly name: "fragment";
        /** Bytes of the original payload before this fragment: the header's field multiplied by 8. */
        readonly fragmentOffset: number;
        readonly moreFragments: boolean;
        readonly identification: number;
      }
    | {
        readonly name: "authentication";
        readonly securityParametersIndex: number;
        readonly sequenceNumber: number;
      }
  );

type ExtensionName = Ipv6ExtensionHeader["name"];

const NAMES: ReadonlyMap<number, ExtensionName> = new Map([
  [0, "hopByHop"],
  [43, "routing"],
  [44, "fragment"],
  [51, "authentication"],
  [60, "destinationOptions"],
]);

/**
 * The extension headers of a packet, as far as they could be read. `next` is the offset in bytes of what follows the
 * last one; `moreFragments` is that of the fragment header.
 */
export interface Ipv6ExtensionChain {
  readonly extensions: readonly Ipv6ExtensionHeader[];
  /** The protocol number of what follows the last extension header. */
  readonly protocol: number;
  readonly next: number;
  /** Bytes of the original payload before this fragment. Where they are more than 0, no upper-layer header follows. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** Bytes of the payload that the jumbo payload option states (RFC 2675). */
  readonly jumboPayloadLength: number | undefined;
  readonly problem: DecodeProblem | undefined;
}

/**
 * Follows the chain of extension headers that begins at `offset` with a header of type `nextHeader`, up to the
 * upper-layer protocol.
 */
export function decodeIpv6Extensions(
  bytes: Uint8Array,
  offset: number,
  nextHeader: number,
  end: number,
): Ipv6ExtensionChain {
  const extensions: Ipv6ExtensionHeader[] = [];
  let protocol = nextHeader;
  let next = offset;
  let fragmentOffset = 0;
  let moreFragments = false;
  let jumboPayloadLength: number | undefined;
  let problem: DecodeProblem | undefined;

  for (let name = NAMES.get(protocol); name !== undefined && fragmentOffset === 0; name = NAMES.get(protocol)) {
    if (extensions.length === MOST_EXTENSION_HEADERS) {
      problem = malformed("ipv6", next);
      break;
    }
    const extension = decodeExtension(bytes, next, name, end);
    if ("reason" in extension) {
      problem = extension;
      break;
    }
    extensions.push(extension);
    if (extension.name === "fragment") {
      fragmentOffset = extension.fragmentOffset;
      moreFragments ||= extension.moreFragments;
    } else if (extension.name === "hopByHop") {
      jumboPayloadLength ??= findJumboPayloadLength(bytes, next + 2, next + extension.length);
    }
    protocol = uint8(bytes, next);
    next += extension.length;
  }
  return { extensions, protocol, next, fragmentOffset, moreFragments, jumboPayloadLength, problem };
}

function decodeExtension(
  bytes: Uint8Array,
  offset: number,
  name: ExtensionName,
  end: number,
): Ipv6ExtensionHeader | DecodeProblem {
  const short = shortfall("ipv6", bytes, offset, SMALLEST_LENGTH, end);
  if (short !== undefined) return short;
  const length = extensionLength(name, uint8(bytes, offset + 1));
  const problem =
    shortfall("ipv6", bytes, offset, length, end) ??
    // In an authentication header (RFC 4302), next header, length, reserved, SPI and sequence number take 12 bytes.
    (name === "authentication" && length < 12 ? malformed("ipv6", offset + 1) : undefined);
  if (problem !== undefined) return problem;

  switch (name) {
    case "routing":
      return { name, offset, length, routingType: uint8(bytes, offset + 2), segmentsLeft: uint8(bytes, offset + 3) };
    case "fragment":
      return {
        name,
        offset,
        length,
        fragmentOffset: uint16(bytes, offset + 2) & 0xfff8,
        moreFragments: (uint8(bytes, offset + 3) & 1) !== 0,
        identification: uint32(bytes, offset + 4),
      };
    case "authentication":
      return {
        name,
        offset,
        length,
        securityParametersIndex: uint32(bytes, offset + 4),
        sequenceNumber: uint32(bytes, offset + 8),
      };
    default:
      return { name, offset, length };
  }
}

function extensionLength(name: ExtensionName, lengthField: number): number {
  if (name === "fragment") return SMALLEST_LENGTH;
  if (name === "authentication") return (lengthField + 2) * 4;
  return (lengthField + 1) * 8;
}

/** Finds the jumbo payload option (RFC 2675), which states the payload length of a packet above 65,535 bytes. */
function findJumboPayloadLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  while (at < end) {
    const type = uint8(bytes, at);
    if (type === OPTION_PAD1) {
      at += 1;
      continue;
    }
    if (at + 2 > end) return undefined;
    const length = uint8(bytes, at + 1);
    if (type === OPTION_JUMBO_PAYLOAD) return length === 4 && at + 6 <= end ? uint32(bytes, at + 2) : undefined;
    at += 2 + length;
  }
  return undefined;
}
