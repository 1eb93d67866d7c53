/** Lines of packets beside those of tcpdump, for the same packets in the same order. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { linkPrinter } from "../../src/outputs/lines/link-types.ts";
import { type PacketLineOptions, PacketLines } from "../../src/outputs/lines/packet-line.ts";
import { type NumberedPacket, readCaptures } from "./agreement.ts";
import { writePcap } from "./pcap-fixture.ts";
import { PLAIN_LINES } from "./plain-lines.ts";

/** One packet, as both print it. */
export interface LinePair {
  /** "file.pcap 3" */
  readonly origin: string;
  /** As tshark has them, from the link layer on: eth, ip, tcp. */
  readonly protocols: readonly string[];
  readonly linkType: number;
  readonly tcpdump: string;
  readonly ours: string;
}

/** Packets of one link type, in one file. */
export interface LineInput {
  readonly linkType: number;
  readonly path: string;
  readonly packets: readonly NumberedPacket[];
  readonly protocols: readonly (readonly string[])[];
}

/**
 * The packets of the captures in the directories, of each link type that lines know, in files of one link type.
 *
 * @param isClassified whether tshark is asked for the protocols of each
 */
export function prepareLines(directories: readonly string[], scratch: string, isClassified: boolean): LineInput[] {
  const byLinkType = new Map<number, NumberedPacket[]>();
  for (const { linkType, packets } of readCaptures(directories)) {
    if (linkPrinter(linkType) === undefined) continue;
    const known = byLinkType.get(linkType) ?? [];
    // Times are printed by another test; here all packets have those that the file numbers them with.
    for (const packet of packets) known.push({ ...packet, timestamp: BigInt(known.length + 1) * 1_500_000_000n });
    byLinkType.set(linkType, known);
  }
  return [...byLinkType].map(([linkType, packets]) => {
    const path = join(scratch, `link-${linkType}.pcap`);
    writePcap(path, packets, linkType);
    return { linkType, path, packets, protocols: isClassified ? protocolsOf(path) : [] };
  });
}

function protocolsOf(path: string): string[][] {
  const args = ["-n", "-r", path, "-T", "fields", "-e", "frame.protocols", "-o", "tcp.desegment_tcp_streams:FALSE"];
  const rows = run("tshark", args).split("\n");
  return rows.map((row) => row.split(":"));
}

function run(command: string, args: readonly string[]): string {
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return execFileSync(command, args, { encoding: "latin1", maxBuffer: 1 << 29, stdio });
}

/** @param letters tcpdump's, without the dash: "e", "vv" */
export function compareLines(input: LineInput, letters: string, options: Partial<PacketLineOptions>): LinePair[] {
  const { linkType, path, packets, protocols } = input;
  const texts = packetTexts(run("tcpdump", [`-n#${letters}`, "-r", path]));
  if (texts.length !== packets.length) throw new Error(`${path}: ${texts.length} texts of ${packets.length} packets`);
  const lines = new PacketLines({ ...PLAIN_LINES, ...options });
  return packets.map((packet, index) => {
    const { data, origin, timestamp = 0n, originalLength = data.length } = packet;
    return {
      origin,
      protocols: protocols[index] ?? [],
      linkType,
      tcpdump: texts[index] ?? "",
      ours: lines.format({ timestamp, data, originalLength, linkType, direction: "in" }),
    };
  });
}

/** A packet may have several rows; `-#` numbers the first of each. */
function packetTexts(output: string): string[] {
  const texts: string[] = [];
  for (const row of output.replace(/\n$/, "").split("\n")) {
    const number = /^ {0,4}(\d+) {2}/.exec(row);
    if (number !== null && Number(number[1]) === texts.length + 1) texts.push(row.slice(number[0].length));
    else texts.push(`${texts.pop()}\n${row}`);
  }
  return texts;
}

/** The share of equal texts, from 0 to 1, and how many there are. */
export function shareOf(pairs: readonly LinePair[]): { readonly share: number; readonly count: number } {
  const equal = pairs.filter(({ tcpdump, ours }) => tcpdump === ours).length;
  return { share: pairs.length === 0 ? 1 : equal / pairs.length, count: pairs.length };
}

/** `10.0.0.1.80 > 10.0.0.2.81` of the outermost IP packet, and the flags of each TCP header. */
export function factsOf(text: string): { readonly ends: string | undefined; readonly flags: string } {
  const [first = ""] = text.split("\n");
  const ends = /(?:^| )([0-9a-f:.]+ > [0-9a-f:.]+): /.exec(first)?.[1];
  return { ends, flags: (first.match(/Flags \[[FSRP.UEW]+\]|Flags \[none\]/g) ?? []).join(" ") };
}
