/** What the programs that follow connections find in this kernel's structures. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { type ConnectionEvent, connections as follow, halfOpen } from "../../../src/index.ts";
import { ethernet, ipv4, tcp } from "../../support/frames.ts";
import { runOrFail } from "../../support/run.ts";
import { sendFrames } from "../lib/capturing.ts";
import { makePair, receiver } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";

const ADDRESS = "192.0.2.12";
const SYNS = 200;
const REQUEST = 1000;
const RESPONSE = 3000;

export const connections: Job = {
  name: "connections",
  async run(checks) {
    await checks.check("both ends of a connection, with process, bytes, duration and end", connectOnce);
    await makePair();
    await checks.check("a flood of SYNs in the half-open view", floodOnce);
  },
};

/** One connection of this process with itself: the end of each side is told. */
async function connectOnce(): Promise<void> {
  const server = createServer((socket) => socket.once("data", () => socket.end(Buffer.alloc(RESPONSE))));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const session = await follow({ port, count: 2 });
  const client = connect(port, "127.0.0.1", () => client.write(Buffer.alloc(REQUEST)));
  client.resume();
  const events: ConnectionEvent[] = [];
  for await (const batch of session) events.push(...[batch].flat());
  server.close();
  events.sort((a, b) => a.role.localeCompare(b.role));
  const told = events.map(({ type, pid, uid, comm, role, bytesSent, bytesReceived, reason }) => {
    return { type, pid, uid, comm, role, bytesSent, bytesReceived, reason };
  });
  const same = { type: "close", pid: process.pid, uid: 0, comm: "node", reason: "fin" };
  deepEqual(told, [
    { ...same, role: "client", bytesSent: REQUEST, bytesReceived: RESPONSE },
    { ...same, role: "server", bytesSent: RESPONSE, bytesReceived: REQUEST },
  ]);
  for (const { durationNs, rttUs } of events) ok((durationNs ?? 0) > 0 && (rttUs ?? 0) > 0);
}

/** SYNs from addresses that never answer: all are counted. */
async function floodOnce(): Promise<void> {
  const lines = [
    `address add ${ADDRESS}/24 dev ${receiver}`,
    `neighbour replace 192.0.2.11 lladdr 02:00:00:00:00:01 nud permanent dev ${receiver}`,
    `route add default via 192.0.2.11 dev ${receiver}`,
  ];
  await runOrFail("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n` });
  const address = (await runOrFail("cat", [`/sys/class/net/${receiver}/address`])).stdout.trim();
  const server = createServer().listen(0, ADDRESS);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const frames = Array.from({ length: SYNS }, (_, index) => {
    const segment = tcp({ sequence: index, destinationPort: port });
    return ethernet({
      destination: address,
      payload: ipv4({ source: `10.0.0.${index + 1}`, destination: ADDRESS, payload: segment }),
    });
  });
  try {
    let syns = 0;
    let started = () => {};
    const isStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const views = halfOpen({ port, interval: 0.1, duration: 60, onStart: () => started() });
    const first = views.next();
    await isStarted;
    await sendFrames(frames);
    for (let view = await first; !view.done && syns < SYNS; view = await views.next()) {
      for (const listener of view.value.ports) {
        equal(listener.comm, "node");
        equal(listener.pid, process.pid);
        syns += listener.syns;
      }
    }
    await views.return();
    equal(syns, SYNS);
  } finally {
    server.close();
    await runOrFail("ip", ["address", "flush", "dev", receiver]);
  }
}
