/** Events of a real server as files: each of them once, whatever is killed. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import type { FleetEvent } from "../../../src/fleet/events/fleet-event.ts";
import { EventFiles, type FollowedEvents, natsLibrary, writeEvents } from "../../../src/fleet/index.ts";
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

async function publisher(server: TestNatsServer) {
  const connection = await connectionTo(server);
  await makeStream(await jetstreamManager(connection), TEMPLATE);
  const streams = jetstream(connection);
  return async (events: readonly (FleetEvent | string)[]) => {
    for (const event of events) {
      const [text, host] = typeof event === "string" ? [event, "bad"] : [JSON.stringify(event), event.host];
      await streams.publish(`ringcap.${host}.event`, text);
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
    // As a kill behind the commit leaves it: the files are complete, and one of them has no name yet.
    const [file] = place.files;
    renameSync(join(directory, file.path), join(directory, file.partial));
    const recovered = await follow(server, directory);
    expect(filesBelow(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
    await recovered.stop();
    expect(await idsIn(directory)).toEqual(idsOf(events));
    // As a kill in front of the commit leaves it: files without names, of which no place knows.
    for (const { path: name, partial } of place.files) renameSync(join(directory, name), join(directory, partial));
    writeFileSync(path, JSON.stringify({ ...place, sequence: 0, files: [] }));
    const repeated = await follow(server, directory);
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
});
