/** Networks in place of addresses: a flood may be spread over all addresses of one. */
import type { PacketClass } from "../values.ts";
import { all } from "./endpoints/amounts.ts";
import type { EndpointFacts, PortAmount, TrafficFacts } from "./endpoints/endpoint-facts.ts";
import { narrowNetwork } from "./scans/common-network.ts";

/** Addresses of a network that receive more than they send, from which on it may be the target. */
const LEAST_MEMBERS = 8;

export function networksOf(endpoints: readonly EndpointFacts[]): EndpointFacts[] {
  const members = new Map<string, EndpointFacts[]>();
  for (const endpoint of endpoints) {
    const network = narrowNetwork(endpoint.address);
    if (network === undefined || all(endpoint.sent) > all(endpoint.received)) continue;
    members.set(network, [...(members.get(network) ?? []), endpoint]);
  }
  return [...members].flatMap(([address, list]) =>
    list.length < LEAST_MEMBERS
      ? []
      : [
          {
            address,
            sent: summed(list.map(({ sent }) => sent)),
            received: summed(list.map(({ received }) => received)),
          },
        ],
  );
}

function summed(traffics: readonly EndpointFacts["sent"][]): EndpointFacts["sent"] {
  const sums = new Map<PacketClass, TrafficFacts>();
  for (const traffic of traffics) {
    for (const [name, facts] of Object.entries(traffic) as [PacketClass, TrafficFacts][]) {
      const sum = sums.get(name);
      sums.set(name, sum === undefined ? facts : together(sum, facts));
    }
  }
  return Object.fromEntries(sums);
}

/** Flows differ, because the own addresses do. Of peers and ports only sums are known, which count those twice that both have. */
function together(one: TrafficFacts, other: TrafficFacts): TrafficFacts {
  return {
    packets: one.packets + other.packets,
    bytes: one.bytes + other.bytes,
    peers: one.peers + other.peers,
    peerPorts: Math.max(one.peerPorts, other.peerPorts),
    ownPorts: Math.max(one.ownPorts, other.ownPorts),
    flows: one.flows + other.flows,
    topPeerPorts: ports(one.topPeerPorts, other.topPeerPorts),
    topOwnPorts: ports(one.topOwnPorts, other.topOwnPorts),
  };
}

function ports(one: readonly PortAmount[], other: readonly PortAmount[]): PortAmount[] {
  const sums = new Map<number, PortAmount>();
  for (const { port, packets, bytes } of [...one, ...other]) {
    const sum = sums.get(port);
    sums.set(port, { port, packets: packets + (sum?.packets ?? 0), bytes: bytes + (sum?.bytes ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.packets - a.packets);
}
