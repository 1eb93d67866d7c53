import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConnectionLine, follow } from "../support/following.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { type Peer, type PeerReport, peersIn } from "../support/tcp-peers.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "gcc", "setpriv", "ss")];
const addressOf = (text: string) => text.split("/")[0] ?? "";
const v4 = { client: addressOf(networkAddresses.a[0]), server: addressOf(networkAddresses.b[0]) };
const v6 = { client: addressOf(networkAddresses.a[1]), server: addressOf(networkAddresses.b[1]) };
const MILLISECOND = 1e6;

let network: TestNetwork;
/** No two tests share one: what is left of a former connection does not disturb. */
let port = 7000;

beforeAll(async () => {
  network = await TestNetwork.create({ addresses: networkAddresses });
});
afterAll(() => network?.destroy());

/** Sends in both directions and closes on the client's side first. */
async function converse(client: Peer, server: Peer): Promise<{ client: PeerReport; server: PeerReport }> {
  await Promise.all([client.run("send 300000"), server.run("receive 300000")]);
  await Promise.all([server.run("send 70001"), client.run("receive 70001")]);
  const ended = server.run("receive 0");
  const clientReport = await client.run("close");
  await ended;
  return { client: clientReport, server: await server.run("close") };
}

function lineOf(lines: readonly ConnectionLine[], role: string): ConnectionLine | undefined {
  return lines.find((line) => line.role === role);
}

describeWith(needed, "the line of a connection", () => {
  test.each([
    ["IPv4", 4, v4],
    ["IPv6", 6, v6],
  ] as const)(
    "over %s has process, user, addresses, bytes and duration as the programs have",
    async (_, family, at) => {
      port++;
      const peers = await peersIn(network);
      const server = await peers.start("b", "answering-server", 4242);
      const client = await peers.start("a", "asking-client", 4243);
      const following = await follow(["--port", String(port)]);
      await server.run(`listen ${at.server} ${port}`);
      const accepted = server.run("accept");
      const { localPort } = await client.run(`connect ${at.server} ${port}`);
      await accepted;
      const said = await converse(client, server);
      const lines = await following.lines(2);

      const common = { type: "close", family, reason: "fin", retransmits: 0 };
      expect(lineOf(lines, "client")).toMatchObject({
        ...common,
        pid: client.pid,
        tid: client.pid,
        uid: 4243,
        comm: "asking-client",
        localAddress: at.client,
        localPort,
        remoteAddress: at.server,
        remotePort: port,
        bytesSent: said.client.sent,
        bytesReceived: said.client.received,
        closedBy: "local",
      });
      expect(lineOf(lines, "server")).toMatchObject({
        ...common,
        pid: server.pid,
        uid: 4242,
        comm: "answering-serve",
        localAddress: at.server,
        localPort: port,
        remoteAddress: at.client,
        remotePort: localPort,
        bytesSent: said.server.sent,
        bytesReceived: said.server.received,
        closedBy: "remote",
      });
      for (const role of ["client", "server"] as const) {
        const difference = Math.abs((lineOf(lines, role)?.durationNs ?? 0) - said[role].durationNs);
        expect(difference, role).toBeLessThan(MILLISECOND);
      }
      expect(await following.finish()).toMatchObject({ code: 0, lines: { length: 2 } });
    },
  );
});
