/**
 * The packets of the fixtures and of the corpus, of one link layer, in one capture file: what differential tests ask
 * several judges about. Packet n, counted from 1, has the time n seconds.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  corpus,
  fixtures,
  type NumberedPacket,
  type ReadableCapture,
  readCaptures,
  writeNumbered,
} from "./agreement.ts";
import { hasEndlessChain } from "./header-chains.ts";

const execute = promisify(execFile);

export const collectionKinds = [
  { name: "Ethernet", linkType: 1, linkTypes: [1] },
  { name: "raw IP", linkType: 101, linkTypes: [12, 14, 101, 228, 229] },
] as const;
export type CollectionKind = (typeof collectionKinds)[number];

/** Of one file: floods and scans repeat themselves. */
const PACKETS_OF_A_FILE_MAX = 120;

/** Three of four are cut as a capture cuts them by default: filters meet bytes that are not there, and tests go faster. */
function cutMost(packet: NumberedPacket, index: number): NumberedPacket {
  if (index % 4 === 0) return packet;
  return { ...packet, originalLength: packet.originalLength ?? packet.data.length, data: packet.data.subarray(0, 128) };
}

export class PacketCollection {
  readonly name: string;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly packets: readonly NumberedPacket[];
  readonly path: string;

  /** @param directory where the capture file is written */
  constructor(kind: CollectionKind, captures: readonly ReadableCapture[], directory: string) {
    const linkTypes: readonly number[] = kind.linkTypes;
    this.name = kind.name;
    this.linkType = kind.linkType;
    const own = captures.filter(({ linkType }) => linkTypes.includes(linkType));
    const packets = own.flatMap((capture) => capture.packets.slice(0, PACKETS_OF_A_FILE_MAX));
    this.packets = (kind.name === "raw IP" ? [...packets, ...networkPackets(captures)] : packets).map(cutMost);
    this.path = join(directory, `packets-${kind.linkType}.pcap`);
    writeNumbered(this.path, this.packets, kind.linkType);
  }

  /** For each expression the numbers, from 1, of the packets that `tcpdump -r` chooses. */
  async askTcpdump(expressions: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    // One shell for all: starting a process from Node.js takes longer than tcpdump does.
    const loop = 'file="$0"; for expression; do tcpdump -r "$file" -w - "$expression" 2>/dev/null || exit 1; done';
    const { stdout } = await execute("sh", ["-c", loop, this.path, ...expressions], {
      encoding: "buffer",
      maxBuffer: 1 << 30,
    });
    const verdicts = [...numbersInCaptures(stdout)];
    if (verdicts.length !== expressions.length) throw new Error(`tcpdump wrote ${verdicts.length} captures`);
    return new Map(expressions.map((expression, index) => [expression, verdicts[index] ?? []]));
  }

  /** Whether an answer about a packet may differ from tcpdump's. */
  mayDiffer(expression: string, packet: NumberedPacket): boolean {
    return expression.includes("protochain") && hasEndlessChain(packet.data, this.linkType);
  }

  /** The packets that we chose and tcpdump did not, or the other way round, by their names: "file.pcap 3". */
  disputed(expression: string, ours: readonly number[], theirs: readonly number[]): string[] {
    if (ours.join() === theirs.join()) return [];
    const [ourSet, theirSet] = [new Set(ours), new Set(theirs)];
    return this.packets.flatMap((packet, index) => {
      const { origin } = packet;
      const [isOurs, isTheirs] = [ourSet.has(index + 1), theirSet.has(index + 1)];
      return isOurs === isTheirs || this.mayDiffer(expression, packet)
        ? []
        : [`${origin}: ${isOurs ? "chosen" : "not chosen"} by us`];
    });
  }
}

/** The seconds of all packets, of capture files that lie one behind the other. */
function* numbersInCaptures(bytes: Buffer): Generator<number[]> {
  for (let offset = 0; offset < bytes.length; ) {
    const numbers: number[] = [];
    offset += 24;
    // No packet has the number that a file begins with.
    while (offset < bytes.length && bytes.readUInt32LE(offset) !== 0xa1b2c3d4) {
      numbers.push(bytes.readUInt32LE(offset));
      offset += 16 + bytes.readUInt32LE(offset + 8);
    }
    yield numbers;
  }
}

const ETHERNET = 1;
const ETHERNET_HEADER_LENGTH = 14;

/** What untagged Ethernet frames with IPv4 or IPv6 have behind their header. */
function networkPackets(captures: readonly ReadableCapture[]): NumberedPacket[] {
  const frames = captures
    .filter(({ linkType }) => linkType === ETHERNET)
    .flatMap(({ packets }) => packets.slice(0, PACKETS_OF_A_FILE_MAX));
  return frames.flatMap(({ data, originalLength, origin }) => {
    const type = ((data[12] ?? 0) << 8) | (data[13] ?? 0);
    if (type !== 0x0800 && type !== 0x86dd) return [];
    const bytes = data.subarray(ETHERNET_HEADER_LENGTH);
    const wireLength = Math.max(bytes.length, (originalLength ?? 0) - ETHERNET_HEADER_LENGTH);
    return [{ data: bytes, originalLength: wireLength, origin: `${origin} without its Ethernet header` }];
  });
}

let captures: readonly ReadableCapture[] | undefined;

export function collectPackets(kind: CollectionKind, directory: string): PacketCollection {
  captures ??= readCaptures([fixtures, join(corpus, "pcap"), join(corpus, "pcapng")]);
  return new PacketCollection(kind, captures, directory);
}
