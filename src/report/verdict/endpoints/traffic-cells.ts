/** What is counted of an address in one direction and one class. */

import { mix } from "../../analysis/mix.ts";
import { DistinctCounts } from "./distinct-counts.ts";
import type { TrafficFacts } from "./endpoint-facts.ts";
import { HeavyPorts } from "./heavy-ports.ts";

const COUNTS = 4;
const LISTS = 2;
const PORT_BITS = 16;

export class TrafficCells {
  readonly #packets: Float64Array;
  readonly #bytes: Float64Array;
  /** The hash of the flow of the packet that was counted last. */
  readonly #lastFlows: Uint32Array;
  readonly #distinct: DistinctCounts;
  readonly #ports: HeavyPorts;

  constructor(cells: number) {
    this.#packets = new Float64Array(cells);
    this.#bytes = new Float64Array(cells);
    this.#lastFlows = new Uint32Array(cells);
    this.#distinct = new DistinctCounts(cells * COUNTS);
    this.#ports = new HeavyPorts(cells * LISTS);
  }

  /** Counts packets of one flow: with ports, or ICMP messages with their type in the place of both. */
  add(cell: number, packets: number, bytes: number, peerHash: number, peerPort: number, ownPort: number): void {
    this.#ports.add(cell * LISTS, peerPort, packets, bytes);
    this.#ports.add(cell * LISTS + 1, ownPort, packets, bytes);
    const flow = mix(peerHash ^ ((peerPort << PORT_BITS) | ownPort));
    // Packets of a flow often follow one another, and count as different only once.
    if (this.#lastFlows[cell] === flow && this.#packets[cell] !== 0) {
      this.#packets[cell] = (this.#packets[cell] ?? 0) + packets;
      this.#bytes[cell] = (this.#bytes[cell] ?? 0) + bytes;
      return;
    }
    this.#lastFlows[cell] = flow;
    this.addWithoutPorts(cell, packets, bytes, peerHash);
    const counts = cell * COUNTS;
    this.#distinct.add(counts + 1, mix(peerPort));
    this.#distinct.add(counts + 2, mix(ownPort));
    this.#distinct.add(counts + 3, flow);
  }

  addWithoutPorts(cell: number, packets: number, bytes: number, peerHash: number): void {
    this.#packets[cell] = (this.#packets[cell] ?? 0) + packets;
    this.#bytes[cell] = (this.#bytes[cell] ?? 0) + bytes;
    this.#distinct.add(cell * COUNTS, peerHash);
  }

  clear(cell: number): void {
    if (this.#packets[cell] === 0) return;
    this.#packets[cell] = 0;
    this.#bytes[cell] = 0;
    this.#distinct.clear(cell * COUNTS, COUNTS);
    this.#ports.clear(cell * LISTS, LISTS);
  }

  /** Returns undefined where nothing was counted. */
  facts(cell: number): TrafficFacts | undefined {
    const packets = this.#packets[cell] ?? 0;
    if (packets === 0) return undefined;
    // So many packets have no more different ones, whatever an estimate says.
    const different = (count: number) => Math.min(packets, this.#distinct.estimate(cell * COUNTS + count));
    return {
      packets,
      bytes: this.#bytes[cell] ?? 0,
      peers: different(0),
      peerPorts: different(1),
      ownPorts: different(2),
      flows: different(3),
      topPeerPorts: this.#ports.top(cell * LISTS),
      topOwnPorts: this.#ports.top(cell * LISTS + 1),
    };
  }
}
