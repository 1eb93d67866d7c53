/** Frames of many kinds, each with the answer to one question: is it a TCP SYN (and no ACK) to or from port 80? */
import {
  arp,
  authentication,
  concatenate,
  destinationOptions,
  type EthernetOptions,
  ethernet,
  etherTypes,
  fragment,
  hopByHop,
  type Ipv4Options,
  type Ipv6Options,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  llc,
  part,
  protocols,
  raw,
  routing,
  type Segment,
  sctp,
  sctpInit,
  type TcpOptions,
  tcp,
  tcpOption,
  u32,
  udp,
  type VlanTag,
  zeros,
} from "./frames.ts";

export interface MixtureFrame {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly wanted: boolean;
}

/** Makes one frame; the number is put into it, so that no two are the same. */
type Recipe = (number: number) => Uint8Array;

/** All frames, each name and each byte string once. The longest has 1514 bytes, the shortest 14 and something. */
export function knownMixture(): MixtureFrame[] {
  const recipes = [
    ...Object.entries(wantedRecipes).map(([name, make]) => ({ name, make, wanted: true })),
    ...Object.entries(otherRecipes).map(([name, make]) => ({ name, make, wanted: false })),
  ];
  return recipes.map(({ name, make, wanted }, index) => ({ name, frame: make(index + 1), wanted }));
}

type Around = Omit<Ipv4Options, "payload"> & { readonly link?: Omit<EthernetOptions, "payload"> };
type Around6 = Omit<Ipv6Options, "payload"> & { readonly link?: Omit<EthernetOptions, "payload"> };
/** The segment for the frame of this number. */
type Inside = (number: number) => Segment;

function in4(inside: Inside, { link, ...header }: Around = {}): Recipe {
  return (number) =>
    ethernet({ ...link, payload: ipv4({ identification: number, ...header, payload: inside(number) }) });
}

function in6(inside: Inside, { link, ...header }: Around6 = {}): Recipe {
  return (number) => ethernet({ ...link, payload: ipv6({ flowLabel: number, ...header, payload: inside(number) }) });
}

function segment(options: TcpOptions = {}): Inside {
  return (number) => tcp({ sequence: number, ...options });
}

const syn = segment();
const synAck = segment({ sourcePort: 80, destinationPort: 49152, flags: ["syn", "ack"], acknowledgment: 1 });
/** TCP of two kilobytes, of which a fragment is cut. */
const longSyn = segment({ payload: zeros(2000) });
const firstPart: Inside = (number) => part(longSyn(number), 0, 1024);
/** Bytes that are a SYN to port 80 if they are taken for the start of TCP. */
const fragmentLikeSyn: Inside = syn;
const beforeFlags: Inside = (number) => part(syn(number), 0, 12);
/** A SYN under another protocol number. */
const synAs =
  (protocol: number): Inside =>
  (number) => ({ ...syn(number), protocol });
const quotedSyn = (number: number) => ipv4({ identification: number, payload: syn(number) });

const customer: VlanTag = { id: 5 };
const service: VlanTag = { id: 100, tagProtocol: etherTypes.serviceTag };
const usualTcpOptions = concatenate(
  tcpOption.maximumSegmentSize(1460),
  tcpOption.selectiveAcknowledgmentPermitted,
  tcpOption.timestamps(1000),
  tcpOption.noOperation,
  tcpOption.windowScale(7),
);
const routerAlert = [0x94, 4, 0, 0];

