/** The addresses, networks, ports and services with most packets. */
import { formatAddress, isIpv4 } from "../analysis/addresses.ts";
import type { Analysis } from "../analysis/analysis.ts";
import { isSameAddress } from "../analysis/flow-runs.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { mix, mixInto } from "../analysis/mix.ts";
import type { TopList, Tops } from "../report.ts";
import { type HeavyKey, HeavyKeys } from "../sketches/heavy-keys.ts";
import { PortCounts } from "./port-counts.ts";
import { topListOf } from "./top-list.ts";

const MOST_ENTRIES = 20;
const IPV4_NETWORK_BITS = 24;
const IPV6_NETWORK_BITS = 48;

export class TopTables implements Analysis {
  readonly #sources = new HeavyKeys();
  readonly #networks = new HeavyKeys();
  readonly #destinations = new HeavyKeys();
  readonly #services = new HeavyKeys();
  readonly #sourcePorts = new PortCounts();
  readonly #destinationPorts = new PortCounts();
  readonly #network = new Uint32Array(4);

  add(columns: HeaderColumns): void {
    this.#addSources(columns);
    this.#addSourcePorts(columns);
    this.#addDestinations(columns);
  }

  /** Packets of one source that follow one another, whatever their flows are, are counted at once. */
  #addSources({ runCount, runStart, runBytes, ipVersion, source, sourceHash }: HeaderColumns): void {
    for (let run = 0; run < runCount; ) {
      const first = runStart[run] ?? 0;
      const isIp = ipVersion[first] !== 0;
      let bytes = 0;
      for (let index = first; run < runCount; index = runStart[run] ?? 0) {
        const isSame =
          sourceHash[index] === sourceHash[first] &&
          ipVersion[index] === ipVersion[first] &&
          isSameAddress(source, 4 * index, source, 4 * first);
        if (!isSame) break;
        bytes += runBytes[run++] ?? 0;
      }
      if (!isIp) continue;
      const packets = (runStart[run] ?? 0) - first;
      this.#sources.add(source, 4 * first, 0, sourceHash[first] ?? 0, packets, bytes);
      this.#addNetwork(source, 4 * first, ipVersion[first] === 4, packets, bytes);
    }
  }

  #addSourcePorts({ runCount, runStart, runBytes, hasPorts, sourcePort }: HeaderColumns): void {
    for (let run = 0; run < runCount; run++) {
      const index = runStart[run] ?? 0;
      if (hasPorts[index] === 0) continue;
      this.#sourcePorts.add(sourcePort[index] ?? 0, (runStart[run + 1] ?? 0) - index, runBytes[run] ?? 0);
    }
  }

  #addDestinations(columns: HeaderColumns): void {
    const { runCount, runStart, runBytes, ipVersion, hasPorts, destination, destinationHash, destinationPort } =
      columns;
    for (let run = 0; run < runCount; ) {
      const first = runStart[run] ?? 0;
      const port = destinationPort[first] ?? 0;
      const hash = destinationHash[first] ?? 0;
      let bytes = 0;
      for (let index = first; run < runCount; index = runStart[run] ?? 0) {
        const isSame =
          destinationHash[index] === hash &&
          destinationPort[index] === port &&
          hasPorts[index] === hasPorts[first] &&
          ipVersion[index] === ipVersion[first] &&
          isSameAddress(destination, 4 * index, destination, 4 * first);
        if (!isSame) break;
        bytes += runBytes[run++] ?? 0;
      }
      if (ipVersion[first] === 0) continue;
      const packets = (runStart[run] ?? 0) - first;
      this.#destinations.add(destination, 4 * first, 0, hash, packets, bytes);
      if (hasPorts[first] === 0) continue;
      this.#services.add(destination, 4 * first, port, mixInto(hash, port), packets, bytes);
      this.#destinationPorts.add(port, packets, bytes);
    }
  }

  #addNetwork(source: Uint32Array, at: number, isFour: boolean, packets: number, bytes: number): void {
    const network = this.#network;
    if (isFour) {
      network[0] = 0;
      network[1] = 0;
      network[2] = 0xffff;
      network[3] = (source[at + 3] ?? 0) & 0xffff_ff00;
      this.#networks.add(network, 0, 0, mix(network[3]), packets, bytes);
    } else {
      network[0] = source[at] ?? 0;
      network[1] = (source[at + 1] ?? 0) & 0xffff_0000;
      network[2] = 0;
      network[3] = 0;
      this.#networks.add(network, 0, 0, mixInto(mix(network[0]), network[1]), packets, bytes);
    }
  }

  report(): Tops {
    const service = ({ words, port }: HeavyKey) => `${formatAddress(words, 0)} ${port}`;
    const address = ({ words }: HeavyKey) => formatAddress(words, 0);
    return {
      sources: listOf(this.#sources, address),
      sourceNetworks: listOf(this.#networks, networkText),
      destinations: listOf(this.#destinations, address),
      sourcePorts: this.#sourcePorts.report(MOST_ENTRIES),
      destinationPorts: this.#destinationPorts.report(MOST_ENTRIES),
      services: listOf(this.#services, service),
    };
  }
}

function networkText({ words }: HeavyKey): string {
  return `${formatAddress(words, 0)}/${isIpv4(words, 0) ? IPV4_NETWORK_BITS : IPV6_NETWORK_BITS}`;
}

function listOf(keys: HeavyKeys, text: (key: HeavyKey) => string): TopList {
  const heaviest = keys.heaviest(MOST_ENTRIES);
  const error = Math.max(0, ...heaviest.map((key) => key.error));
  const entries = heaviest.map((key) => ({ key: text(key), packets: key.packets, bytes: key.bytes }));
  return topListOf(entries, keys.packets, keys.distinct(), error);
}
