/** The addresses, networks, ports and services with most packets. */
import { formatAddress, isIpv4 } from "../analysis/addresses.ts";
import type { Analysis } from "../analysis/analysis.ts";
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
    const { count, ipVersion, hasPorts, source, destination, sourceHash, destinationHash, originalLength } = columns;
    for (let index = 0; index < count; index++) {
      const version = ipVersion[index];
      if (version === 0) continue;
      const bytes = originalLength[index] ?? 0;
      const at = 4 * index;
      const hash = destinationHash[index] ?? 0;
      this.#sources.add(source, at, 0, sourceHash[index] ?? 0, bytes);
      this.#addNetwork(source, at, version === 4, bytes);
      this.#destinations.add(destination, at, 0, hash, bytes);
      if (hasPorts[index] === 0) continue;
      const port = columns.destinationPort[index] ?? 0;
      this.#services.add(destination, at, port, mixInto(hash, port), bytes);
      this.#sourcePorts.add(columns.sourcePort[index] ?? 0, bytes);
      this.#destinationPorts.add(port, bytes);
    }
  }

  #addNetwork(source: Uint32Array, at: number, isFour: boolean, bytes: number): void {
    const network = this.#network;
    if (isFour) {
      network[0] = 0;
      network[1] = 0;
      network[2] = 0xffff;
      network[3] = (source[at + 3] ?? 0) & 0xffff_ff00;
      this.#networks.add(network, 0, 0, mix(network[3]), bytes);
    } else {
      network[0] = source[at] ?? 0;
      network[1] = (source[at + 1] ?? 0) & 0xffff_0000;
      network[2] = 0;
      network[3] = 0;
      this.#networks.add(network, 0, 0, mixInto(mix(network[0]), network[1]), bytes);
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
