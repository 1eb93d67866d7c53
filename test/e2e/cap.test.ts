/** Programs that were written for npm's `cap`, with `ringcap/cap` in its place. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCapProgram } from "../support/cap-programs.ts";
import { ip, startTcpdump } from "../support/capturing.ts";
import { arp, ethernet, etherTypes, icmp, ipv4, ipv6, sctp, tcp, udp, zeros } from "../support/frames.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { rootWithNetRaw } from "../support/network-raw.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "setpriv", "tcpreplay", "tcpdump", "tshark", "editcap", "capinfos"),
];

const text = (words: string) => [...Buffer.from(words)];
const request = { destinationPort: 80, flags: ["psh", "ack"], payload: text("GET / HTTP/1.1\r\n") } as const;
const last = ethernet({ payload: ipv4({ payload: udp({ destinationPort: 9, payload: text("the last one") }) }) });

const mixture = [
  ethernet({ payload: ipv4({ payload: tcp(request) }) }),
  ethernet({ payload: ipv4({ payload: tcp({ ...request, destinationPort: 81 }) }) }),
  ethernet({ payload: ipv4({ payload: tcp({ ...request, sourcePort: 4000, payload: zeros(1200) }) }) }),
  ethernet({ payload: ipv4({ payload: udp({ payload: text("a datagram") }) }) }),
  ethernet({ payload: ipv6({ payload: tcp(request) }) }),
  ethernet({ vlans: [{ id: 5 }], payload: ipv4({ payload: tcp(request) }) }),
  ethernet({ payload: ipv4({ payload: icmp() }) }),
  ethernet({ payload: ipv4({ payload: sctp() }) }),
  ethernet({ etherType: etherTypes.arp, payload: arp() }),
];

describeWith(needed, "a program for npm's cap", () => {
  test("prints the TCP data that leaves for a port, by the decoders", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const program = startCapProgram(
      network,
      `
      var Cap = require("ringcap/cap").Cap;
      var decoders = require("ringcap/cap").decoders, PROTOCOL = decoders.PROTOCOL;
      var c = new Cap(), buffer = Buffer.alloc(65535);
      var linkType = c.open(Cap.findDevice("192.0.2.12"), "tcp and dst port 80", 10 * 1024 * 1024, buffer);
      c.setMinBytes && c.setMinBytes(0);
      c.on("packet", function (nbytes, trunc) {
        var ret = decoders.Ethernet(buffer), words = [nbytes, trunc];
        if (ret.info.type === PROTOCOL.ETHERNET.IPV4) {
          ret = decoders.IPV4(buffer, ret.offset);
          words.push(ret.info.srcaddr, ret.info.dstaddr, PROTOCOL.IP[ret.info.protocol]);
          var datalen = ret.info.totallen - ret.hdrlen;
          ret = decoders.TCP(buffer, ret.offset);
          datalen -= ret.hdrlen;
          words.push(ret.info.srcport, ret.info.dstport, buffer.toString("hex", ret.offset, ret.offset + datalen));
        } else words.push(PROTOCOL.ETHERNET[ret.info.type]);
        console.log(words.join(" "));
        if (ret.info.srcport === 7) c.close();
      });
      console.log(linkType);`,
    );
    expect(await program.line()).toBe("ETHERNET");
    const farewell = ethernet({ payload: ipv4({ payload: tcp({ ...request, sourcePort: 7 }) }) });
    const frames = [...mixture, farewell];
    await network.sendFrames(frames, { end: "b" });
    const { lines, stderr, code } = await program.ended();
    expect([stderr, code]).toEqual(["", 0]);
    const path = join(temporaryDirectory(), "sent.pcap");
    writePcap(
      path,
      frames.map((data) => ({ data })),
    );
    const fields = ["frame.len", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "tcp.payload"] as const;
    // The expression asks for no tag, so that a tagged packet is none of it.
    const judged = await tsharkFields(path, fields, { filter: "tcp.dstport == 80 && !vlan" });
    const wanted = judged.map((packet) => {
      const { "frame.len": length, "ip.src": source, "ip.dst": destination } = packet;
      if (source === "") return `${length} false IPV6`;
      return `${length} false ${source} ${destination} TCP ${fields
        .slice(3)
        .map((field) => packet[field])
        .join(" ")}`;
    });
    expect(wanted).toHaveLength(4);
    expect(lines).toEqual(wanted);
  });

  test("sends an ARP request, which reaches the other end and is no packet of its own", async () => {
    await using network = await TestNetwork.create();
    const question = ethernet({ etherType: etherTypes.arp, payload: arp(), minimumLength: 60 });
    const hex = Buffer.from(question).toString("hex");
    const tcpdump = await startTcpdump(network, "a", ["-i", "v1"]);
    const program = startCapProgram(
      network,
      `
      var Cap = require("ringcap/cap").Cap;
      var c = new Cap(), buffer = Buffer.alloc(65535);
      c.open("v0", "arp", 10 * 1024 * 1024, buffer);
      c.on("packet", function (nbytes) {
        console.log(buffer.slice(0, nbytes).toString("hex"));
        if (nbytes === 42) c.close();
      });
      var frame = Buffer.from("${hex}", "hex");
      c.send(frame, frame.length);
      c.send(Buffer.concat([frame, frame]), frame.length);
      frame.fill(0);`,
    );
    expect((await tcpdump.packets(2)).map((packet) => packet.hex)).toEqual([hex, hex]);
    // The same frame is a packet where somebody else sends it.
    await network.sendFrames([question], { end: "b" });
    const answer = ethernet({ etherType: etherTypes.arp, payload: arp({ operation: 2 }) });
    await network.sendFrames([answer]);
    const { lines, stderr, code } = await program.ended();
    expect([lines, stderr, code]).toEqual([[hex, Buffer.from(answer).toString("hex")], "", 0]);
  });

  test("has whole and cut packets of both directions, as tcpdump has them, and their times", async () => {
    await using network = await TestNetwork.create();
    const tcpdump = await startTcpdump(network, "b", ["-i", "v0"]);
    const program = startCapProgram(
      network,
      `
      import cap, { Cap, decoders } from "ringcap/cap";
      if (cap.Cap !== Cap || cap.decoders !== decoders) throw new Error("two modules");
      const packetsOf = (buffer) => {
        const capture = new Cap();
        const packets = [];
        console.log(capture.open("v0", "", 1 << 20, buffer));
        capture.on("packet", async (nbytes, truncated) => {
          // What waits for nothing comes before the next packet.
          await undefined;
          const bytes = buffer.subarray(0, nbytes);
          packets.push([bytes.toString("hex"), truncated, capture.originalLength, String(capture.timestamp)]);
          if (bytes.includes("the last one")) capture.close();
        });
        return packets;
      };
      const whole = packetsOf(Buffer.alloc(65535));
      const cut = packetsOf(Buffer.alloc(60));
      process.on("exit", () => console.log(JSON.stringify([whole, cut])));`,
      { extension: "mjs" },
    );
    expect([await program.line(), await program.line()]).toEqual(["ETHERNET", "ETHERNET"]);
    const before = BigInt(Date.now()) * 1_000_000n;
    await network.sendFrames(mixture);
    await network.sendFrames([...mixture, last], { end: "b" });
    const judged = await tcpdump.packets(2 * mixture.length + 1);
    const { lines, stderr, code } = await program.ended();
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    expect([stderr, code]).toEqual(["", 0]);
    const captures: [string, boolean, number, string][][] = JSON.parse(lines[0] ?? "");
    for (const [index, length] of [65_535, 60].entries()) {
      const packets = captures[index] ?? [];
      expect(packets.map(([hex, truncated, original]) => [hex, truncated, original])).toEqual(
        judged.map(({ hex, originalLength }) => [hex.slice(0, 2 * length), originalLength > length, originalLength]),
      );
      const times = packets.map(([, , , time]) => BigInt(time));
      expect(times.toSorted((a, b) => Number(a - b))).toEqual(times);
      expect((times[0] ?? 0n) >= before && (times.at(-1) ?? after) < after).toBe(true);
    }
  });

  test("captures and sends without the right to load BPF, and is told when the interface goes", async () => {
    await using network = await TestNetwork.create();
    const program = startCapProgram(
      network,
      `
      const { Cap } = require("ringcap/cap");
      const capture = new Cap(), buffer = Buffer.alloc(65535);
      const notes = [];
      capture.on("note", (note) => notes.push(note));
      capture.on("error", (error) => console.log(error.code));
      capture.open("v0", "udp or arp", 1 << 20, buffer);
      console.log(notes.length > 0 && /capturing at packet/.test(notes[0]));
      capture.on("packet", (nbytes) => console.log(buffer.toString("hex", 0, nbytes)));
      capture.send(Buffer.from("${Buffer.from(mixture.at(-1) ?? []).toString("hex")}", "hex"));`,
      { prefix: rootWithNetRaw },
    );
    expect(await program.line()).toBe("true");
    await network.sendFrames(mixture);
    await network.sendFrames([last], { end: "b" });
    const wanted = [mixture[3], mixture[8], last].map((frame) => Buffer.from(frame ?? []).toString("hex"));
    expect([await program.line(), await program.line(), await program.line()]).toEqual(wanted);
    await ip(network, "b", "link delete v0");
    const { lines, stderr, code } = await program.ended();
    expect([lines, stderr, code]).toEqual([["INTERFACE_REMOVED"], "", 0]);
  });
});
