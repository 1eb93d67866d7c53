import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { type ConnectionsOptions, checkConnectionsOptions } from "../../src/connections/options.ts";
import { ConnectionsSession } from "../../src/connections/session.ts";
import { connections } from "../../src/index.ts";
import {
  closings,
  collect,
  comm,
  connectTimes,
  listen,
  open,
  openWithPrograms,
} from "../support/followed-connections.ts";
import { describeWith, requirements } from "../support/privileges.ts";

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

  test.each(["tp_btf", "raw_tp"] as const)(
    "takes nothing for missed that is told, however often it looks (%s)",
    async (kind) => {
      const { server, port } = await listen();
      // A look walks over the whole table, which is small here, so that many take little time.
      const { session, programs } = openWithPrograms({ port, maxConnections: 4096 }, kind);
      const events = collect(session);
      const times = 1000;
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

  test("that filters tells what matches, by each of the filters", async () => {
    const { server, port } = await listen();
    const sessions = rows.map(([name, options, expected]) => ({
      name,
      session: open({ ...options(port), maxConnections: 1024 }),
      expected,
    }));
    const witness = open({ port, maxConnections: 1024 });
    await connectTimes(server, port, 1);
    await closings(witness, 2);
    for (const { name, session, expected } of sessions) {
      session.requestStop();
      expect(await collect(session), name).toHaveLength(expected);
      expect(session.counters(), name).toMatchObject({ closed: expected, told: expected });
    }
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
