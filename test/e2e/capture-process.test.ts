/** Whose packets they are, judged by the programs that sent and received them, and by what tcpdump captured. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ip, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, receiver, tcp } from "../support/frames.ts";
import { type End, networkAddresses, TestNetwork } from "../support/network.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { type Peer, type PeerFactory, peersIn } from "../support/tcp-peers.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "nsenter", "gcc", "setpriv", "tcpdump", "tcpreplay", "editcap", "capinfos"),
];
const addressOf = (text: string) => text.split("/")[0] ?? "";
const client = { ipv4: addressOf(networkAddresses.a[0]), ipv6: addressOf(networkAddresses.a[1]) };
const server = { ipv4: addressOf(networkAddresses.b[0]), ipv6: addressOf(networkAddresses.b[1]) };

let network: TestNetwork;
let peers: PeerFactory;
/** No two tests share one. */
let port = 8100;

/** Starts a capture at an end, without taking cgroups out of its sight as `ip netns exec` does. */
async function startCapture(end: End, args: readonly string[]) {
  const device = end === "a" ? network.sender : network.receiver;
  const prefix = ["nsenter", `--net=/run/netns/${network.namespaces[end]}`];
  const direction = args.includes("-Q") ? [] : ["-Q", "inout"];
  const running = startRingcap(["capture", "-i", device, ...direction, "-U", ...args], { prefix });
  await running.listening();
  const lines = () => running.stdout().toString().split("\n").filter(Boolean);
  return {
    lines,
    /** Waits for so many lines, or packets in a file, and ends the capture. */
    async finish(count = 0) {
      if (count > 0) await expect.poll(() => lines().length).toBeGreaterThanOrEqual(count);
      running.child.kill("SIGINT");
      const { code, stderr } = await running.exit;
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain("show no process");
      return lines();
    },
  };
}

/** Which way a line went, and the process at its end, or none. */
function parse(line: string): { way: string; owner: string | undefined } {
  return { way: / (In|Out) +IP/.exec(line)?.[1] ?? line, owner: / \[([^[\]]+ uid \d+)\]$/.exec(line)?.[1] };
}

function ownerText({ comm, pid }: { comm: string; pid: number }, uid: number): string {
  return `${comm} ${pid} uid ${uid}`;
}

async function connect(from: Peer, to: Peer, address: string): Promise<void> {
  const accepted = to.run("accept");
  expect(await from.run(`connect ${address} ${port}`)).toMatchObject({ errno: "" });
  await accepted;
}

/** A byte in each direction. */
async function exchange(from: Peer, to: Peer): Promise<void> {
  await Promise.all([from.run("send 1"), to.run("receive 1")]);
  await Promise.all([to.run("send 1"), from.run("receive 1")]);
}

