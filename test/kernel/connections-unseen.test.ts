import { expect, test } from "vitest";
import {
  closings,
  collect,
  connectOnce,
  connectTimes,
  listen,
  open,
  openWithPrograms,
} from "../support/followed-connections.ts";
import { describeWith, requirements } from "../support/privileges.ts";

describeWith(requirements.bpf, "a session that follows connections", () => {
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
});
