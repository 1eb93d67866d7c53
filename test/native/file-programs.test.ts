/**
 * What an expression is compiled to for the packets of a file: instruction by instruction what `tcpdump -r` of that file
 * makes of it, or refused with the same words. RINGCAP_ALL_FILE_PROGRAMS=1 asks about every link type up to 299.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SeededRandom } from "../../scripts/fixtures/random.ts";
import { reasonOf } from "../../src/errors.ts";
import { toDecimalNumbers } from "../../src/filter/classic/disassemble.ts";
import { compileToRaw } from "../../src/filter/expression.ts";
import type { ByteOrder } from "../../src/packets/byte-order.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const expressions = [
  ...["", "ip", "ip6", "arp", "not ip6", "tcp", "udp", "icmp6", "ip6 proto 44", "ip protochain 6", "ip6 protochain 17"],
  ...["port 80", "not (port 80 or port 443)", "tcp dst port 443", "udp portrange 1000-2000", "tcp[13] & 2 != 0"],
  ...["host 192.0.2.1", "src host 2001:db8::1", "net 10.0.0.0/8", "ip6 net 2001:db8::/32", "ip broadcast"],
  ...["ip6 multicast", "ether host 02:00:00:00:00:01", "wlan addr2 02:00:00:00:00:01", "type data", "vlan 5 and ip6"],
  ...["mpls and ip", "pppoes and ip6", "iso", "link[0] = 30", "len > 100", "inbound", "ifindex 3", "on em0"],
  ...["action pass", "vpi 3", "geneve and ip6"],
];
const LINK_TYPES = Array.from({ length: 300 }, (_, linkType) => linkType);
const BYTE_ORDERS = ["little", "big"] as const;

/** BSD loopback, ENC, and what else has a layout of its own: of these every expression is asked. */
const SPECIAL_LINK_TYPES = [0, 108, 109];
/** Besides, of all the others together. */
const SAMPLE_SIZE = 300;
/** OpenBSD's number of raw IP, which tcpdump reads on OpenBSD only. */
const ONLY_OPENBSD = 14;

interface Question {
  readonly linkType: number;
  readonly byteOrder: ByteOrder;
  readonly text: string;
}

function questionsAbout(linkTypes: readonly number[]): Question[] {
  return linkTypes.flatMap((linkType) =>
    BYTE_ORDERS.flatMap((byteOrder) => expressions.map((text) => ({ linkType, byteOrder, text }))),
  );
}

function someOf<T>(items: readonly T[], count: number): T[] {
  const random = new SeededRandom(31);
  return Array.from({ length: count }, () => random.pick(items));
}

/** A pcap file without packets. */
function emptyCapture({ linkType, byteOrder }: Question): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  const little = byteOrder === "little";
  header.setUint32(0, 0xa1b2c3d4, little);
  header.setUint16(4, 2, little);
  header.setUint16(6, 4, little);
  header.setUint32(16, 262_144, little);
  header.setUint32(20, linkType, little);
  return new Uint8Array(header.buffer);
}

function compiledByRingcap({ linkType, byteOrder, text }: Question): string {
  try {
    return toDecimalNumbers(compileToRaw(text, linkType, { fileByteOrder: byteOrder }));
  } catch (error) {
    return reasonOf(error).replace("compile the expression: ", "").split("\n")[0] ?? "";
  }
}

async function compiledByTcpdump(question: Question, directory: string): Promise<string> {
  const path = join(directory, `${question.byteOrder}-${question.linkType}.pcap`);
  // Not again: another tcpdump may be reading it.
  if (!existsSync(path)) writeFileSync(path, emptyCapture(question));
  const { code, stdout, stderr } = await run("tcpdump", ["-ddd", "-r", path, "--", question.text]);
  if (code === 0) return stdout.trimEnd();
  // The last line; before it come the name of the file and warnings.
  return (stderr.trimEnd().split("\n").at(-1) ?? "").replace("tcpdump: ", "");
}

/** The questions that are answered in two ways. */
async function disputed(questions: readonly Question[]): Promise<object[]> {
  const directory = temporaryDirectory();
  const disputes: object[] = [];
  const waiting = [...questions];
  const ask = async () => {
    for (let question = waiting.pop(); question !== undefined; question = waiting.pop()) {
      const ours = compiledByRingcap(question);
      const tcpdump = await compiledByTcpdump(question, directory);
      if (ours !== tcpdump) disputes.push({ ...question, ours, tcpdump });
    }
  };
  await Promise.all(Array.from({ length: 4 }, ask));
  return disputes;
}

const isWhole = process.env.RINGCAP_ALL_FILE_PROGRAMS === "1";
const others = LINK_TYPES.filter((linkType) => linkType !== ONLY_OPENBSD && !SPECIAL_LINK_TYPES.includes(linkType));

describeWith(requirements.tools("tcpdump"), "an expression for a file", () => {
  test.each(SPECIAL_LINK_TYPES)("is compiled for link type %i as by tcpdump -r", async (linkType) => {
    expect(await disputed(questionsAbout([linkType]))).toEqual([]);
  });

  test("is compiled for the other link types as by tcpdump -r", { timeout: 1_800_000 }, async () => {
    const questions = questionsAbout(others);
    expect(await disputed(isWhole ? questions : someOf(questions, SAMPLE_SIZE))).toEqual([]);
  });

  test("differs from that for a capture, and between byte orders", () => {
    const programs = [
      compileToRaw("ip6", 0),
      ...BYTE_ORDERS.map((fileByteOrder) => compileToRaw("ip6", 0, { fileByteOrder })),
    ];
    expect(new Set(programs.map(toDecimalNumbers)).size).toBe(3);
  });

  test("takes OpenBSD's number of raw IP for raw IP", () => {
    const programs = [ONLY_OPENBSD, 101].map((linkType) => compileToRaw("ip6", linkType, { fileByteOrder: "big" }));
    expect(programs[0]).toEqual(programs[1]);
  });
});
