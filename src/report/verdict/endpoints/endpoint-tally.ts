/** Follows the addresses with most packets in bounded memory (9 MiB): what each sent and received, by class. */
import { formatAddress } from "../../analysis/addresses.ts";
import { PACKET_CLASSES } from "../../values.ts";
import type { EndpointColumns } from "./endpoint-columns.ts";
import { type EndpointFacts, FIRST_FRAGMENT, LAST_FRAGMENT, MIDDLE_FRAGMENT } from "./endpoint-facts.ts";
import { FollowedAddresses } from "./followed-addresses.ts";
import { TrafficCells } from "./traffic-cells.ts";

const CLASSES = PACKET_CLASSES.length;
const CELLS = 2 * CLASSES;
const SENT = 0;
const RECEIVED = CLASSES;
const ICMP = PACKET_CLASSES.indexOf("icmp");
const FRAGMENT = PACKET_CLASSES.indexOf("fragment");
const MORE_FRAGMENTS = 2;
const LATER_FRAGMENT = 4;
const WORDS = 4;

export class EndpointTally {
  readonly #cells = new TrafficCells(FollowedAddresses.most * CELLS);
  readonly #addresses = new FollowedAddresses((slot) => this.#clear(slot));

  add(columns: EndpointColumns): void {
    const { runCount, runStart, ipVersion, source, destination, sourceHash, destinationHash } = columns;
    const { sourcePort, destinationPort } = columns;
    for (let run = 0; run < runCount; run++) {
      const index = runStart[run] ?? 0;
      if (ipVersion[index] === 0) continue;
      const packets = (runStart[run + 1] ?? 0) - index;
      const from = sourceHash[index] ?? 0;
      const to = destinationHash[index] ?? 0;
      const fromPort = sourcePort[index] ?? 0;
      const toPort = destinationPort[index] ?? 0;
      // Each is counted at once, because the next one that is followed may take its place.
      const sender = this.#addresses.count(source, index * WORDS, from, packets);
      if (sender >= 0) this.#count(columns, run, sender * CELLS + SENT, to, toPort, fromPort);
      const receiver = this.#addresses.count(destination, index * WORDS, to, packets);
      if (receiver >= 0) this.#count(columns, run, receiver * CELLS + RECEIVED, from, fromPort, toPort);
    }
  }

  /** By packets, at most 128. */
  endpoints(): EndpointFacts[] {
    return this.#addresses.slots().map((slot) => ({
      address: formatAddress(this.#addresses.words(slot), 0),
      sent: this.#facts(slot * CELLS + SENT),
      received: this.#facts(slot * CELLS + RECEIVED),
    }));
  }

  #count(columns: EndpointColumns, run: number, first: number, peer: number, peerPort: number, ownPort: number): void {
    const index = columns.runStart[run] ?? 0;
    const packets = (columns.runStart[run + 1] ?? 0) - index;
    const bytes = columns.runBytes[run] ?? 0;
    const packetClass = columns.packetClass[index] ?? 0;
    if (packetClass === FRAGMENT) {
      const part = fragmentPart(columns.ipFlags[index] ?? 0);
      this.#cells.add(first + packetClass, packets, bytes, peer, peerPort, part);
    } else if (columns.hasPorts[index] === 1)
      this.#cells.add(first + packetClass, packets, bytes, peer, peerPort, ownPort);
    else if (packetClass === ICMP) {
      const type = columns.icmpType[index] ?? 0;
      this.#cells.add(first + packetClass, packets, bytes, peer, type, type);
    } else this.#cells.addWithoutPorts(first + packetClass, packets, bytes, peer);
  }

  #facts(first: number): EndpointFacts["sent"] {
    const entries = PACKET_CLASSES.map((name, index) => [name, this.#cells.facts(first + index)] as const);
    return Object.fromEntries(entries.filter(([, facts]) => facts !== undefined));
  }

  #clear(slot: number): void {
    for (let cell = slot * CELLS; cell < (slot + 1) * CELLS; cell++) this.#cells.clear(cell);
  }
}

/** @param flags as HeaderColumns.ipFlags has them */
function fragmentPart(flags: number): number {
  if ((flags & LATER_FRAGMENT) === 0) return FIRST_FRAGMENT;
  return (flags & MORE_FRAGMENTS) === 0 ? LAST_FRAGMENT : MIDDLE_FRAGMENT;
}
