import { ipv6Bytes, receiver, sender } from "./addresses.ts";
import { type Bytes, concatenate, u16, u32, zeros } from "./bytes.ts";
import { protocols, type Segment } from "./segment.ts";

/** A header between the IPv6 header and what it carries; each names the next one. */
export interface ExtensionHeader {
  /** The number by which the header before names this one. */
  readonly protocol: number;
  readonly build: (nextHeader: number) => Uint8Array;
}

export interface Ipv6Options {
  readonly source?: string;
  readonly destination?: string;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly hopLimit?: number;
  readonly extensions?: readonly ExtensionHeader[];
  readonly payload: Segment;
}

/** An IPv6 packet (RFC 8200). */
export function ipv6(options: Ipv6Options): Uint8Array {
  const { trafficClass = 0, flowLabel = 0, hopLimit = 64, extensions = [], payload } = options;
  const source = ipv6Bytes(options.source ?? sender.ipv6);
  const destination = ipv6Bytes(options.destination ?? receiver.ipv6);
  let nextHeader = payload.protocol;
  let body = payload.build({ source, destination });
  for (const extension of extensions.toReversed()) {
    body = concatenate(extension.build(nextHeader), body);
    nextHeader = extension.protocol;
  }
  return concatenate(
    u32(((6 << 28) | (trafficClass << 20) | flowLabel) >>> 0),
    u16(body.length),
    [nextHeader, hopLimit],
    source,
    destination,
    body,
  );
}

/** RFC 8200, 4.3. The options are padded with PadN to a multiple of 8 bytes. */
export function hopByHop(options: Bytes = []): ExtensionHeader {
  return optionsHeader(protocols.hopByHop, options);
}

/** RFC 8200, 4.6. The options are padded with PadN to a multiple of 8 bytes. */
export function destinationOptions(options: Bytes = []): ExtensionHeader {
  return optionsHeader(protocols.destinationOptions, options);
}

function optionsHeader(protocol: number, options: Bytes): ExtensionHeader {
  const missing = (8 - ((2 + options.length) % 8)) % 8;
  const padding = missing < 2 ? zeros(missing) : concatenate([1, missing - 2], zeros(missing - 2));
  const length = (2 + options.length + missing) / 8 - 1;
  return { protocol, build: (nextHeader) => concatenate([nextHeader, length], options, padding) };
}

/**
 * A segment routing header (RFC 8754) with no segment left: the packet has reached its last destination, which is the one
 * in the IPv6 header and in the checksums.
 */
export function routing(segments: readonly string[] = [receiver.ipv6]): ExtensionHeader {
  const list = segments.map(ipv6Bytes);
  return {
    protocol: protocols.routing,
    build: (nextHeader) => concatenate([nextHeader, list.length * 2, 4, 0, list.length - 1, 0], u16(0), ...list),
  };
}

export interface FragmentOptions {
  /** In bytes, a multiple of 8. */
  readonly offset?: number;
  readonly moreFragments?: boolean;
  readonly identification?: number;
}

/** RFC 8200, 4.5; by default an atomic fragment (RFC 6946). */
export function fragment(options: FragmentOptions = {}): ExtensionHeader {
  const { offset = 0, moreFragments = false, identification = 0 } = options;
  if (offset % 8 !== 0) {
    throw new Error(`a fragment offset is a multiple of 8 bytes, not ${offset}`);
  }
  return {
    protocol: protocols.fragment,
    build: (nextHeader) => concatenate([nextHeader, 0], u16(offset | Number(moreFragments)), u32(identification)),
  };
}

/** An authentication header (RFC 4302) with 96 bits of check value, zeros; its length counts 32-bit words less two. */
export function authentication(securityParametersIndex = 256, sequence = 1): ExtensionHeader {
  return {
    protocol: protocols.authentication,
    build: (nextHeader) => concatenate([nextHeader, 4, 0, 0], u32(securityParametersIndex), u32(sequence), zeros(12)),
  };
}
