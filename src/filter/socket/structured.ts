/**
 * The structured filter as classic BPF, as far as few instructions can say it. bpf/filter/filter.h also accepts every
 * packet that it accepts, and rejects every packet that it rejects. It is undecided about packets behind VLAN tags in
 * the frame or IPv6 extension headers, about packets that end early, and where a list is long.
 */
import * as layout from "../../generated/layouts.ts";
import type { ClassicBuilder } from "../classic/builder.ts";
import type { CompiledFilter } from "../filter.ts";
import { appendAddresses } from "./addresses.ts";
import { contentsOf, type FilterContents } from "./contents.ts";
import { ANY_ADDRESS, ANY_PORT, ANY_TRANSPORT, asks, type Part, requireOneOf } from "./part.ts";
import { appendTransport, appendTransportProtocol } from "./transport.ts";

/** Where the program goes on. */
export interface Verdicts {
  readonly accept: string;
  readonly reject: string;
  readonly undecided: string;
}

const VLAN_TYPES = [0x8100, 0x88a8, 0x9100];
const VLAN_ID_MASK = 0x0fff;
const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, reverseArp: 0x8035, ipv6: 0x86dd };
const ETHER_TYPE_OFFSET = 12;
const ETHERNET_HEADER_LENGTH = 14;
/** Extension headers of IPv6: hop by hop, routing, fragment, authentication, destination options. */
const EXTENSION_HEADERS = [0, 43, 44, 51, 60];
/**
 * The number of entries beyond which a list is left to bpf/filter/filter.h, whose sets cost the same however long they
 * are.
 */
const LIST_MAX = 64;

export function appendStructured(
  builder: ClassicBuilder,
  filter: CompiledFilter,
  linkLayer: "ethernet" | "none",
  { accept, reject, undecided }: Verdicts,
): void {
  const contents = contentsOf(filter);
  const checks = contents.checks & ~checksOfLongLists(contents);
  const matched = checks === contents.checks ? accept : undecided;
  const network = linkLayer === "ethernet" ? ETHERNET_HEADER_LENGTH : 0;
  const part: Part = { builder, contents, checks, network, matched, reject, undecided };
  if (asks(part, layout.FILTER_VLAN)) appendVlan(part);
  if (!asks(part, ~layout.FILTER_VLAN)) {
    builder.goto(matched);
    return;
  }
  const [ipv4, ipv6, arp, transport] = [
    builder.newPlace(),
    builder.newPlace(),
    builder.newPlace(),
    builder.newPlace(),
  ] as const;
  if (network > 0) {
    builder.load(2, ETHER_TYPE_OFFSET);
    for (const type of VLAN_TYPES) builder.when("equal", type, undecided);
    builder.when("equal", ETHER_TYPE.ipv4, ipv4);
    builder.when("equal", ETHER_TYPE.ipv6, ipv6);
    builder.when("equal", ETHER_TYPE.arp, arp);
    builder.when("equal", ETHER_TYPE.reverseArp, arp);
  } else {
    builder.load(1, 0);
    builder.shiftRight(4);
    builder.when("equal", 4, ipv4);
    builder.when("equal", 6, ipv6);
  }
  builder.goto(reject);
  builder.place(ipv4);
  appendIpv4(part, transport);
  builder.place(ipv6);
  appendIpv6(part, transport);
  builder.place(arp);
  appendArp(part);
  builder.place(transport);
  appendTransport(part);
}

function checksOfLongLists({ protocols, networks, ports }: FilterContents): number {
  let checks = 0;
  if (protocols.length > LIST_MAX) checks |= layout.FILTER_PROTOCOLS;
  if (networks.length > LIST_MAX) checks |= ANY_ADDRESS;
  if (ports.some((ranges) => ranges.length > LIST_MAX)) checks |= ANY_PORT;
  return checks;
}

/** The kernel has the outer tag beside the frame, except in some outgoing frames. */
function appendVlan({ builder, contents, network, reject }: Part): void {
  if (network === 0) {
    builder.goto(reject);
    return;
  }
  const [inFrame, tagged, found] = [builder.newPlace(), builder.newPlace(), builder.newPlace()] as const;
  builder.loadField("vlan-tag-present");
  builder.when("equal", 0, inFrame);
  builder.loadField("vlan-tag");
  builder.and(VLAN_ID_MASK);
  builder.when("equal", contents.vlanId, found);
  builder.goto(reject);
  builder.place(inFrame);
  builder.load(2, ETHER_TYPE_OFFSET);
  for (const type of VLAN_TYPES) builder.when("equal", type, tagged);
  builder.goto(reject);
  builder.place(tagged);
  builder.load(2, ETHERNET_HEADER_LENGTH);
  builder.and(VLAN_ID_MASK);
  builder.unless("equal", contents.vlanId, reject);
  builder.place(found);
}

function requireLength({ builder, network, undecided }: Part, length: number): void {
  builder.loadLength();
  builder.unless("greater-or-equal", network + length, undecided);
}

function appendIpv4(part: Part, transport: string): void {
  const { builder, network, reject } = part;
  appendVersion(part, 4);
  requireLength(part, 20);
  appendProtocols(part, network + 9);
  appendAddresses(part, 4, network + 12, network + 16);
  if (!asks(part, ANY_TRANSPORT)) {
    builder.goto(part.matched);
    return;
  }
  builder.load(1, network);
  builder.and(0x0f);
  builder.unless("greater-or-equal", 5, reject);
  builder.load(2, network + 6);
  builder.when("any-bit", 0x1fff, reject);
  appendTransportProtocol(part, network + 9);
  builder.setIndexToHeaderLength(network);
  builder.goto(transport);
}

function appendIpv6(part: Part, transport: string): void {
  const { builder, network } = part;
  appendVersion(part, 6);
  requireLength(part, 40);
  if (asks(part, ANY_TRANSPORT | layout.FILTER_PROTOCOLS)) {
    builder.load(1, network + 6);
    for (const header of EXTENSION_HEADERS) builder.when("equal", header, part.undecided);
  }
  appendProtocols(part, network + 6);
  appendAddresses(part, 6, network + 8, network + 24);
  if (!asks(part, ANY_TRANSPORT)) {
    builder.goto(part.matched);
    return;
  }
  appendTransportProtocol(part, network + 6);
  builder.setIndex(40);
  builder.goto(transport);
}

/** ARP has addresses, and nothing else that can be asked for. */
function appendArp(part: Part): void {
  if (asks(part, layout.FILTER_IP_VERSION | layout.FILTER_PROTOCOLS | ANY_TRANSPORT)) {
    part.builder.goto(part.reject);
    return;
  }
  requireLength(part, 28);
  appendAddresses(part, 4, part.network + 14, part.network + 24);
  part.builder.goto(part.matched);
}

function appendVersion(part: Part, version: 4 | 6): void {
  if (asks(part, layout.FILTER_IP_VERSION) && part.contents.ipVersion !== version) part.builder.goto(part.reject);
}

function appendProtocols(part: Part, offset: number): void {
  if (!asks(part, layout.FILTER_PROTOCOLS)) return;
  part.builder.load(1, offset);
  requireOneOf(part, part.contents.protocols);
}
