/** What `ringcap connections` says, judged by what the programs that connected measured themselves, and by ss. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionLine } from "../../src/cli/connection-line.ts";
import { ip } from "../support/capturing.ts";
import { type Following, follow } from "../support/following.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { type Peer, type PeerFactory, type PeerReport, peersIn } from "../support/tcp-peers.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "gcc", "setpriv", "ss")];
const addressOf = (text: string) => text.split("/")[0] ?? "";
const v4 = { client: addressOf(networkAddresses.a[0]), server: addressOf(networkAddresses.b[0]) };
const v6 = { client: addressOf(networkAddresses.a[1]), server: addressOf(networkAddresses.b[1]) };
const TIMEOUT_MILLISECONDS = 400;

/** By CLOCK_MONOTONIC, as the peers' times are. */
const nowNs = () => Number(process.hrtime.bigint());

let network: TestNetwork;
let peers: PeerFactory;
/** No two tests share one: what is left of a former connection does not disturb. */
let port = 7000;

interface Pair {
  readonly server: Peer;
  readonly client: Peer;
  readonly clientPort: number;
}

/** Starts a server and a client as two users, and follows their port from before or after they are connected. */
async function connectPair(address: string, whenFollowed: "first" | "listening" | "connected" = "first") {
  const server = await peers.start("b", "answering-server", 4242);
  const client = await peers.start("a", "asking-client", 4243);
  const args = ["--port", String(port)];
  let following = whenFollowed === "first" ? await follow(args) : undefined;
  await server.run(`listen ${address} ${port}`);
  if (whenFollowed === "listening") following = await follow(args);
  const accepted = server.run("accept");
  const { localPort: clientPort } = await client.run(`connect ${address} ${port}`);
  await accepted;
  following ??= await follow(args);
  return { server, client, clientPort, following };
}

/** Sends in both directions and closes on the client's side first. */
async function converse({ client, server }: Pair): Promise<{ client: PeerReport; server: PeerReport }> {
  await Promise.all([client.run("send 300000"), server.run("receive 300000")]);
  await Promise.all([server.run("send 70001"), client.run("receive 70001")]);
  const ended = server.run("receive 0");
  const clientReport = await client.run("close");
  await ended;
  return { client: clientReport, server: await server.run("close") };
}

/** The lines of both ends, and that there are no others. */
async function bothLines(following: Following): Promise<Record<"client" | "server", ConnectionLine>> {
  await following.lines(2);
  const { lines, code, stderr } = await following.finish();
  expect(lines.map(({ role }) => role).sort(), stderr).toEqual(["client", "server"]);
  expect(code, stderr).toBe(0);
  const of = (role: string) => lines.find((line) => line.role === role) as ConnectionLine;
  return { client: of("client"), server: of("server") };
}

function expectOwner(line: ConnectionLine, peer: Peer, uid: number): void {
  const comm = readFileSync(`/proc/${peer.pid}/comm`, "utf8").trim();
  expect(line).toMatchObject({ pid: peer.pid, tid: peer.pid, uid, comm });
}

/**
 * The kernel's connection lasts at least from when the program has it until the program closes it, and at most from
 * when the client asks for it until its last segment is acknowledged, before its line came.
 */
function expectDuration(line: ConnectionLine, closed: PeerReport, begunNs: number): void {
  const durationNs = line.durationNs ?? Number.NaN;
  expect(durationNs, line.role).toBeGreaterThanOrEqual(closed.calledNs - closed.readyNs);
  expect(durationNs, line.role).toBeLessThan(nowNs() - begunNs);
}

