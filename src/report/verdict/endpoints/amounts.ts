/** Sums over the classes of what an address sent or received. */
import type { PacketClass } from "../../values.ts";
import type { EndpointFacts, PortAmount, TrafficFacts } from "./endpoint-facts.ts";

type Traffic = EndpointFacts["sent"];

const NOTHING: TrafficFacts = {
  packets: 0,
  bytes: 0,
  peers: 0,
  peerPorts: 0,
  ownPorts: 0,
  flows: 0,
  topPeerPorts: [],
  topOwnPorts: [],
};

export function of(traffic: Traffic, name: PacketClass): TrafficFacts {
  return traffic[name] ?? NOTHING;
}

export function packets(traffic: Traffic, ...names: readonly PacketClass[]): number {
  return names.reduce((sum, name) => sum + of(traffic, name).packets, 0);
}

export function bytes(traffic: Traffic, ...names: readonly PacketClass[]): number {
  return names.reduce((sum, name) => sum + of(traffic, name).bytes, 0);
}

export function all(traffic: Traffic): number {
  return Object.values(traffic).reduce((sum, facts) => sum + facts.packets, 0);
}

/** The most different flows of one of the classes: no sum, because a flow has packets of several classes. */
export function flows(traffic: Traffic, ...names: readonly PacketClass[]): number {
  return Math.max(...names.map((name) => of(traffic, name).flows));
}

/** The most different peers of one of the classes. */
export function peers(traffic: Traffic, ...names: readonly PacketClass[]): number {
  return Math.max(...names.map((name) => of(traffic, name).peers));
}

export function portAmount(ports: readonly PortAmount[], port: number): PortAmount {
  return ports.find((entry) => entry.port === port) ?? { port, packets: 0, bytes: 0 };
}

/** The port with most packets, where it has at least half of them. */
export function mainPort({ packets: count }: TrafficFacts, ports: readonly PortAmount[]): number | null {
  const [first] = ports;
  return first !== undefined && first.packets >= count / 2 ? first.port : null;
}
