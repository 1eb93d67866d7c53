/** Replay by an expression, judged by `tcpdump -r`. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ReplayReport } from "../../src/replay/report.ts";
import { startRingcap } from "../support/cli.ts";
import { ipv4, ipv6, tcp, u16, udp } from "../support/frames.ts";
import { readPcapWithEditcap, writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const replay = (...words: string[]) => startRingcap(["replay", ...words]);

/** The packets that tcpdump keeps, as editcap reads them. */
async function keptByTcpdump(path: string, expression: string) {
  const kept = join(temporaryDirectory(), "tcpdump.pcap");
  await runOrFail("tcpdump", ["-r", path, "-w", kept, expression]);
  return withoutNumbers(kept);
}

async function withoutNumbers(path: string) {
  return (await readPcapWithEditcap(path)).map(({ number: _, ...packet }) => packet);
}

async function expectAgreement(path: string, options: readonly string[], expression: string, asked: string) {
  const out = join(temporaryDirectory(), "ringcap.pcap");
  const { code, stderr } = await replay(path, "-q", "-w", out, ...options, expression).exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const theirs = await keptByTcpdump(path, asked);
  expect(await withoutNumbers(out)).toEqual(theirs);
  expect(theirs.length).toBeGreaterThan(0);
}

const fixtures = [
  ["fixtures/ipv6-extensions.pcap", "ip6 protochain 6 and less 300"],
  ["fixtures/vlan.pcap", "vlan and (tcp port 80 or udp port 53)"],
  ["fixtures/encapsulations.pcap", "pppoes and udp port 53"],
  ["fixtures/truncated.pcap", "tcp[tcpflags] & tcp-syn != 0 and len > 50"],
  ["fixtures/raw-ip.pcap", "tcp dst port 80 or ip6"],
  ["fixtures/linux-cooked.pcap", "tcp port 80 and ip6"],
  ["fixtures/linux-cooked-2.pcap", "udp"],
  ["fixtures/bsd-loopback.pcap", "ip and tcp"],
  ["fixtures/radiotap.pcap", "type data"],
  ["fixtures/nanoseconds.pcap", "ip and tcp[13] = 2"],
] as const;

