/** Sessions that follow connections, and the connections that they follow. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, vi } from "vitest";
import { type ConnectionsOptions, checkConnectionsOptions } from "../../src/connections/options.ts";
import { ConnectionPrograms, type TracepointKind } from "../../src/connections/programs.ts";
import { ConnectionsSession } from "../../src/connections/session.ts";
import { type ConnectionEvent, connections } from "../../src/index.ts";

export const comm = readFileSync("/proc/self/comm", "utf8").trim();

/** A server on loopback that closes as soon as the client does. Closed when the test ends. */
export async function listen(host = "127.0.0.1"): Promise<{ server: Server; port: number }> {
  // Where the accept queue overflows, an acknowledgement that comes again may open a connection that no client has.
  const server = createServer((socket) => socket.resume().on("error", () => {})).listen({
    port: 0,
    host,
    backlog: 4096,
  });
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

/** Connects and closes so many times, and resolves when both ends are closed. */
export async function connectTimes(server: Server, port: number, times: number, atOnce = 50): Promise<void> {
  const { address: host } = server.address() as AddressInfo;
  let accepted = 0;
  const closed = new Promise<void>((resolve) => {
    server.on("connection", (socket: Socket) => {
      socket.once("close", () => {
        if (++accepted === times) resolve();
      });
    });
  });
  const one = async () => {
    const socket = connect(port, host);
    await once(socket, "connect");
    socket.end().resume();
    await once(socket, "close");
  };
  for (let done = 0; done < times; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, times - done) }, one));
  }
  await closed;
}

/**
 * The kernel closes a connection when it has taken the acknowledgement of the last segment, which may be after the
 * program's close(2): where softirqs are late, a session that ends at once has not seen it.
 */
export async function closings(session: ConnectionsSession, count: number): Promise<void> {
  await expect.poll(() => session.counters().closed).toBe(count);
}

export async function collect(session: ConnectionsSession): Promise<ConnectionEvent[]> {
  const events: ConnectionEvent[] = [];
  for await (const event of session) events.push(event);
  return events;
}

/** Of this network namespace: elsewhere on the host the same port may be in use. */
export function open(options: ConnectionsOptions): ConnectionsSession {
  const session = connections({ namespace: "own", ...options });
  onTestFinished(() => session.stop());
  return session;
}

/** A session, and the programs that it has in the kernel. */
export function openWithPrograms(options: ConnectionsOptions, kind: TracepointKind = "tp_btf") {
  const start = vi.spyOn(ConnectionPrograms, "start");
  onTestFinished(() => start.mockRestore());
  const session = new ConnectionsSession(checkConnectionsOptions({ namespace: "own", ...options }), [kind]);
  onTestFinished(() => session.stop());
  return { session, programs: start.mock.results[0]?.value as ConnectionPrograms };
}

/** Connects, and resolves when the server has accepted too. */
export async function connectOnce(server: Server, port: number): Promise<{ close: () => Promise<unknown> }> {
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const socket = connect(port, "127.0.0.1");
  const [[other]] = await Promise.all([accepted, once(socket, "connect")]);
  onTestFinished(() => void socket.destroy());
  const close = async () => {
    const closed = [once(socket, "close"), once(other, "close")];
    socket.end().resume();
    await Promise.all(closed);
  };
  return { close };
}
