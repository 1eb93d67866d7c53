/** Events of a real server as files: each of them once, whatever is killed. */

import { once } from "node:events";
import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, relative } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import type { FleetEvent } from "../../../src/fleet/events/fleet-event.ts";
import { subjectOf } from "../../../src/fleet/events/subject.ts";
import {
  connectPatiently,
  EventFiles,
  FollowedEvents,
  natsLibrary,
  readNatsAccess,
  writeEvents,
} from "../../../src/fleet/index.ts";
import { makeStream, STREAM } from "../../../src/fleet/nats/stream.ts";
import { askDuckDb, filesOf } from "../../support/fleet.ts";
import { natsServer, TestNatsServer } from "../../support/nats-server.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { BODIES, sampleEvent } from "../../support/sample-events.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const library = natsLibrary("test");
const TEMPLATE = "ringcap.{host}.{event}";

/** A connection that is closed when the test ends. */
async function connectionTo({ url }: TestNatsServer): Promise<NatsConnection> {
  const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  onTestFinished(() => connection.close());
  return connection;
}

/** Events of so many hosts. @param from the number of the first one */
function eventsFrom(from: number, count: number): FleetEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const [body] = BODIES.slice((from + index) % BODIES.length);
    if (body === undefined) throw new Error("no event");
    return sampleEvent(body, from + index, `web${index % 3}`);
  });
}

const subjectFor = ({ host, event }: FleetEvent) => subjectOf(TEMPLATE, host, event);

async function publisher(server: TestNatsServer) {
  const connection = await connectionTo(server);
  await makeStream(await jetstreamManager(connection), TEMPLATE);
  const streams = jetstream(connection);
  return async (events: readonly (FleetEvent | string)[]) => {
    for (const event of events) {
      const [text, subject] =
        typeof event === "string" ? [event, "ringcap.bad.health"] : [JSON.stringify(event), subjectFor(event)];
      await streams.publish(subject, text);
    }
  };
}

interface Following {
  readonly files: EventFiles;
  readonly warnings: string[];
  /** Stops reading. */
  stop(): Promise<FollowedEvents>;
}

async function follow(server: TestNatsServer, directory: string, every = 20): Promise<Following> {
  const stop = new AbortController();
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const common = { stream: STREAM, signal: stop.signal, warn };
  const files = await EventFiles.open({ ...common, directory, every });
  const connection = await connectionTo(server);
  const writing = writeEvents(files, { ...common, connection, library, since: undefined });
  return {
    files,
    warnings,
    stop: async () => {
      stop.abort();
      const events = await writing;
      await files.close();
      return events;
    },
  };
}

async function idsIn(directory: string): Promise<string[]> {
  const rows = await askDuckDb(`SELECT id FROM ${filesOf(directory, "events")} ORDER BY id`);
  return rows.map(({ id }) => String(id));
}

const idsOf = (events: readonly FleetEvent[]) => events.map(({ id }) => id).sort();
const filesBelow = (directory: string) => readdirSync(directory, { recursive: true, encoding: "utf8" });

test("a portion that could not be written keeps the position in front of it, and so do all that follow", async () => {
  const directory = temporaryDirectory();
  const [first, second] = eventsFrom(1, 2);
  if (first === undefined || second === undefined) throw new Error("no events");
  const day = join(directory, `table=events/date=${first.time.slice(0, 10)}`);
  mkdirSync(day, { recursive: true });
  // A file in the place of a directory stands for a disk that is full for one portion, and has room for the next one.
  writeFileSync(join(day, `host=${first.host}`), "");
  const stop = new AbortController();
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const files = await EventFiles.open({ directory, stream: STREAM, signal: stop.signal, warn, every: 1 });
  const events = new FollowedEvents();
  const add = (event: FleetEvent, sequence: number) =>
    files.add(
      { created: "x", sequence, heard: 1 },
      events.take({ payload: Buffer.from(JSON.stringify(event)), subject: subjectFor(event) }),
    );
  await add(first, 1);
  await expect.poll(() => warnings).toEqual([expect.stringMatching(/^events wait for the disk: /)]);
  await add(second, 2);
  stop.abort();
  await files.close();
  expect(files).toMatchObject({ hasGivenUp: true, rows: 0, position: undefined });
  expect(filesBelow(directory).filter((name) => /parquet|json/.test(name))).toEqual([]);
});