describeWith(needed, "ringcap connections", () => {
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

  describe("has process, user, role, addresses, ports, bytes and duration", () => {
    test.each([
      ["IPv4", 4, v4, v4.server],
      ["IPv6", 6, v6, v6.server],
      ["IPv4 on a socket of IPv6", 4, v4, `::ffff:${v4.server}`],
    ] as const)("over %s", async (_, family, at, asked) => {
      const before = Date.now();
      const { following, ...pair } = await connectPair(asked);
      const said = await converse(pair);
      const { client, server } = await bothLines(following);
      const common = { type: "close", family, reason: "fin", retransmits: 0 };
      const clientEnd = { localAddress: at.client, localPort: pair.clientPort };
      expect(client).toMatchObject({ ...common, ...clientEnd, remoteAddress: at.server, remotePort: port });
      expect(client).toMatchObject({ bytesSent: said.client.sent, bytesReceived: said.client.received });
      expect(server).toMatchObject({ ...common, localAddress: at.server, localPort: port, remoteAddress: at.client });
      expect(server).toMatchObject({ remotePort: pair.clientPort, bytesSent: said.server.sent });
      expect(server).toMatchObject({ bytesReceived: said.server.received, closedBy: "remote" });
      expectOwner(client, pair.client, 4243);
      expectOwner(server, pair.server, 4242);
      expectDuration(client, said.client, said.client.begunNs);
      expectDuration(server, said.server, said.client.begunNs);
      expect(Date.parse(client.time)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(client.time)).toBeLessThanOrEqual(Date.now());
    });

    test("where the listener was there before", async () => {
      const { following, ...pair } = await connectPair(v4.server, "listening");
      const said = await converse(pair);
      const { client, server } = await bothLines(following);
      expectOwner(server, pair.server, 4242);
      expectDuration(server, said.server, said.client.begunNs);
      expectDuration(client, said.client, said.client.begunNs);
    });

    test.each([
      ["IPv4", v4.server],
      ["IPv6", v6.server],
    ])("of a connection that was there before, over %s, but its duration", async (_, address) => {
      const { following, ...pair } = await connectPair(address, "connected");
      const said = await converse(pair);
      const { client, server } = await bothLines(following);
      expectOwner(client, pair.client, 4243);
      expectOwner(server, pair.server, 4242);
      expect(client).toMatchObject({ durationNs: null, bytesSent: said.client.sent, reason: "fin" });
      expect(server).toMatchObject({ durationNs: null, bytesSent: said.server.sent, bytesReceived: said.client.sent });
      expect(client.observedNs).toBeLessThan(nowNs() - said.client.begunNs);
    });

    test("of the process that accepted, when its child serves", async () => {
      const { following, ...pair } = await connectPair(v4.server);
      const served = pair.server.run("fork 5000");
      await pair.client.run("send 1000");
      await pair.client.run("shutdown");
      const received = await pair.client.run("receive 0");
      await pair.client.run("close");
      await served;
      expect(received.received).toBe(5000);
      const { client, server } = await bothLines(following);
      expectOwner(server, pair.server, 4242);
      expect(server).toMatchObject({ bytesSent: 5000, bytesReceived: 1000 });
      expect(client).toMatchObject({ bytesSent: 1000, bytesReceived: 5000 });
    });

    test("of the listener, when nobody accepts, and of the one that accepts, when two share a port", async () => {
      const [first, second] = [await peers.start("b", "first", 4242), await peers.start("b", "second", 4243)];
      const client = await peers.start("a", "client");
      const following = await follow(["--port", String(port)]);
      await first.run(`listen ${v4.server} ${port} reuseport`);
      await client.run(`connect ${v4.server} ${port}`);
      await client.run("reset");
      const [unaccepted] = (await following.lines(2)).filter(({ role }) => role === "server");
      expect(unaccepted).toMatchObject({ pid: first.pid, uid: 4242, comm: "first", reason: "rst", closedBy: "remote" });

      await second.run(`listen ${v4.server} ${port + 1} reuseport`);
      const shared = await follow(["--port", String(port + 1)]);
      const third = await peers.start("b", "third", 4243);
      await third.run(`listen ${v4.server} ${port + 1} reuseport`);
      // The kernel chooses; the other one waits for ever.
      const accepted = Promise.race([second, third].map(async (peer) => [peer, await peer.run("accept")] as const));
      await client.run(`connect ${v4.server} ${port + 1}`);
      const [acceptor] = await accepted;
      await client.run("close");
      await acceptor.run("close");
      const { server } = await bothLines(shared);
      expectOwner(server, acceptor, 4243);
      port++;
    });
  });

  describe("says how a connection ended:", () => {
    test.each([
      ["the client's FIN", "fin", "client", "close", "close"],
      ["the server's FIN", "fin", "server", "close", "close"],
      ["the client's RST", "rst", "client", "reset", "close"],
      ["the server's RST", "rst", "server", "reset", "close"],
    ] as const)("%s", async (_, reason, first, way, answer) => {
      const { following, ...pair } = await connectPair(v4.server);
      const second = first === "client" ? "server" : "client";
      await pair[first].run(way);
      await pair[second].run("receive 0");
      await pair[second].run(answer);
      const lines = await bothLines(following);
      expect(lines[first]).toMatchObject({ reason, closedBy: "local" });
      expect(lines[second]).toMatchObject({ reason, closedBy: "remote" });
    });

    test("RST for data that nobody read", async () => {
      const { following, ...pair } = await connectPair(v4.server);
      await pair.client.run("send 100");
      await pair.server.run("receive 50");
      await pair.server.run("close");
      await pair.client.run("close");
      const { client, server } = await bothLines(following);
      expect(server).toMatchObject({ reason: "rst", closedBy: "local", bytesReceived: 100 });
      expect(client).toMatchObject({ reason: "rst", closedBy: "remote", bytesSent: 100 });
    });

    test("a SYN that is refused", async () => {
      const client = await peers.start("a", "client");
      const following = await follow(["--port", String(port)]);
      expect(await client.run(`connect ${v4.server} ${port}`)).toMatchObject({ errno: "ECONNREFUSED" });
      const [line] = await following.lines(1);
      expect(line).toMatchObject({ reason: "refused", closedBy: "remote", role: "client", bytesSent: 0, rttUs: null });
      expect(line).toMatchObject({ pid: client.pid, remoteAddress: v4.server, remotePort: port, handshakeNs: null });
    });

    test("a SYN without an answer, and a peer that fell silent, after the programs' timeouts", async () => {
      const server = await peers.start("b", "server");
      const client = await peers.start("a", "client");
      const unanswered = await peers.start("a", "unanswered");
      const following = await follow(["--port", String(port)]);
      await server.run(`listen ${v4.server} ${port}`);
      const accepted = server.run("accept");
      await client.run(`connect ${v4.server} ${port} ${TIMEOUT_MILLISECONDS}`);
      await accepted;
      // From here on frames have an address that is nobody's.
      await ip(network, "a", `neighbour replace ${v4.server} lladdr 02:00:00:00:00:99 nud permanent dev v1`);
      await client.run("send 10");
      const waited = client.run("receive 0");
      const tried = unanswered.run(`connect ${v4.server} ${port} ${TIMEOUT_MILLISECONDS}`);
      expect(await waited).toMatchObject({ errno: "ETIMEDOUT" });
      expect(await tried).toMatchObject({ errno: "ETIMEDOUT" });
      const lines = await following.lines(2);
      await ip(network, "a", `neighbour replace ${v4.server} lladdr 02:00:00:00:00:02 nud permanent dev v1`);
      expect(lines.find(({ pid }) => pid === client.pid)).toMatchObject({ reason: "timeout", closedBy: null });
      const unansweredLine = lines.find(({ pid }) => pid === unanswered.pid);
      expect(unansweredLine).toMatchObject({ reason: "syn-unanswered", closedBy: null, bytesSent: 0 });
      expect(unansweredLine?.localPort).toBeGreaterThan(0);
      const { begunNs } = await tried;
      expect(unansweredLine?.durationNs).toBeGreaterThan(TIMEOUT_MILLISECONDS * 1e6);
      expect(unansweredLine?.durationNs).toBeLessThan(nowNs() - begunNs);
    });
  });
});
