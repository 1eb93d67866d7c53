/** What of a pcapng file is in the pcapng file that a replay makes of it, as tshark and capinfos show it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCapture } from "../../src/pcap-parser/index.ts";
import { type PcapngPacket, PcapngWriter, type PcapngWriterOptions, PcapWriter } from "../../src/pcap-writer/index.ts";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp, udp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const FIELDS = [
  ...["frame.packet_flags_direction", "frame.interface_queue", "frame.drop_count", "frame.comment", "frame.packet_id"],
  ...["frame.interface_name", "frame.interface_description", "frame.encap_type", "frame.time_epoch", "frame.len"],
  ...["frame.cap_len", "frame.verdict.ebpf_xdp", "frame.section_number", "tcp.payload", "udp.payload"],
] as const;
const YEAR_2200 = 7_258_118_400n * 1_000_000_000n;
const SYN = ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, flags: ["syn"] }) }) });
const UDP = ethernet({ payload: ipv4({ payload: udp({ destinationPort: 53 }) }) });

function add(writer: PcapngWriter, packet: Partial<PcapngPacket> & Pick<PcapngPacket, "data">): void {
  writer.write({ interfaceId: 0, timestampNanoseconds: 1_700_000_000_123_456_789n, ...packet });
}

/** Two sections with every kind of block; matching the filter `--port 80`: every second packet. */
function writeInput(options: PcapngWriterOptions): string {
  const parts: Buffer[] = [];
  const writer = new PcapngWriter(
    { os: "an os", application: "an application", hardware: "a cpu", comment: "a section", ...options },
    (bytes) => parts.push(Buffer.from(bytes)),
  );
  writer.addInterface({ linkType: 1, name: "eth7", description: "the uplink", filter: "tcp or udp" });
  writer.addInterface({ linkType: 101, name: "tun7", timestampResolution: 6, timestampOffset: 100n });
  writer.writeNameResolution([{ address: Uint8Array.of(192, 0, 2, 1), names: ["a.example"] }]);
  writer.writeDecryptionSecrets("CLIENT_RANDOM 00 11\n");
  add(writer, { data: SYN, comment: ["one", "two"], direction: "out", queue: 3, dropCount: 7, packetId: 9n });
  add(writer, { data: UDP, comment: "of another port" });
  writer.writeCustom(32_473, Uint8Array.of(1, 2, 3));
  add(writer, { data: SYN.subarray(14), interfaceId: 1, verdict: { kind: "xdp", value: 1 }, comment: "raw" });
  add(writer, { data: UDP.subarray(14), interfaceId: 1 });
  add(writer, { data: SYN, timestampNanoseconds: YEAR_2200, originalLength: 1514 });
  writer.writeStatistics(0, { end: 1_700_000_001n * 1_000_000_000n, received: 5 });
  writer.startSection({ application: "another" });
  writer.addInterface({ linkType: 1, name: "eth8", timestampResolution: 10 });
  add(writer, { data: SYN, direction: "in" });
  writer.writeNameResolution([{ address: Uint8Array.of(192, 0, 2, 2), names: ["b.example"] }]);
  writer.flush();
  const path = join(temporaryDirectory(), "in.pcapng");
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

async function replayed(input: string, args: readonly string[]): Promise<string> {
  const output = join(temporaryDirectory(), "out.pcapng");
  const { code, stderr } = await startRingcap(["replay", input, "--engine", "user", "-w", output, ...args]).exit;
  expect(code, stderr).toBe(0);
  return output;
}

/** Which blocks there are, in their order. */
async function kindsOf(path: string): Promise<string[]> {
  const kinds: string[] = [];
  for await (const batch of await openCapture(path)) for (const block of batch.allBlocks()) kinds.push(block.kind);
  return kinds;
}

describeWith([requirements.tools("tshark", "capinfos", "editcap")], "a replay of a pcapng file into another", () => {
  test("changes nothing where everything matches, but for what a section says of its length", async () => {
    const input = writeInput({});
    expect(readFileSync(await replayed(input, [])).equals(readFileSync(input))).toBe(true);
  });

  test.each(["little-endian", "big-endian"] as const)(
    "keeps all that is said of the packets that match, from %s",
    async (byteOrder) => {
      const input = writeInput({ byteOrder });
      const output = await replayed(input, ["--port", "80"]);
      const before = await tsharkFields(input, FIELDS);
      // The custom block is a frame to tshark, too.
      const shown = before.filter((_, index) => ![1, 4].includes(index));
      expect(shown.map((packet) => packet["frame.encap_type"])).toEqual(["1", "", "7", "1", "1"]);
      expect(await tsharkFields(output, FIELDS)).toEqual(shown);
      expect(before[0]?.["frame.comment"]).toBe("one,two");
      expect(Number(before[5]?.["frame.time_epoch"])).toBeGreaterThan(2 ** 32);
      expect(await kindsOf(output)).toEqual([
        ...[
          "section-header",
          "interface-description",
          "interface-description",
          "name-resolution",
          "decryption-secrets",
        ],
        ...["enhanced-packet", "custom", "enhanced-packet", "enhanced-packet", "interface-statistics"],
        ...["section-header", "interface-description", "enhanced-packet", "name-resolution"],
      ]);
    },
  );

  test("cuts packets, adds a comment, and keeps what else the file says of itself", async () => {
    const output = await replayed(writeInput({}), ["-s", "60", "--comment", "mine", "udp or tcp"]);
    const packets = await tsharkFields(output, ["frame.cap_len", "frame.len", "frame.packet_id"]);
    expect(packets[0]).toEqual({
      "frame.cap_len": `${Math.min(60, SYN.length)}`,
      "frame.len": `${SYN.length}`,
      "frame.packet_id": "9",
    });
    expect(packets).toHaveLength(7);
    const { stdout } = await runOrFail("capinfos", [output]);
    for (const line of [
      /comment: +a section\n/,
      /comment: +mine\n/,
      /application: an application\n/,
      /hardware: +a cpu\n/,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  test("has no block from behind the last packet that was asked for", async () => {
    const kinds = await kindsOf(await replayed(writeInput({}), ["-c", "5"]));
    expect(kinds.filter((kind) => kind === "enhanced-packet")).toHaveLength(5);
    expect(kinds.at(-1)).toBe("enhanced-packet");
  });

  test("takes a file from a pipe in pieces, each of the first in a write of its own", async () => {
    const input = readFileSync(writeInput({}));
    const ringcap = startRingcap(["replay", "-", "--engine", "user", "-w", "-", "--format", "pcapng"]);
    for (let at = 0; at < input.length; at += 50) {
      ringcap.child.stdin.write(input.subarray(at, at + 50));
      await new Promise((resolve) => setImmediate(resolve));
    }
    ringcap.child.stdin.end();
    const { code, stdout, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    expect(stdout.equals(input)).toBe(true);
  });

  test("makes a pcapng file of a pcap file, without a direction that nobody knows", async () => {
    const pcap = join(temporaryDirectory(), "in.pcap");
    {
      using writer = PcapWriter.create(pcap, { linkType: 1, precision: "nano" });
      for (const data of [SYN, UDP]) writer.write({ timestamp: 1_700_000_000_123_456_789n, data });
    }
    const output = await replayed(pcap, ["--port", "80"]);
    const [packet, ...others] = await tsharkFields(output, FIELDS);
    expect(others).toEqual([]);
    expect(packet).toMatchObject({
      "frame.packet_flags_direction": "",
      "frame.encap_type": "1",
      "frame.len": `${SYN.length}`,
    });
    expect(packet?.["frame.time_epoch"]).toBe("1700000000.123456789");
  });
});

describeWith([requirements.bpf], "a replay of packets of several link types in the kernel", () => {
  test("says how the process keeps the privileges that programs for the later ones take, and that works", async () => {
    const input = writeInput({});
    const args = ["replay", input, "--engine", "kernel", "-w"];
    const given = await startRingcap([...args, join(temporaryDirectory(), "out.pcapng")]).exit;
    expect(given.code).toBe(1);
    expect(given.stderr).toMatch(/EPERM[^\n]*\nringcap: a program is loaded for each link type .*; with --user none /);
    const kept = await startRingcap([...args, join(temporaryDirectory(), "out.pcapng"), "--user", "none"]).exit;
    expect(kept.code, kept.stderr).toBe(0);
  });
});