test("events of 201 hosts that speak in turn become a file for each host, and no partial file is left", async () => {
  const directory = temporaryDirectory();
  const signal = new AbortController().signal;
  const files = await EventFiles.open({ directory, stream: STREAM, signal, warn: () => {}, every: 3_600_000 });
  const events = new FollowedEvents();
  for (const [index, event] of eventsFrom(1, 603).entries()) {
    const spoken = { ...event, host: `web${index % 201}` };
    const message = { payload: Buffer.from(JSON.stringify(spoken)), subject: subjectFor(spoken) };
    await files.add({ created: "x", sequence: index + 1, heard: 1 }, events.take(message));
  }
  await files.close();
  expect(files).toMatchObject({ rows: 603, files: 201, position: { sequence: 603 } });
  expect(filesBelow(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

test("a server that says nothing is waited for until the signal, and no longer", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const stop = new AbortController();
  silent.once("connection", () => stop.abort());
  const ignore = () => {};
  const access = readNatsAccess(`nats://127.0.0.1:${port}`, "<servers>", {}, library);
  const options = { access, library, name: "test", signal: stop.signal, note: ignore, warn: ignore };
  const began = performance.now();
  expect(await connectPatiently(options)).toBeUndefined();
  // The library itself gives up after five seconds.
  expect(performance.now() - began).toBeLessThan(4000);
});

describeWith([requirements.tools(natsServer)], "events", () => {
  test("are in the table once, behind a kill of the server and restarts, with repeated ids and messages that are none", async () => {
    const directory = temporaryDirectory();
    const server = await TestNatsServer.start();
    const publish = await publisher(server);
    const [first, second, third] = [eventsFrom(1, 20), eventsFrom(21, 20), eventsFrom(41, 20)];
    await publish(first);
    const following = await follow(server, directory);
    await expect.poll(() => following.files.rows).toBe(20);
    await server.kill();
    await server.start();
    const publishAgain = await publisher(server);
    await publishAgain(["no event", ...second]);
    await expect.poll(() => following.files.rows).toBe(40);
    const { refused } = await following.stop();
    expect(refused.text()).toMatch(/^1 message is no event of this version: 1 no JSON$/);
    expect(following.warnings).toEqual([]);
    // These come once more, as from a publisher that did not hear that the server had them.
    await publishAgain([...first, ...second.slice(0, 5), ...third]);
    const again = await follow(server, directory);
    await expect.poll(() => again.files.rows).toBe(20);
    expect((await again.stop()).refused.repeated).toBe(25);
    expect(await idsIn(directory)).toEqual(idsOf([...first, ...second, ...third]));
    const counts = await askDuckDb(
      `SELECT host, count(*) AS events FROM ${filesOf(directory, "events")} GROUP BY host ORDER BY host`,
    );
    expect(counts.map(({ events }) => events)).toEqual([21n, 21n, 18n]);
  });

  test("of a portion get their names when the command was killed in front of that, and are written again when it was not finished", async () => {
    const directory = temporaryDirectory();
    const server = await TestNatsServer.start();
    const publish = await publisher(server);
    const events = eventsFrom(1, 9);
    await publish(events);
    const following = await follow(server, directory);
    await expect.poll(() => following.files.rows).toBe(9);
    await following.stop();
    const path = join(directory, "events-RINGCAP.json");
    const place = JSON.parse(readFileSync(path, "utf8"));
    // As a kill behind the commit leaves it: the files are complete, one has no name yet, one has both, and the name of one is taken.
    const [file, both, taken] = place.files;
    renameSync(join(directory, file.path), join(directory, file.partial));
    linkSync(join(directory, both.path), join(directory, both.partial));
    renameSync(join(directory, taken.path), join(directory, taken.partial));
    writeFileSync(join(directory, taken.path), "of somebody else");
    const recovered = await follow(server, directory);
    expect(filesBelow(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
    await recovered.stop();
    expect(readFileSync(join(directory, taken.path), "utf8")).toBe("of somebody else");
    renameSync(join(directory, taken.path.replace(".parquet", "-1.parquet")), join(directory, taken.path));
    expect(await idsIn(directory)).toEqual(idsOf(events));
    // As a kill in front of the commit leaves it: files without names, of which no place knows.
    for (const { path: name, partial } of place.files) renameSync(join(directory, name), join(directory, partial));
    writeFileSync(path, JSON.stringify({ ...place, sequence: 0, files: [] }));
    const ofAnother = join(directory, file.partial.replace("-RINGCAP-", "-OTHER-RINGCAP-"));
    writeFileSync(ofAnother, "of a follower of another stream");
    const repeated = await follow(server, directory);
    expect(filesBelow(directory).filter((name) => name.endsWith(".partial"))).toEqual([relative(directory, ofAnother)]);
    await expect.poll(() => repeated.files.rows).toBe(9);
    await expect(
      EventFiles.open({ directory, stream: STREAM, signal: new AbortController().signal, warn: () => {} }),
    ).rejects.toThrow(/another process does that/);
    await repeated.stop();
    expect(await idsIn(directory)).toEqual(idsOf(events));
    writeFileSync(path, JSON.stringify({ ...place, files: [{ path: "../x.parquet", partial: "../x.partial" }] }));
    await expect(follow(server, directory)).rejects.toThrow(/it is not what ringcap fleet follow writes/);
  });

  test("of a stream that is made anew are read from its beginning, and a stream that is missing is waited for", async () => {
    const directory = temporaryDirectory();
    const server = await TestNatsServer.start();
    const following = await follow(server, directory);
    await expect.poll(() => following.warnings).toEqual([expect.stringMatching(/ringcap watch --publish makes it/)]);
    const publish = await publisher(server);
    await publish(eventsFrom(1, 5));
    await expect.poll(() => following.files.rows).toBe(5);
    await following.stop();
    const manager = await jetstreamManager(await connectionTo(server));
    await manager.streams.delete(STREAM);
    await makeStream(manager, TEMPLATE);
    await publish(eventsFrom(6, 2));
    const anew = await follow(server, directory);
    await expect.poll(() => anew.files.rows).toBe(2);
    await anew.stop();
    expect(anew.warnings).toEqual(["the stream RINGCAP was made anew: it is read from its beginning"]);
    await publish(eventsFrom(8, 3));
    await manager.streams.purge(STREAM);
    await publish(eventsFrom(11, 1));
    const later = await follow(server, directory);
    await expect.poll(() => later.files.rows).toBe(1);
    await later.stop();
    expect(later.warnings).toEqual(["the stream RINGCAP has removed 3 messages before they were read"]);
    expect(await idsIn(directory)).toHaveLength(8);
  });

  test("that have the numbers of others which the server lost are in the table, and no event is in it twice", async () => {
    const directory = temporaryDirectory();
    const base = temporaryDirectory();
    const [store, copy] = [join(base, "store"), join(base, "copy")];
    const server = await TestNatsServer.start({ store });
    const publishFive = await publisher(server);
    await publishFive(eventsFrom(1, 5));
    await server.kill();
    cpSync(store, copy, { recursive: true, preserveTimestamps: true });
    await server.start();
    const [lost, second, third] = [eventsFrom(6, 5), eventsFrom(21, 7), eventsFrom(31, 7)];
    const publish = await publisher(server);
    await publish(lost);
    const loseLast = async () => {
      await server.kill();
      rmSync(store, { recursive: true });
      cpSync(copy, store, { recursive: true, preserveTimestamps: true });
      await server.start();
      return publisher(server);
    };
    const following = await follow(server, directory);
    await expect.poll(() => following.files.rows).toBe(10);
    await (await loseLast())(second);
    await expect.poll(() => following.files.rows).toBe(17);
    await following.stop();
    await (await loseLast())(third);
    const again = await follow(server, directory);
    await expect.poll(() => again.files.rows).toBe(7);
    await again.stop();
    const told = ["the server lost the last messages of the stream RINGCAP, and gives their numbers again"];
    expect([following.warnings, again.warnings]).toEqual([told, told]);
    expect(await idsIn(directory)).toEqual(idsOf([...eventsFrom(1, 5), ...lost, ...second, ...third]));
  });
});
