/** What `replay --anonymize` leaves of a capture, as tshark and a search through its bytes show it. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PcapngWriter } from "../../src/pcap-writer/index.ts";
import { SAMPLE_KEY } from "../support/anonymized.ts";
import { startRingcap } from "../support/cli.ts";
import { ipv4Bytes, ipv6Bytes, macBytes } from "../support/frames/addresses.ts";
import { arp } from "../support/frames/arp.ts";
import { concatenate, withU16 } from "../support/frames/bytes.ts";
import { ethernet, etherTypes } from "../support/frames/ethernet.ts";
import { icmp, icmp6 } from "../support/frames/icmp.ts";
import { ipv4 } from "../support/frames/ipv4.ts";
import { ipv6 } from "../support/frames/ipv6.ts";
import { leftToCard } from "../support/frames/left-to-card.ts";
import { part } from "../support/frames/segment.ts";
import { tcp, tcpOption } from "../support/frames/tcp.ts";
import { udp } from "../support/frames/udp.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const host = { mac: "00:1b:21:3c:4d:5e", ipv4: "203.0.113.77", ipv6: "2001:db8:5a5a:6b6b:7c7c:8d8d:9e9e:afaf" };
const peer = { mac: "00:25:90:aa:bb:cc", ipv4: "198.51.100.211", ipv6: "2001:db8:1717:2828:3939:4a4a:5b5b:6c6c" };
const SECRETS = [
  ...[host, peer].flatMap(({ mac, ipv4: v4, ipv6: v6 }) => [macBytes(mac), ipv4Bytes(v4), ipv6Bytes(v6)]),
  ...[host, peer].flatMap(({ mac, ipv4: v4, ipv6: v6 }) => [mac, v4, v6].map((text) => Buffer.from(text))),
  ...["a.example", "the uplink", "eth7", "a cpu", "an os", "CLIENT_RANDOM", "a remark"].map((text) =>
    Buffer.from(text),
  ),
];
const PAYLOAD = Buffer.from("what was said");

const there = { source: host.ipv4, destination: peer.ipv4 };
const back = { source: peer.ipv4, destination: host.ipv4 };
const there6 = { source: host.ipv6, destination: peer.ipv6 };
const frame = (payload: Uint8Array, more: object = {}) =>
  ethernet({ source: host.mac, destination: peer.mac, payload, ...more });
const options = [...tcpOption.maximumSegmentSize(1460), ...tcpOption.timestamps(7)];

const FRAMES = [
  frame(ipv4({ ...there, payload: tcp({ options }) })),
  frame(ipv4({ ...back, payload: tcp({ flags: ["syn", "ack"], options }) })),
  frame(ipv4({ ...there, payload: udp({ payload: PAYLOAD }) })),
  withU16(frame(ipv4({ ...there, payload: udp({ payload: PAYLOAD }) })), 14 + 20 + 6, 0x1234),
  frame(ipv6({ ...there6, payload: tcp({ payload: PAYLOAD }) })),
  frame(
    ipv6({
      ...there6,
      payload: icmp6({ type: 135, payload: concatenate(ipv6Bytes(peer.ipv6), [1, 1], macBytes(host.mac)) }),
    }),
  ),
  frame(
    ipv4({ ...back, payload: icmp({ type: 3, code: 3, payload: ipv4({ ...there, payload: part(udp(), 0, 8) }) }) }),
  ),
  frame(ipv4({ ...there, payload: tcp() }), { vlans: [{ id: 7 }] }),
  frame(arp({ senderMac: host.mac, senderAddress: host.ipv4, targetAddress: peer.ipv4 }), {
    destination: "ff:ff:ff:ff:ff:ff",
    etherType: etherTypes.arp,
    minimumLength: 60,
  }),
];

function writePcapng(path: string, byteOrder: "little-endian" | "big-endian"): void {
  const parts: Buffer[] = [];
  const section = { os: "an os", hardware: "a cpu", application: "another", comment: "a remark", byteOrder };
  const writer = new PcapngWriter(section, (bytes) => parts.push(Buffer.from(bytes)));
  const described = { name: "eth7", description: "the uplink", filter: `host ${host.ipv4}`, mac: macBytes(host.mac) };
  writer.addInterface({ linkType: 1, ipv4: [concatenate(ipv4Bytes(host.ipv4), [255, 255, 255, 0])], ...described });
  writer.writeNameResolution([{ address: ipv4Bytes(peer.ipv4), names: ["a.example"] }]);
  writer.writeDecryptionSecrets("CLIENT_RANDOM 00 11\n");
  for (const [index, data] of FRAMES.entries()) {
    const timestampNanoseconds = 1_700_000_000_123_456_789n + BigInt(index);
    writer.write({
      interfaceId: 0,
      timestampNanoseconds,
      data,
      comment: `to ${peer.ipv4}`,
      direction: "out",
      dropCount: 3,
    });
  }
  writer.writeStatistics(0, { end: 1_700_000_001n * 1_000_000_000n, received: 9 });
  writer.writeCustom(32_473, ipv4Bytes(host.ipv4));
  writer.flush();
  writeFileSync(path, Buffer.concat(parts));
}

const CHECKSUMS = ["ip", "tcp", "udp", "icmp", "icmpv6"].map((protocol) => `${protocol}.checksum.status`);
const ADDRESSES = ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "eth.src"];
const REST = [
  "frame.time_epoch",
  "frame.len",
  "tcp.flags",
  "tcp.options.mss_val",
  "udp.dstport",
  "vlan.id",
  "icmp.type",
];

async function anonymized(input: string, name: string, ...words: string[]): Promise<{ path: string; stderr: string }> {
  const path = join(temporaryDirectory(), name);
  const args = ["replay", input, "--engine", "user", "-w", path, "--anonymize", ...words];
  const { code, stderr } = await startRingcap(args).exit;
  expect(code, stderr).toBe(0);
  return { path, stderr };
}

function expectNoSecrets(path: string): void {
  const bytes = readFileSync(path);
  for (const secret of SECRETS) {
    expect(bytes.includes(Buffer.from(secret)), `${Buffer.from(secret).toString("hex")} in ${path}`).toBe(false);
  }
}

/** The numbers of packets and bytes of the conversations, without their addresses. */
async function conversations(path: string): Promise<string[]> {
  const { stdout } = await runOrFail("tshark", ["-n", "-r", path, "-q", "-z", "conv,ip", "-z", "conv,ipv6"]);
  const lines = stdout.split("\n").filter((line) => line.includes("<->"));
  return lines.map((line) => line.replace(/^\S+\s+<->\s+\S+/, "").replaceAll(/\s+/g, " ")).sort();
}

