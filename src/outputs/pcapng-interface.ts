/** Describes an interface of a capture for a pcapng file. */
import { release, type } from "node:os";
import type { PacketOrigin, SourceDescription } from "../packets/captured.ts";
import type { PcapngInterface } from "../pcap-writer/index.ts";

/**
 * The most bytes of a filter. An option holds 65535 bytes, and if_filter has one more byte for the kind of the filter.
 * Long lists of addresses exceed that.
 */
const FILTER_BYTES_MAX = 65_000;
const CUT = " ...";

export function operatingSystem(): string {
  return `${type()} ${release()}`;
}

/** Describes one interface with its hook. An interface is captured at one hook only. */
export function describeOrigin(
  origin: PacketOrigin,
  { snapshotLength, fcsLength, filter }: SourceDescription,
): PcapngInterface {
  const { name, direction, link, hook, hardware } = origin;
  return {
    linkType: link.linkType,
    snapshotLength,
    fcsLength,
    filter: filter === undefined ? undefined : shortened(filter),
    ...(hook === undefined ? undefined : { name, description: `${hook} ${direction}`, os: operatingSystem() }),
    ...(hardware === undefined
      ? undefined
      : { hardware: hardware.driver || undefined, mac: hardware.mac, speed: hardware.speed || undefined }),
  };
}

function shortened(filter: string): string {
  const bytes = Buffer.from(filter.replaceAll("\0", " "));
  if (bytes.length <= FILTER_BYTES_MAX) return bytes.toString();
  return `${bytes
    .subarray(0, FILTER_BYTES_MAX)
    .toString()
    .replace(/\uFFFD+$/, "")}${CUT}`;
}
