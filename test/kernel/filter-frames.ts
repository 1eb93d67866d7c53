/** Frames that differ in what the filter looks at, around the known mixture. */
import {
  arp,
  type Bytes,
  concatenate,
  destinationOptions,
  ethernet,
  etherTypes,
  type Ipv4Options,
  type Ipv6Options,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  part,
  raw,
  type Segment,
  sctp,
  type TcpFlag,
  tcp,
  udp,
  zeros,
} from "../support/frames.ts";
import { knownMixture } from "../support/known-mixture.ts";

export interface NamedFrame {
  readonly name: string;
  readonly frame: Uint8Array;
}

const ports = [0, 1, 53, 79, 80, 81, 443, 7999, 8000, 8050, 8100, 8101, 65_534, 65_535];
const flagSets: readonly (readonly TcpFlag[])[] = [
  [],
  ["fin"],
  ["syn"],
  ["rst"],
  ["psh"],
  ["ack"],
  ["urg"],
  ["ece"],
  ["cwr"],
  ["syn", "ack"],
  ["fin", "ack"],
  ["rst", "ack"],
  ["syn", "ece", "cwr"],
  ["fin", "psh", "urg"],
  ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"],
];
const addresses4 = ["10.0.0.0", "10.0.0.1", "10.0.0.127", "10.0.0.128", "10.0.1.0", "10.255.255.255", "11.0.0.0"];
const addresses6 = [
  "2001:db8:a::1",
  "2001:db8:a::2",
  "2001:db8:a:1::1",
  "2001:db8:a:8000::1",
  "2001:db8:b::1",
  "2001:db9::1",
  "::1",
];

const in4 = (payload: Segment, header: Omit<Ipv4Options, "payload"> = {}) =>
  ethernet({ payload: ipv4({ ...header, payload }) });
const in6 = (payload: Segment, header: Omit<Ipv6Options, "payload"> = {}) =>
  ethernet({ payload: ipv6({ ...header, payload }) });

function portFrames(): NamedFrame[] {
  const other = 50_000;
  return ports.flatMap((port) => [
    { name: `IPv4 TCP to port ${port}`, frame: in4(tcp({ sourcePort: other, destinationPort: port })) },
    { name: `IPv4 TCP from port ${port}`, frame: in4(tcp({ sourcePort: port, destinationPort: other })) },
    { name: `IPv4 UDP from port ${port} to port 80`, frame: in4(udp({ sourcePort: port, destinationPort: 80 })) },
    { name: `IPv6 UDP to port ${port}`, frame: in6(udp({ sourcePort: other, destinationPort: port })) },
    { name: `IPv6 TCP from port ${port} to port 443`, frame: in6(tcp({ sourcePort: port, destinationPort: 443 })) },
    { name: `IPv4 SCTP from port ${port}`, frame: in4(sctp({ sourcePort: port, destinationPort: other })) },
    { name: `IPv6 SCTP to port ${port}`, frame: in6(sctp({ sourcePort: other, destinationPort: port })) },
  ]);
}

function flagFrames(): NamedFrame[] {
  return flagSets.flatMap((flags) => [
    { name: `IPv4 TCP with ${flags.join(" ") || "no flag"}`, frame: in4(tcp({ flags, sequence: 1000 })) },
    { name: `IPv6 TCP with ${flags.join(" ") || "no flag"}`, frame: in6(tcp({ flags, sequence: 1000 })) },
  ]);
}

function addressFrames(): NamedFrame[] {
  const arpFrame = (name: string, etherType: number, options: Parameters<typeof arp>[0]) => {
    return { name, frame: ethernet({ etherType, payload: arp(options), minimumLength: 60 }) };
  };
  return [
    ...addresses4.flatMap((address) => [
      { name: `IPv4 from ${address}`, frame: in4(udp(), { source: address }) },
      { name: `IPv4 to ${address}`, frame: in4(tcp(), { destination: address }) },
      { name: `IPv4 from 10.0.0.1 to ${address}`, frame: in4(icmp(), { source: "10.0.0.1", destination: address }) },
      {
        name: `IPv4 from ${address} in a VLAN in a VLAN`,
        frame: ethernet({ vlans: [{ id: 7 }, { id: 8 }], payload: ipv4({ source: address, payload: udp() }) }),
      },
      arpFrame(`ARP request for ${address}`, etherTypes.arp, { targetAddress: address }),
      arpFrame(`ARP reply of ${address}`, etherTypes.arp, { operation: 2, senderAddress: address }),
      arpFrame(`RARP for ${address}`, 0x8035, { operation: 3, targetAddress: address }),
    ]),
    ...addresses6.flatMap((address) => [
      { name: `IPv6 from ${address}`, frame: in6(udp(), { source: address }) },
      { name: `IPv6 to ${address}`, frame: in6(tcp(), { destination: address }) },
      {
        name: `IPv6 from ${address} in a VLAN`,
        frame: ethernet({ vlans: [{ id: 7 }], payload: ipv6({ source: address, payload: icmp6() }) }),
      },
    ]),
  ];
}

function protocolFrames(): NamedFrame[] {
  const bytes: Bytes = zeros(24);
  return [2, 41, 46, 47, 89, 112, 136, 253, 255].flatMap((number) => [
    { name: `IPv4 protocol ${number}`, frame: in4(raw(number, bytes)) },
    { name: `IPv6 protocol ${number}`, frame: in6(raw(number, bytes)) },
    {
      name: `IPv6 protocol ${number} behind destination options`,
      frame: in6(raw(number, bytes), { extensions: [destinationOptions()] }),
    },
  ]);
}

function longFrames(): NamedFrame[] {
  // The transport header lies beyond the first page, where an XDP program does not see it directly.
  const options = destinationOptions(
    concatenate(...Array.from({ length: 7 }, () => concatenate([0x1e, 255], zeros(255)))),
  );
  const extensions = [options, options, options];
  const long = tcp({ payload: zeros(3000) });
  return [
    { name: "IPv6 SYN behind 5 KiB of destination options", frame: in6(tcp(), { extensions }) },
    { name: "IPv6 UDP behind 5 KiB of destination options", frame: in6(udp(), { extensions }) },
    { name: "IPv4 SYN with 3000 bytes", frame: in4(long) },
    { name: "IPv4 later fragment of 1000 bytes", frame: in4(part(long, 1024, 2024), { fragmentOffset: 1024 }) },
  ];
}

/** As a sender of Ethernet fills up what is shorter (IEEE 802.3 clause 4.2.3.3), without its checksum. */
function padded({ name, frame }: NamedFrame): NamedFrame[] {
  const missing = 60 - frame.length;
  // Behind a header that is too short to be one, tcpdump finds a transport header in the padding.
  const isSound = name !== "IPv4 header length of 16 bytes";
  return missing > 0 && isSound ? [{ name: `${name}, padded`, frame: concatenate(frame, zeros(missing)) }] : [];
}

/** Each name once. */
export function filterFrames(): NamedFrame[] {
  const frames = [
    ...knownMixture(),
    ...portFrames(),
    ...flagFrames(),
    ...addressFrames(),
    ...protocolFrames(),
    ...longFrames(),
  ];
  return [...frames, ...frames.flatMap(padded)];
}