describeWith(requirements.tools("tcpdump", "editcap"), "replay by an expression, on the host", () => {
  test.each(fixtures)("keeps the packets of %s that tcpdump keeps: %s", async (path, expression) => {
    await expectAgreement(path, ["--engine", "user"], expression, expression);
  });

  test("is ANDed with the filter options", async () => {
    const options = ["--engine", "user", "--port", "80", "--net", "192.0.2.0/24"];
    const asked = "port 80 and net 192.0.2.0/24 and (tcp[13] & 16 = 0)";
    await expectAgreement("fixtures/handshakes.pcap", options, "tcp[13] & 16 = 0", asked);
  });

  test("sees packets beyond the snapshot length of the header, where tcpdump cuts them", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "over.pcap");
    writePcap(path, [{ data: new Uint8Array(214).fill(0x41) }]);
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(64, 16);
    writeFileSync(path, bytes);
    expect(await keptByTcpdump(path, "ether[100] = 0x41")).toEqual([]);
    const out = join(directory, "out.pcap");
    for (const words of [["--engine", "user"], []]) {
      expect((await replay(path, "-q", ...words, "-w", out, "ether[100] = 0x41").exit).code).toBe(0);
      expect(await withoutNumbers(out)).toEqual([
        expect.objectContaining({ capturedLength: 214, originalLength: 214 }),
      ]);
    }
  });

  test("reads link types that only libpcap knows", async () => {
    const path = join(temporaryDirectory(), "ppp.pcap");
    const ppp = (protocol: number, packet: Uint8Array) => Uint8Array.from([0xff, 0x03, ...u16(protocol), ...packet]);
    const packets = [
      ppp(0x0021, ipv4({ payload: tcp() })),
      ppp(0x0057, ipv6({ payload: tcp() })),
      ppp(0x0021, ipv4({ payload: udp({ destinationPort: 53 }) })),
      ppp(0xc021, Uint8Array.from([9, 1, 0, 8, 0, 0, 0, 1])),
    ];
    writePcap(
      path,
      packets.map((data) => ({ data })),
      9,
    );
    await expectAgreement(path, ["--engine", "user"], "udp port 53 or ip6", "udp port 53 or ip6");
    const report = await replay(path, "--json", "-q", "tcp").json<ReplayReport>();
    expect(report).toMatchObject({ engine: "user", packets: { seen: 4, matched: 2 } });
  });

  test("joins words as tcpdump does, and takes an empty expression for every packet", async () => {
    const words = await replay(
      "fixtures/mixture.pcap",
      "--engine",
      "user",
      "--json",
      "tcp",
      "dst",
      "port",
      "80",
    ).json<ReplayReport>();
    const { length } = await keptByTcpdump("fixtures/mixture.pcap", "tcp dst port 80");
    expect(words.packets.matched).toBe(length);
    const { packets } = await replay("fixtures/mixture.pcap", "--engine", "user", "--json", "").json<ReplayReport>();
    expect(packets.matched).toBe(packets.seen);
  });

  test("is part of suites", async () => {
    const directory = temporaryDirectory();
    const suite = join(directory, "suite.json");
    const capture = "vlan.pcap";
    copyFileSync("fixtures/vlan.pcap", join(directory, capture));
    const expect_ = { packets: (await keptByTcpdump(join(directory, capture), "vlan and ip6")).length };
    const entry = (name: string, expression: unknown) => ({ name, capture, options: { expression }, expect: expect_ });
    writeFileSync(suite, JSON.stringify({ cases: [entry("tags", "vlan and ip6")] }));
    expect(await startRingcap(["verify", suite, "--engine", "user"]).exit).toMatchObject({ code: 0 });
    writeFileSync(suite, JSON.stringify({ cases: [entry("tags", "vlan and tcp")] }));
    expect(await startRingcap(["verify", suite, "--engine", "user"]).exit).toMatchObject({ code: 4 });
    writeFileSync(suite, JSON.stringify({ cases: [entry("tags", 80)] }));
    expect(await startRingcap(["verify", suite]).exit).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("options.expression: expected text"),
    });
    const schema = JSON.parse(readFileSync("schemas/suite.schema.json", "utf8"));
    expect(schema.properties.cases.items.properties.options.properties.expression).toMatchObject({ type: "string" });
  });
});

describe("an expression that cannot be had", () => {
  test.each([
    ["fixtures/vlan.pcap", "tcp prt 80", /: syntax error\n {2}tcp prt 80\n {6}\^~~\nringcap: type port\n$/],
    ["fixtures/vlan.pcap", "inbound", /: inbound\/outbound not supported on Ethernet .* savefiles\n/],
    ["fixtures/user-link-type.pcap", "tcp", /: DLT 147 link-layer type filtering not implemented\n$/],
    ["fixtures/raw-ip.pcap", "ether host 02:00:00:00:00:01", /^ringcap: error: compile the expression: /],
  ])("ends the replay of %s with 2: %s", async (path, expression, message) => {
    const { code, stdout, stderr } = await replay(path, expression).exit;
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

describeWith(
  [requirements.bpf, requirements.tools("tcpdump", "editcap")],
  "replay by an expression, in the kernel",
  () => {
    test.each([
      ["fixtures/vlan.pcap", "xdp"],
      ["fixtures/vlan.pcap", "tc"],
      ["fixtures/raw-ip.pcap", "tc"],
    ])("keeps the packets of %s at %s that tcpdump keeps", async (path, hook) => {
      await expectAgreement(path, ["--engine", "kernel", "--hook", hook], "tcp or udp port 53", "tcp or udp port 53");
    });
  },
);
