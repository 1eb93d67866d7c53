import { macBytes, receiver, sender } from "./addresses.ts";
import { type Bytes, concatenate, u16, zeros } from "./bytes.ts";

export const etherTypes = {
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  /** IEEE 802.1Q, a customer tag. */
  customerTag: 0x8100,
  /** IEEE 802.1ad, a service tag. */
  serviceTag: 0x88a8,
  /** IEEE 802 local experimental EtherType 1. */
  experimental: 0x88b5,
} as const;

export interface VlanTag {
  /** VLAN identifier, 0 (priority only) to 4094. */
  readonly id: number;
  readonly priority?: number;
  readonly dropEligible?: boolean;
  /** Default 0x8100 (802.1Q). */
  readonly tagProtocol?: number;
}

export interface EthernetOptions {
  readonly destination?: string;
  readonly source?: string;
  /** Outermost first. */
  readonly vlans?: readonly VlanTag[];
  /** Default: by the version of the payload, IPv4 or IPv6. "length": an 802.3 length field, as before an LLC header. */
  readonly etherType?: number | "length";
  readonly payload: Uint8Array;
  /** Zeros are appended up to this length; 60 is what an Ethernet interface sends at least. Default: no padding. */
  readonly minimumLength?: number;
}

/** An Ethernet II or 802.3 frame without its check sequence. */
export function ethernet(options: EthernetOptions): Uint8Array {
  const { destination = receiver.mac, source = sender.mac, vlans = [], payload, minimumLength = 0 } = options;
  const frame = concatenate(
    macBytes(destination),
    macBytes(source),
    ...vlans.map(tag),
    u16(typeField(options.etherType, payload)),
    payload,
  );
  return concatenate(frame, zeros(Math.max(0, minimumLength - frame.length)));
}

function tag({ id, priority = 0, dropEligible = false, tagProtocol = etherTypes.customerTag }: VlanTag): Bytes {
  return [...u16(tagProtocol), ...u16((priority << 13) | (Number(dropEligible) << 12) | id)];
}

function typeField(etherType: number | "length" | undefined, payload: Uint8Array): number {
  if (etherType === "length") {
    return payload.length;
  }
  if (etherType !== undefined) {
    return etherType;
  }
  switch ((payload[0] ?? 0) >> 4) {
    case 4:
      return etherTypes.ipv4;
    case 6:
      return etherTypes.ipv6;
    default:
      throw new Error("etherType has no default for a payload that is neither IPv4 nor IPv6");
  }
}

export interface LlcOptions {
  readonly destinationServiceAccessPoint?: number;
  readonly sourceServiceAccessPoint?: number;
  readonly payload: Bytes;
}

/** An IEEE 802.2 header of an unnumbered information frame; its frame has `etherType: "length"`. */
export function llc(options: LlcOptions): Uint8Array {
  const { destinationServiceAccessPoint = 0x42, sourceServiceAccessPoint = 0x42, payload } = options;
  return concatenate([destinationServiceAccessPoint, sourceServiceAccessPoint, 0x03], payload);
}