const wantedRecipes: Readonly<Record<string, Recipe>> = {
  "IPv4 SYN to port 80": in4(syn),
  "IPv4 SYN from port 80": in4(segment({ sourcePort: 80, destinationPort: 49152 })),
  "IPv4 SYN from port 80 to port 80": in4(segment({ sourcePort: 80 })),
  "IPv4 SYN with TCP options": in4(segment({ options: usualTcpOptions })),
  "IPv4 SYN with a payload": in4(segment({ payload: zeros(32) })),
  "IPv4 SYN with ECE and CWR": in4(segment({ flags: ["syn", "ece", "cwr"] })),
  "IPv4 SYN with FIN": in4(segment({ flags: ["syn", "fin"] })),
  "IPv4 SYN padded to 60 bytes": in4(syn, { link: { minimumLength: 60 } }),
  "IPv4 SYN of 1514 bytes": in4(segment({ payload: zeros(1460) })),
  "IPv4 SYN behind one IP option": in4(syn, { options: routerAlert }),
  "IPv4 SYN behind 40 bytes of IP options": in4(syn, { options: new Uint8Array(40).fill(1) }),
  "IPv4 first fragment with a SYN": in4(firstPart, { moreFragments: true }),
  "IPv4 SYN in one VLAN": in4(syn, { link: { vlans: [customer] } }),
  "IPv4 SYN with a priority tag": in4(syn, { link: { vlans: [{ id: 0, priority: 5 }] } }),
  "IPv4 SYN in one service VLAN": in4(syn, { link: { vlans: [service] } }),
  "IPv4 SYN in a VLAN in a service VLAN": in4(syn, { link: { vlans: [service, customer] } }),
  "IPv4 SYN in a VLAN in a VLAN": in4(syn, { link: { vlans: [{ id: 6 }, customer] } }),
  "IPv6 SYN to port 80": in6(syn),
  "IPv6 SYN from port 80": in6(segment({ sourcePort: 80, destinationPort: 49152 })),
  "IPv6 SYN with TCP options": in6(segment({ options: usualTcpOptions })),
  "IPv6 SYN behind hop-by-hop options": in6(syn, { extensions: [hopByHop()] }),
  "IPv6 SYN behind a routing header": in6(syn, { extensions: [routing()] }),
  "IPv6 SYN behind destination options": in6(syn, { extensions: [destinationOptions()] }),
  "IPv6 SYN behind 264 bytes of destination options": in6(syn, {
    extensions: [destinationOptions(concatenate([0x1e, 255], zeros(255)))],
  }),
  "IPv6 SYN in an atomic fragment": in6(syn, { extensions: [fragment({ identification: 1 })] }),
  "IPv6 first fragment with a SYN": in6(firstPart, {
    extensions: [fragment({ moreFragments: true, identification: 2 })],
  }),
  "IPv6 SYN behind an authentication header": in6(syn, { extensions: [authentication()] }),
  "IPv6 SYN behind every extension header": in6(syn, {
    extensions: [
      hopByHop(),
      destinationOptions(),
      routing(),
      fragment({ identification: 3 }),
      authentication(),
      destinationOptions(),
    ],
  }),
  "IPv6 SYN in one VLAN": in6(syn, { link: { vlans: [customer] } }),
  "IPv6 SYN behind hop-by-hop options in a VLAN in a service VLAN": in6(syn, {
    extensions: [hopByHop()],
    link: { vlans: [service, customer] },
  }),
};

