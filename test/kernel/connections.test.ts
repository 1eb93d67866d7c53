/** Following connections with the library: what is told, counted, filtered and lost. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { type ConnectionsOptions, checkConnectionsOptions } from "../../src/connections/options.ts";
import { ConnectionPrograms, type TracepointKind } from "../../src/connections/programs.ts";
import { ConnectionsSession } from "../../src/connections/session.ts";
import { type ConnectionEvent, connections } from "../../src/index.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const comm = readFileSync("/proc/self/comm", "utf8").trim();

/** A server on loopback that closes as soon as the client does. Closed when the test ends. */
async function listen(host = "127.0.0.1"): Promise<{ server: Server; port: number }> {
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
async function connectTimes(server: Server, port: number, times: number, atOnce = 50): Promise<void> {
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
async function closings(session: ConnectionsSession, count: number): Promise<void> {
  await expect.poll(() => session.counters().closed).toBe(count);
}

async function collect(session: ConnectionsSession): Promise<ConnectionEvent[]> {
  const events: ConnectionEvent[] = [];
  for await (const event of session) events.push(event);
  return events;
}

/** Of this network namespace: elsewhere on the host the same port may be in use. */
function open(options: ConnectionsOptions): ConnectionsSession {
  const session = connections({ namespace: "own", ...options });
  onTestFinished(() => session.stop());
  return session;
}

/** A session, and the programs that it has in the kernel. */
function openWithPrograms(options: ConnectionsOptions, kind: TracepointKind = "tp_btf") {
  const start = vi.spyOn(ConnectionPrograms, "start");
  onTestFinished(() => start.mockRestore());
  const session = new ConnectionsSession(checkConnectionsOptions({ namespace: "own", ...options }), [kind]);
  onTestFinished(() => session.stop());
  return { session, programs: start.mock.results[0]?.value as ConnectionPrograms };
}

/** Connects, and resolves when the server has accepted too. */
async function connectOnce(server: Server, port: number): Promise<{ close: () => Promise<unknown> }> {
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

describeWith(requirements.bpf, "a session that follows connections", () => {
  test.each(["tp_btf", "raw_tp"] as const)("tells the end of each connection on both sides (%s)", async (kind) => {
    const { server, port } = await listen();
    const session = new ConnectionsSession(checkConnectionsOptions({ port, namespace: "own" }), [kind]);
    const events = collect(session);
    await connectTimes(server, port, 500);
    await closings(session, 1000);
    await session.stop();
    const told = await events;
    expect(session.tracepoint).toBe(kind);
    expect(session.counters()).toEqual({
      ...{
        opened: 1000,
        closed: 1000,
        told: 1000,
        lost: 0,
        overLimit: 0,
        lostEvents: 0,
        evicted: 0,
        missed: 0,
        open: 0,
      },
    });
    for (const role of ["client", "server"]) {
      const ofRole = told.filter((event) => event.role === role);
      expect(ofRole).toHaveLength(500);
      expect(ofRole.every((event) => event.pid === process.pid && event.comm === comm && event.reason === "fin")).toBe(
        true,
      );
    }
    if (kind === "tp_btf") expect(new Set(told.map(({ cookie }) => cookie)).size).toBe(1000);
  });

  test("tells every change of state in order, with events", async () => {
    const { server, port } = await listen("::1");
    const session = open({ port, events: true });
    const events = collect(session);
    await connectTimes(server, port, 1);
    await closings(session, 2);
    await session.stop();
    const told = await events;
    const types = (role: string) => told.filter((event) => event.role === role).map(({ type }) => type);
    expect(types("client")).toEqual(["syn-sent", "established", "fin-wait-1", "fin-wait-2", "close"]);
    expect(types("server")).toEqual(["syn-received", "established", "accept", "close-wait", "last-ack", "close"]);
  });

  test("counts what found the ring full, and what it tells and counts is what was closed", async () => {
    const { server, port } = await listen();
    const session = open({ port, events: true, bufferSize: 1 });
    await connectTimes(server, port, 1000);
    await closings(session, 2000);
    session.requestStop();
    const events = await collect(session);
    const { closed, told, lost, lostEvents } = session.counters();
    expect(lost).toBeGreaterThan(0);
    expect(lostEvents).toBeGreaterThan(0);
    expect(closed).toBe(2000);
    expect(told + lost).toBe(2000);
    expect(events.filter(({ type }) => type === "close")).toHaveLength(told);
    expect(events.length + lost + lostEvents).toBe(1000 * 11);
  });

  test("counts connections that had no room in the table, and tells their end all the same", async () => {
    const { server, port } = await listen();
    const times = 2000;
    const session = open({ port, maxConnections: 1024 });
    const events = collect(session);
    await connectTimes(server, port, times, times);
    await closings(session, 2 * times);
    await session.stop();
    const told = await events;
    const { evicted, ...counters } = session.counters();
    expect(counters).toMatchObject({ opened: 2 * times, closed: 2 * times, told: 2 * times, lost: 0, open: 0 });
    expect(evicted).toBeGreaterThan(0);
    const forgotten = told.filter(({ durationNs }) => durationNs === null);
    expect(forgotten.length).toBe(evicted);
    expect(forgotten.every(({ uid, reason }) => uid === process.getuid?.() && reason === "fin")).toBe(true);
  });

  test.each(["tp_btf", "raw_tp"] as const)("counts connections that ended unseen as missed (%s)", async (kind) => {
    const { server, port } = await listen();
    const { session, programs } = openWithPrograms({ port }, kind);
    const events = collect(session);
    const [seen, unseen] = [await connectOnce(server, port), await connectOnce(server, port)];
    await connectOnce(server, port);
    await seen.close();
    await closings(session, 2);
    programs.detach();
    await unseen.close();
    await expect
      .poll(() => {
        programs.findMissed();
        return session.counters().missed;
      })
      .toBe(2);
    await session.stop();
    expect(await events).toHaveLength(2);
    expect(session.counters()).toMatchObject({
      opened: 6,
      closed: 2,
      told: 2,
      missed: 2,
      open: 2,
      evicted: 0,
      lost: 0,
    });
  });

  test("counts as missed only what passes its filter of owners", async () => {
    const { server, port } = await listen();
    const { session, programs } = openWithPrograms({ port, pid: process.ppid });
    const connection = await connectOnce(server, port);
    programs.detach();
    await connection.close();
    await expect
      .poll(() => {
        programs.findMissed();
        return session.counters().open;
      })
      .toBe(0);
    await session.stop();
    expect(session.counters()).toMatchObject({ opened: 2, closed: 0, missed: 0, open: 0, evicted: 0 });
  });

  test.each(["tp_btf", "raw_tp"] as const)(
    "takes nothing for missed that is told, however often it looks (%s)",
    async (kind) => {
      const { server, port } = await listen();
      const { session, programs } = openWithPrograms({ port }, kind);
      const events = collect(session);
      const times = 2000;
      let done = false;
      let looks = 0;
      const finished = connectTimes(server, port, times).finally(() => {
        done = true;
      });
      for (; !done; looks++) {
        programs.findMissed();
        await nextTurn();
      }
      await finished;
      await expect
        .poll(() => {
          const { closed, missed } = session.counters();
          return closed + missed;
        })
        .toBe(2 * times);
      await session.stop();
      const told = (await events).length;
      const { missed, ...counters } = session.counters();
      expect(looks).toBeGreaterThan(10);
      expect(told + missed).toBe(2 * times);
      expect(counters).toMatchObject({ opened: 2 * times, closed: told, told, open: 0, evicted: 0, lost: 0 });
    },
  );

  const rows: readonly (readonly [string, (port: number) => ConnectionsOptions, number])[] = [
    ["the port", (port) => ({ port }), 2],
    ["a range of ports", (port) => ({ port: `${port}-${port}` }), 2],
    ["another port", (port) => ({ port: port ^ 1 }), 0],
    ["the address", (port) => ({ port, host: "127.0.0.1" }), 2],
    ["another address", (port) => ({ port, host: "127.0.0.2,::1" }), 0],
    ["the network", (port) => ({ port, network: "127.0.0.0/8" }), 2],
    ["another network", (port) => ({ port, network: "10.0.0.0/8,fd00::/8" }), 0],
    ["the version of IP", (port) => ({ port, ipVersion: 4 }), 2],
    ["the other version of IP", (port) => ({ port, ipVersion: 6 }), 0],
    ["the process", (port) => ({ port, pid: process.pid }), 2],
    ["another process", (port) => ({ port, pid: process.ppid }), 0],
    ["the name of the process", (port) => ({ port, comm: ["nobody", comm] }), 2],
    ["another name", (port) => ({ port, comm: `${comm.slice(0, 14)}+` }), 0],
  ];
  test.each(rows)("that filters by %s tells what matches", async (_, options, expected) => {
    const { server, port } = await listen();
    const session = open(options(port));
    const witness = open({ port });
    await connectTimes(server, port, 1);
    await closings(witness, 2);
    session.requestStop();
    expect(await collect(session)).toHaveLength(expected);
    expect(session.counters()).toMatchObject({ closed: expected, told: expected });
  });

  test("ends after the wanted count, when its signal says so, and when the reader leaves", async () => {
    const { server, port } = await listen();
    const counted = open({ port, count: 3 });
    const three = collect(counted);
    const abort = new AbortController();
    const aborted = open({ port, signal: abort.signal });
    const all = collect(aborted);
    const ignored = open({ port, signal: abort.signal });
    const left = open({ port });
    await connectTimes(server, port, 5);
    await closings(left, 10);
    expect(await three).toHaveLength(3);
    expect(counted.counters()).toMatchObject({ told: 3 });
    abort.abort();
    expect(await all).toHaveLength(10);
    expect(ignored.counters()).toMatchObject({ told: 0, closed: 10, overLimit: 10 });
    for await (const event of left) {
      expect(event.type).toBe("close");
      break;
    }
    expect(left.counters()).toMatchObject({ told: 1, closed: 10, overLimit: 9 });
  });

  test("has command line, parent and cgroup of the process, with details", async () => {
    const { server, port } = await listen();
    const session = open({ port, details: true });
    await connectTimes(server, port, 1);
    await closings(session, 2);
    session.requestStop();
    const events = await collect(session);
    expect(events).toHaveLength(2);
    const words = readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
    for (const event of events) {
      expect(event.process?.commandLine).toBe(words.join(" ").slice(0, 512));
      expect(event.process?.parentPid).toBe(process.ppid);
      expect(readFileSync("/proc/self/cgroup", "utf8")).toContain(event.process?.cgroup ?? "none");
      expect(event.process?.containerId).toBeNull();
    }
  });

  test("cannot be iterated twice, and one whose signal has been aborted does not start", async () => {
    const session = open({ port: 1 });
    await session.stop();
    expect(await collect(session)).toEqual([]);
    await expect(collect(session)).rejects.toThrow(/it can be done once/);
    expect(() => connections({ signal: AbortSignal.abort() })).toThrow(/abort/);
  });
});