describeWith(needed, "a capture that asks for processes", () => {
  beforeAll(async () => {
    network = await TestNetwork.create({ addresses: networkAddresses });
    peers = await peersIn(network);
  });
  afterAll(() => {
    network?.destroy();
    peers?.dispose();
  });
  beforeEach(() => {
    port++;
  });

  test.each([
    ["IPv4", server.ipv4],
    ["IPv6", server.ipv6],
    ["IPv4 on a socket of IPv6", `::ffff:${server.ipv4}`],
  ])(
    "shows the one of its own end with every packet of a connection, in both directions, over %s",
    async (_, address) => {
      const ends = { a: await startCapture("a", ["--process"]), b: await startCapture("b", ["--process"]) };
      const to = await peers.start("b", "the-server", 4242);
      const from = await peers.start("a", "the-client", 4243);
      await to.run(`listen ${address} ${port}`);
      await connect(from, to, address);
      await exchange(from, to);
      // SYN, SYN-ACK, ACK, two bytes: acknowledgements come later.
      const expected = { a: ownerText(from, 4243), b: ownerText(to, 4242) };
      for (const end of ["a", "b"] as const) {
        const packets = (await ends[end].finish(5)).map(parse);
        expect(packets.filter(({ way }) => way === "In").length).toBeGreaterThanOrEqual(2);
        expect(packets.filter(({ way }) => way === "Out").length).toBeGreaterThanOrEqual(2);
        expect(new Set(packets.map(({ owner }) => owner))).toEqual(new Set([expected[end]]));
      }
    },
  );

  test("knows listeners and connections that are older than it", async () => {
    const to = await peers.start("b", "old-server", 4242);
    const from = await peers.start("a", "old-client", 4243);
    await to.run(`listen ${server.ipv4} ${port}`);
    await connect(from, to, server.ipv4);
    const ends = { a: await startCapture("a", ["--process"]), b: await startCapture("b", ["--process"]) };
    await exchange(from, to);
    const newcomer = await peers.start("a", "new-client", 4244);
    await connect(newcomer, to, server.ipv4);
    const atClients = (await ends.a.finish(5)).map((line) => parse(line).owner);
    expect(new Set(atClients)).toEqual(new Set([ownerText(from, 4243), ownerText(newcomer, 4244)]));
    const atServer = (await ends.b.finish(5)).map((line) => parse(line).owner);
    expect(new Set(atServer)).toEqual(new Set([ownerText(to, 4242)]));
  });

  test("shows the process that accepted, not the one that listens, once it has", async () => {
    const capture = await startCapture("b", ["--process", "--port", String(port)]);
    const to = await peers.start("b", "the-master");
    const from = await peers.start("a", "the-client", 4243);
    await to.run(`listen ${server.ipv4} ${port}`);
    const served = to.run("serve-as 4245");
    await from.run(`connect ${server.ipv4} ${port}`);
    await from.run("send 1");
    await from.run("receive 1");
    await from.run("shutdown");
    await served;
    const lines = await capture.finish(6);
    // The byte of the answer was sent after the accept for certain.
    const answer = lines.find((line) => parse(line).way === "Out" && /length 1 /.test(line)) ?? "";
    expect(parse(answer).owner).toMatch(/^worker \d+ uid 4245$/);
    expect(parse(answer).owner).not.toContain(` ${to.pid} `);
    expect(parse(lines[0] ?? "").owner).toBe(ownerText(to, 0));
  });

  test("shows who opened a UDP socket, before or after its start", async () => {
    const to = await peers.start("b", "udp-server", 4242);
    await to.run(`bind ${server.ipv4} ${port}`);
    const ends = { a: await startCapture("a", ["--process"]), b: await startCapture("b", ["--process"]) };
    const from = await peers.start("a", "udp-client", 4243);
    await from.run(`send-to ${server.ipv4} ${port}`);
    await to.run("answer");
    const owners = async (end: End) => (await ends[end].finish(2)).map(parse);
    expect(await owners("b")).toEqual([
      { way: "In", owner: ownerText(to, 4242) },
      { way: "Out", owner: ownerText(to, 4242) },
    ]);
    expect(await owners("a")).toEqual([
      { way: "Out", owner: ownerText(from, 4243) },
      { way: "In", owner: ownerText(from, 4243) },
    ]);
  });

  test("shows none where no socket is local: nobody listens, or the packet goes on to another host", async () => {
    const listening = await peers.start("b", "for-all", 4242);
    await listening.run(`listen 0.0.0.0 ${port}`);
    await ip(network, "b", `route replace 198.51.100.0/24 via ${client.ipv4} dev ${network.receiver}`);
    await network.exec("b", "sh", ["-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
    const capture = await startCapture("b", ["--process", "-Q", "in"]);
    const frameTo = (destination: string, destinationPort: number) => {
      const syn = tcp({ destinationPort, flags: ["syn"] });
      return ethernet({ destination: receiver.mac, payload: ipv4({ source: client.ipv4, destination, payload: syn }) });
    };
    await network.sendFrames([frameTo(server.ipv4, 9), frameTo("198.51.100.7", port), frameTo(server.ipv4, port)]);
    const lines = (await capture.finish(3)).filter((line) => !line.includes("ICMP"));
    await network.exec("b", "sh", ["-c", "echo 0 > /proc/sys/net/ipv4/ip_forward"]);
    const owners = lines.slice(0, 3).map((line) => / \[([a-z][^[\]]*) \d+ uid \d+\]$/.exec(line)?.[1]);
    expect(owners).toEqual([undefined, undefined, "for-all"]);
  });

  test.each([["--pid"], ["--comm"]])(
    "captures with %s exactly what tcpdump has of that process's ports",
    async (option) => {
      const chosen = await peers.start("b", "chosen-server", 4242);
      const other = await peers.start("b", "other-server", 4242);
      const from = await peers.start("a", "the-client", 4243);
      const file = join(temporaryDirectory(), "chosen.pcap");
      const list = option === "--pid" ? `1,${chosen.pid}` : "nobody,chosen-server";
      const capture = await startCapture("b", [option, list, "-w", file, "-s", "0"]);
      const chosenPort = port;
      const tcpdump = await startTcpdump(network, "b", ["-i", network.receiver, "-s", "0", `port ${chosenPort}`]);
      for (const to of [chosen, other]) {
        await to.run(`listen ${server.ipv4} ${port}`);
        await connect(from, to, server.ipv4);
        await exchange(from, to);
        port++;
      }
      await capture.finish();
      const packets = await readPcapWithEditcap(file);
      const judged = await tcpdump.packets(packets.length);
      expect(packets.length).toBeGreaterThanOrEqual(5);
      expect(packets.map(({ hex }) => hex)).toEqual(judged.map(({ hex }) => hex));
    },
  );

  test("is refused by name where it cannot be honoured: without packet lines, and in a replay", async () => {
    const errorOf = async (...words: string[]) => (await startRingcap(words).exit).stderr;
    expect(await errorOf("capture", "--process", "--json")).toMatch(/^ringcap: error: --process: /);
    for (const option of ["--pid", "--comm", "--process"]) {
      expect(await errorOf("replay", "none.pcap", option, "1")).toMatch(`unknown option '${option}'`);
    }
  });
});