const otherRecipes: Readonly<Record<string, Recipe>> = {
  "IPv4 SYN-ACK from port 80": in4(synAck),
  "IPv4 ACK to port 80": in4(segment({ flags: ["ack"] })),
  "IPv4 data to port 80": in4(segment({ flags: ["psh", "ack"], payload: zeros(64) })),
  "IPv4 RST to port 80": in4(segment({ flags: ["rst"] })),
  "IPv4 FIN to port 80": in4(segment({ flags: ["fin"] })),
  "IPv4 FIN-ACK to port 80": in4(segment({ flags: ["fin", "ack"] })),
  "IPv4 TCP without flags to port 80": in4(segment({ flags: [] })),
  "IPv4 SYN to port 443": in4(segment({ destinationPort: 443 })),
  "IPv4 SYN to port 8080": in4(segment({ destinationPort: 8080 })),
  "IPv4 SYN to port 20480, which is 80 with its bytes swapped": in4(segment({ destinationPort: 20480 })),
  "IPv4 SYN-ACK in one VLAN": in4(synAck, { link: { vlans: [customer] } }),
  "IPv4 UDP to port 80": in4((number) => udp({ payload: u32(number) })),
  "IPv4 UDP to port 80 with 2 where TCP has its flags": in4(() => udp({ payload: [0, 0, 0, 0, 0x50, 2, 0, 0] })),
  "IPv4 SCTP to port 80": in4((number) => sctp({ chunks: [sctpInit(number)] })),
  "IPv4 ICMP echo request": in4((number) => icmp({ rest: number })),
  "IPv4 ICMP error about a SYN to port 80": in4((number) => icmp({ type: 3, code: 1, payload: quotedSyn(number) })),
  "IPv4 SYN to port 80 inside IPv4": in4((number) => raw(protocols.ipv4, quotedSyn(number))),
  "IPv4 later fragment that looks like a SYN to port 80": in4(fragmentLikeSyn, {
    fragmentOffset: 1024,
    moreFragments: true,
  }),
  "IPv4 last fragment that looks like a SYN to port 80": in4(fragmentLikeSyn, { fragmentOffset: 65_528 - 1024 }),
  "IPv4 later fragment in one VLAN that looks like a SYN to port 80": in4(fragmentLikeSyn, {
    fragmentOffset: 8,
    link: { vlans: [customer] },
  }),
  "IPv4 TCP cut off before its flags": in4(beforeFlags),
  "IPv4 header length of 16 bytes": in4(syn, { internetHeaderLength: 4 }),
  "IPv4 header length beyond the packet": in4(syn, { internetHeaderLength: 15 }),
  "IPv4 header cut off": (number) => in4(syn)(number).slice(0, 14 + 10),
  "IPv6 SYN-ACK from port 80": in6(synAck),
  "IPv6 ACK to port 80": in6(segment({ flags: ["ack"] })),
  "IPv6 SYN to port 443": in6(segment({ destinationPort: 443 })),
  "IPv6 SYN to port 443 behind hop-by-hop options": in6(segment({ destinationPort: 443 }), {
    extensions: [hopByHop()],
  }),
  "IPv6 SYN-ACK behind an authentication header": in6(synAck, { extensions: [authentication()] }),
  "IPv6 UDP to port 80": in6((number) => udp({ payload: u32(number) })),
  "IPv6 SCTP to port 80": in6((number) => sctp({ chunks: [sctpInit(number)] })),
  "IPv6 ICMPv6 echo request": in6((number) => icmp6({ rest: number })),
  "IPv6 later fragment that looks like a SYN to port 80": in6(fragmentLikeSyn, {
    extensions: [fragment({ offset: 1024, moreFragments: true, identification: 2 })],
  }),
  "IPv6 last fragment that looks like a SYN to port 80": in6(fragmentLikeSyn, {
    extensions: [hopByHop(), fragment({ offset: 2048, identification: 2 })],
  }),
  "IPv6 TCP cut off before its flags": in6(beforeFlags),
  "IPv6 header cut off": (number) => in6(syn)(number).slice(0, 14 + 20),
  "IPv6 extension header cut off": (number) => in6(syn, { extensions: [hopByHop()] })(number).slice(0, 14 + 41),
  "IPv6 encrypted payload that looks like a SYN to port 80": in6(synAs(protocols.encapsulatingSecurityPayload)),
  "IPv6 no next header before what looks like a SYN to port 80": in6(synAs(protocols.noNextHeader)),
  "IPv6 SYN behind 40 extension headers": in6(syn, {
    extensions: Array.from({ length: 40 }, () => destinationOptions()),
  }),
  "ARP request": (number) =>
    ethernet({ etherType: etherTypes.arp, payload: arp({ targetAddress: `198.51.100.${number}` }) }),
  "experimental EtherType before what looks like a SYN to port 80": (number) =>
    ethernet({ etherType: etherTypes.experimental, payload: quotedSyn(number) }),
  "802.3 frame with an LLC header": (number) =>
    ethernet({
      etherType: "length",
      minimumLength: 60,
      payload: llc({ payload: concatenate(zeros(31), u32(number)) }),
    }),
};
