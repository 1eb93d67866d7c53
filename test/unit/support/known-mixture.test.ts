import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knownMixture } from "../../support/known-mixture.ts";
import { readPcapWithEditcap, writePcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { runOrFail } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { tsharkFields } from "../../support/tshark-fields.ts";

const mixture = knownMixture();
const names = (wanted: boolean) => mixture.filter((frame) => frame.wanted === wanted).map(({ name }) => name);

/** Incomplete on purpose. */
const malformed = [
  "IPv4 TCP cut off before its flags",
  "IPv4 header length of 16 bytes",
  "IPv4 header length beyond the packet",
  "IPv4 header cut off",
  "IPv6 TCP cut off before its flags",
  "IPv6 header cut off",
  "IPv6 extension header cut off",
];
/** tshark cannot verify what only the whole datagram has. */
const firstFragments = ["IPv4 first fragment with a SYN", "IPv6 first fragment with a SYN"];
/** tshark looks into packets inside packets, and follows any number of headers. */
const seenByTsharkAlone = [
  "IPv4 ICMP error about a SYN to port 80",
  "IPv4 SYN to port 80 inside IPv4",
  "IPv6 SYN behind 40 extension headers",
];

function mixtureFile(): string {
  const path = join(temporaryDirectory(), "mixture.pcap");
  writePcap(
    path,
    mixture.map(({ frame }) => ({ data: frame })),
  );
  return path;
}

async function selectedByTshark(filter: string): Promise<string[]> {
  const rows = await tsharkFields(mixtureFile(), ["frame.number"], { filter });
  return rows.map((row) => mixture[Number(row["frame.number"]) - 1]?.name ?? "");
}

describe("the known mixture", () => {
  test("has no two frames of the same bytes or name", () => {
    expect(new Set(mixture.map(({ frame }) => Buffer.from(frame).toString("hex"))).size).toBe(mixture.length);
    expect(new Set(mixture.map(({ name }) => name)).size).toBe(mixture.length);
  });

  test("can be sent over Ethernet: more than a link header, at most 1514 bytes, both of them there", () => {
    const lengths = mixture.map(({ frame }) => frame.length);
    expect(Math.min(...lengths)).toBeGreaterThan(14);
    expect(Math.max(...lengths)).toBe(1514);
    expect(lengths).toContain(60);
  });
});

describeWith(requirements.tools("tshark", "tcpdump"), "the known mixture before tshark and tcpdump", () => {
  test("tshark finds the wanted frames, and only those, to be SYNs to or from port 80", async () => {
    const selected = await selectedByTshark("tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.port == 80");
    expect(selected.filter((name) => !seenByTsharkAlone.includes(name))).toEqual(names(true));
    expect(selected.filter((name) => seenByTsharkAlone.includes(name))).toEqual(seenByTsharkAlone);
  });

  test("tcpdump agrees on the frames whose link header says IPv4", async () => {
    const path = mixtureFile();
    const chosen = join(temporaryDirectory(), "chosen.pcap");
    // To standard output: tcpdump gives root up before it opens a file for writing.
    const expression = "tcp port 80 and tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn";
    const { stdout } = await runOrFail("sh", ["-c", 'tcpdump -r "$0" -w - "$1" | base64', path, expression]);
    writeFileSync(chosen, Buffer.from(stdout, "base64"));
    const hex = (await readPcapWithEditcap(chosen)).map((packet) => packet.hex);
    const expected = mixture
      .filter(({ frame, wanted }) => wanted && frame[12] === 0x08 && frame[13] === 0x00)
      .map(({ frame }) => Buffer.from(frame).toString("hex"));
    expect(hex).toEqual(expected);
  });

  test("tshark finds fault with the frames that are incomplete on purpose, and with no other", async () => {
    const bogus = "_ws.malformed || _ws.expert.severity == error";
    expect(await selectedByTshark(bogus)).toEqual(malformed);
  });

  test("tshark finds every checksum right", async () => {
    const protocols = ["ip", "tcp", "udp", "sctp", "icmp", "icmpv6"] as const;
    const statuses = protocols.map((protocol) => `${protocol}.checksum.status` as const);
    const rows = await tsharkFields(mixtureFile(), statuses);
    const good = new Map<string, number>();
    const notGood: string[] = [];
    for (const [index, row] of rows.entries()) {
      for (const status of statuses) {
        for (const value of row[status].split(",").filter((text) => text !== "")) {
          if (value === "1") {
            good.set(status, (good.get(status) ?? 0) + 1);
          } else {
            notGood.push(mixture[index]?.name ?? "");
          }
        }
      }
    }
    expect(notGood).toEqual(firstFragments);
    expect([...good.keys()].sort()).toEqual([...statuses].sort());
    expect(good.get("tcp.checksum.status")).toBeGreaterThan(names(true).length);
  });
});
