/** Expressions over files whose packets begin with an address family, of every system and byte order: `tcpdump -r` judges. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PcapngBlocks, pcapFile } from "../../scripts/lib/capture-samples.mjs";
import { replay } from "../../src/replay/index.ts";
import { matchedBy, matchedByTcpdump } from "../support/agreement.ts";
import { ipv4, ipv6, tcp, udp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const NULL = 0;
const LOOP = 108;
const ENC = 109;
const AF_INET = 2;
/** Of Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const IPV6_FAMILIES = [10, 24, 28, 30];
const EXPRESSIONS = [
  "ip",
  "ip6",
  "tcp",
  "udp",
  "port 80",
  "not (port 80 or port 443)",
  "ip6 and udp port 443",
  "not ip6",
];

const web = { destinationPort: 80 };
const quic = { destinationPort: 443 };
const packets: readonly { family: number; packet: Uint8Array }[] = [
  { family: AF_INET, packet: ipv4({ payload: tcp(web) }) },
  { family: AF_INET, packet: ipv4({ payload: udp(quic) }) },
  { family: 7, packet: ipv4({ payload: tcp(web) }) },
  ...IPV6_FAMILIES.flatMap((family) => [
    { family, packet: ipv6({ payload: tcp(web) }) },
    { family, packet: ipv6({ payload: udp(quic) }) },
    { family, packet: ipv6({ payload: udp({ destinationPort: 53 }) }) },
  ]),
];

/** OpenBSD's loopback header is in the order of the network, the others are in that of the file. */
function framesOf(linkType: number, littleEndian: boolean): Uint8Array[] {
  return packets.map(({ family, packet }) => {
    const header = Buffer.alloc(linkType === ENC ? 12 : 4);
    if (littleEndian && linkType !== LOOP) header.writeUInt32LE(family);
    else header.writeUInt32BE(family);
    return Buffer.concat([header, packet]);
  });
}

const keptByReplay = (path: string, expression: string) => matchedBy(replay, path, { filter: { expression } });

function section(linkType: number, littleEndian: boolean, firstNumber: number): Buffer {
  const blocks = new PcapngBlocks(littleEndian);
  const records = framesOf(linkType, littleEndian).map((data, index) =>
    blocks.enhanced(data, { stamp: BigInt(firstNumber + index) * 1_000_000n }),
  );
  return Buffer.concat([blocks.section(), blocks.interface({ linkType }), ...records]);
}

describeWith(requirements.tools("tcpdump"), "replay of packets that begin with an address family", () => {
  test.each([NULL, LOOP, ENC].flatMap((linkType) => [true, false].map((littleEndian) => ({ linkType, littleEndian }))))(
    "chooses those that tcpdump -r chooses: %j",
    async ({ linkType, littleEndian }) => {
      const path = join(temporaryDirectory(), "family.pcap");
      const records = framesOf(linkType, littleEndian).map((data, index) => ({
        seconds: index + 1,
        fraction: 0,
        data,
      }));
      writeFileSync(path, pcapFile({ littleEndian, linkField: linkType }, records));
      for (const expression of EXPRESSIONS) {
        const kept = await matchedByTcpdump(path, expression);
        expect(kept.length, expression).toBeGreaterThan(0);
        expect(await keptByReplay(path, expression), expression).toEqual(kept);
      }
    },
  );

  test("follows the sections of a pcapng file, each in its own byte order", async () => {
    const directory = temporaryDirectory();
    const orders = [true, false, true];
    const sections = orders.map((littleEndian, index) => section(NULL, littleEndian, index * packets.length + 1));
    const whole = join(directory, "whole.pcapng");
    writeFileSync(whole, Buffer.concat(sections));
    // tcpdump refuses a file whose sections differ: it is asked about each of them.
    const parts = sections.map((bytes, index) => {
      const path = join(directory, `${index}.pcapng`);
      writeFileSync(path, bytes);
      return path;
    });
    for (const expression of ["ip", "ip6 and tcp", "not (port 80 or port 443)"]) {
      const kept = (await Promise.all(parts.map((path) => matchedByTcpdump(path, expression)))).flat();
      expect(kept.length).toBeGreaterThan(orders.length);
      expect(await keptByReplay(whole, expression), expression).toEqual(kept);
    }
  });
});
