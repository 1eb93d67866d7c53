/** What is known of the addresses with most packets: what each of them sent and received, by class. */
import type { Amount, PacketClass } from "../../values.ts";

/** What the own port of a fragment is. */
export const FIRST_FRAGMENT = 0;
export const MIDDLE_FRAGMENT = 1;
export const LAST_FRAGMENT = 2;

/**
 * A port with its packets and bytes. Of ICMP it is the type of the message. Of a fragment the own port is which part of the
 * packet it is, and the port of the peer is 0 where the fragment is not the first one.
 */
export interface PortAmount extends Readonly<Amount> {
  readonly port: number;
}

/**
 * The packets of one class that an address sent, or that it received. "Own" is what belongs to the address, and a peer is an
 * address at the other end. Numbers of different ones are estimates with a standard error of 6.5 % (HyperLogLog with
 * 256 registers; Flajolet and others, 2007), and all but exact below 100.
 */
export interface TrafficFacts extends Readonly<Amount> {
  /** Different addresses at the other end. */
  readonly peers: number;
  readonly peerPorts: number;
  readonly ownPorts: number;
  /** Different combinations of the peer, its port and the own port. */
  readonly flows: number;
  /** The ports with most packets, at most 8, among them each that has an eighth. None is counted too high. Packets without ports are in none. */
  readonly topPeerPorts: readonly PortAmount[];
  readonly topOwnPorts: readonly PortAmount[];
}

export interface EndpointFacts {
  readonly address: string;
  readonly sent: Partial<Readonly<Record<PacketClass, TrafficFacts>>>;
  readonly received: Partial<Readonly<Record<PacketClass, TrafficFacts>>>;
}
