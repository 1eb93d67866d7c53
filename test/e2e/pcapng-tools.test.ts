/** What Wireshark's programs make of pcapng files of ringcap/pcap-writer. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { randomNumbers } from "../../scripts/lib/parser-fuzz.mjs";
import { randomBlocks } from "../../scripts/lib/random-blocks.mjs";
import { type ByteOrder, PcapngBlockWriter, PcapngWriter } from "../../src/pcap-writer/index.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const TIME = 1_700_000_000_123_456_789n;

/** What a program says of a file. Fails where it complains. */
async function read(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args);
  expect(stderr.replace(/^Running as user .*\n/, "")).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const tshark = (path: string, ...args: string[]) => read("tshark", ["-n", "-r", path, ...args]);
const capinfos = (path: string, ...args: string[]) => read("capinfos", [...args, path]);

/** The packets of a file, each as its fields. */
async function fields(path: string, ...names: string[]): Promise<string[][]> {
  const output = await tshark(path, "-T", "fields", ...names.flatMap((name) => ["-e", name]));
  const lines = output.replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t"));
}

/** A file in which every method of the writer was called, with all that it takes. */
function writeEverything(path: string, byteOrder: ByteOrder): void {
  const pieces: Uint8Array[] = [];
  const about = { hardware: "x86_64", os: "Linux 6.12", application: "ringcap 1.0", comment: "of the section" };
  const writer = new PcapngWriter({ ...about, byteOrder }, (bytes) => pieces.push(bytes.slice()));
  const frame = ethernet({ payload: ipv4({ payload: udp({ sourcePort: 1000, destinationPort: 2000 }) }) });
  const first = writer.addInterface({
    linkType: 1,
    snapshotLength: 1514,
    name: "eth0",
    description: "xdp-native in",
    filter: "udp port 2000",
    hardware: "virtio_net",
    os: "Linux 6.12",
    speed: 10_000_000_000n,
    mac: "02:00:00:00:00:01",
    eui: Uint8Array.of(2, 0, 0, 0xff, 0xfe, 0, 0, 1),
    ipv4: [Uint8Array.of(192, 0, 2, 1, 255, 255, 255, 0)],
    ipv6: [Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 64)],
    fcsLength: 0,
    timeZone: [60, 0],
    comment: "of the interface",
  });
  const second = writer.addInterface({ linkType: 101, name: "tun0", timestampResolution: 6, timestampOffset: 0n });
  writer.writeNameResolution([{ address: Uint8Array.of(192, 0, 2, 1), names: ["one.example"] }], { dnsName: "dns" });
  writer.writeDecryptionSecrets(`CLIENT_RANDOM ${"00".repeat(32)} ${"11".repeat(48)}\n`);
  writer.write({
    interfaceId: first,
    timestampNanoseconds: TIME,
    data: frame,
    originalLength: 1514,
    direction: "in",
    queue: 3,
    dropCount: 12,
    packetId: 5n,
    verdict: { kind: "xdp", value: 1 },
    hash: { algorithm: 2, value: Uint8Array.of(1, 2, 3, 4) },
    comment: "pid 812 uid 33 nginx",
    processIdThreadId: { processId: 812, threadId: 813 },
  });
  writer.write({ interfaceId: second, timestampNanoseconds: TIME, data: frame.subarray(14), direction: "out" });
  writer.writePackets({
    count: 1,
    bytes: frame,
    offset: Uint32Array.of(0),
    capturedLength: Uint32Array.of(frame.length),
    originalLength: Uint32Array.of(frame.length),
    timestampHigh: Uint32Array.of(Number(TIME >> 32n)),
    timestampLow: Uint32Array.of(Number(TIME & 0xffff_ffffn)),
    interfaceId: Uint32Array.of(first),
    flags: Uint32Array.of(1),
    queue: Uint32Array.of(4),
    dropCount: Uint32Array.of(7),
  });
  const counts = { received: 100, interfaceDropped: 1, accepted: 22, osDropped: 19, delivered: 3 };
  writer.writeStatistics(first, { ...counts, start: TIME, end: TIME + 5n, comment: "sampled out: 2" });
  writer.flush();
  writeFileSync(path, Buffer.concat(pieces));
}

describeWith(requirements.tools("tshark", "capinfos"), "pcapng", () => {
  it.each(["little-endian", "big-endian"] as const)("%s, with all options, is shown as it was meant", async (order) => {
    const path = join(temporaryDirectory(), "all.pcapng");
    writeEverything(path, order);
    const names = ["frame.interface_name", "frame.interface_description", "frame.time_epoch", "frame.len"];
    const options = ["frame.packet_flags_direction", "frame.interface_queue", "frame.drop_count"];
    expect(
      await fields(path, ...names, ...options, "frame.verdict.ebpf_xdp", "frame.packet_id", "frame.comment"),
    ).toEqual([
      [
        "eth0",
        "xdp-native in",
        "1700000000.123456789",
        "1514",
        "0x00000001",
        "3",
        "12",
        "1",
        "5",
        "pid 812 uid 33 nginx",
      ],
      ["tun0", "", "1700000000.123456000", "28", "0x00000002", "", "", "", "", ""],
      ["eth0", "xdp-native in", "1700000000.123456789", "42", "0x00000001", "4", "7", "", "", ""],
    ]);
    await tshark(path, "-V");
    const about = await capinfos(path, "-M");
    for (const text of ["x86_64", "Linux 6.12", "ringcap 1.0", "of the section", "of the interface", "virtio_net"]) {
      expect(about).toContain(text);
    }
    expect(about).toContain("Filter string = udp port 2000");
    expect(about).toMatch(/Time precision = nanoseconds \(9\)[\s\S]*Time precision = microseconds \(6\)/);
    expect(about).toMatch(/Number of stat entries = 1\s[\s\S]*Number of packets = 2\s/);
    expect(about).toMatch(/resolved IPv4 addresses in file: 1\s+Number of decryption secrets in file: 1\s/);
  });

  it("of random blocks is read without a word, and has the packets that were written", async () => {
    const random = randomNumbers(200);
    const directory = temporaryDirectory();
    for (let file = 0; file < 8; file++) {
      const pieces: Uint8Array[] = [];
      const writer = new PcapngBlockWriter((bytes) => pieces.push(bytes.slice()));
      const expected: string[][] = [];
      // Each sequence is a file of its own; a file may have many sections.
      for (let sequence = 0; sequence < 25; sequence++) {
        for (const block of randomBlocks(random).blocks) {
          writer.writeBlock(block);
          if (block.kind !== "enhanced-packet" && block.kind !== "packet" && block.kind !== "simple-packet") continue;
          expected.push([String(block.data.length), String(block.originalLength)]);
        }
      }
      writer.flush();
      const path = join(directory, `${file}.pcapng`);
      writeFileSync(path, Buffer.concat(pieces));
      await tshark(path, "-V");
      // tshark counts custom blocks and journal entries as frames, but without an interface.
      const rows = await fields(path, "frame.interface_id", "frame.cap_len", "frame.len");
      expect(rows.filter(([id]) => id !== "").map((row) => row.slice(1))).toEqual(expected);
      await capinfos(path);
    }
  });
});