describeWith([requirements.tools("tshark")], "a capture that may be given to others", () => {
  test.each(["little-endian", "big-endian"] as const)(
    "has no address, all checksums, times and conversations: pcapng, %s",
    async (byteOrder) => {
      const directory = temporaryDirectory();
      const input = join(directory, "in.pcapng");
      const key = join(directory, "key");
      writePcapng(input, byteOrder);
      writeFileSync(key, SAMPLE_KEY, { mode: 0o600 });
      const { path, stderr } = await anonymized(input, "out.pcapng", "--anonymize-key", key, "--keep-payload");
      expect(stderr).toContain("warning: payloads are kept");
      expectNoSecrets(path);
      // To tshark, a custom block is a packet too.
      const [before, after] = await Promise.all(
        [input, path].map((file) => tsharkFields(file, [...CHECKSUMS, ...REST], { filter: "eth" })),
      );
      expect(after).toEqual(before);
      expect(await conversations(path)).toEqual(await conversations(input));
      const [first] = await tsharkFields(path, ["frame.drop_count", "frame.packet_flags_direction", "frame.comment"]);
      expect(first).toEqual({
        "frame.drop_count": "3",
        "frame.packet_flags_direction": "0x00000002",
        "frame.comment": "",
      });
    },
  );

  test("has complete checksums where they were left to the network card and are to be repaired", async () => {
    const input = join(temporaryDirectory(), "in.pcap");
    writePcap(input, [{ data: frame(ipv4({ ...there, payload: leftToCard(tcp({ payload: PAYLOAD })) })) }]);
    const { path } = await anonymized(input, "out.pcap", "--checksum", "repair", "--keep-payload");
    expect(await tsharkFields(path, ["tcp.checksum.status"])).toEqual([{ "tcp.checksum.status": "1" }]);
  });

  test("is mapped as another one with the same key, and without payloads unless they are asked for", async () => {
    const directory = temporaryDirectory();
    const key = join(directory, "key");
    const inputs = { pcapng: join(directory, "in.pcapng"), pcap: join(directory, "in.pcap") };
    writePcapng(inputs.pcapng, "little-endian");
    writePcap(
      inputs.pcap,
      FRAMES.map((data) => ({ data })),
    );
    const whole = await anonymized(inputs.pcapng, "whole.pcap", "--anonymize-key", key, "--keep-payload");
    expect(whole.stderr).toContain(`made the key ${key}`);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const cut = await anonymized(inputs.pcap, "cut.pcapng", "--anonymize-key", key);
    expect(cut.stderr).not.toMatch(/made the key|warning/);
    expectNoSecrets(cut.path);
    expect(readFileSync(whole.path).includes(PAYLOAD)).toBe(true);
    expect(readFileSync(cut.path).includes(PAYLOAD)).toBe(false);
    const [ofWhole, ofCut] = await Promise.all(
      [whole, cut].map(({ path }) => tsharkFields(path, [...ADDRESSES, "frame.len"])),
    );
    expect(ofCut).toEqual(ofWhole);
    const other = await anonymized(inputs.pcap, "other.pcap");
    expect(other.stderr).toContain("the key is forgotten");
    expect(await tsharkFields(other.path, ADDRESSES)).not.toEqual(await tsharkFields(cut.path, ADDRESSES));
  });
});

describe("the key of --anonymize", () => {
  test("is refused where it is none, and warned of where others may read it", async () => {
    const directory = temporaryDirectory();
    const input = join(directory, "in.pcap");
    const key = join(directory, "key");
    writePcap(
      input,
      FRAMES.map((data) => ({ data })),
    );
    writeFileSync(key, "no key\n", { mode: 0o644 });
    const refused = await startRingcap(["replay", input, "--anonymize", "--anonymize-key", key]).exit;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`--anonymize-key: "${key}" holds no key`),
    ]);
    writeFileSync(key, `${"0123456789abcdef".repeat(4)}\n`);
    const { stdout, stderr } = await startRingcap([
      "replay",
      input,
      "--engine",
      "user",
      "--anonymize",
      "--anonymize-key",
      key,
    ]).exit;
    expect(stderr).toContain(`others may read the key ${key}`);
    expect(stdout.toString().split("\n")).toHaveLength(FRAMES.length + 1);
    expect(stdout.toString()).not.toMatch(/203\.0\.113\.77|198\.51\.100\.211/);
  });
});
