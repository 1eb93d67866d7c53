/** Incidents in the object store of a real server, and back. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { Objm } from "@nats-io/obj";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import { BUCKET, PART_BYTES, partName } from "../../../src/fleet/evidence/evidence-list.ts";
import { fetchIncident, natsLibrary, Pace, PatientStore, uploadIncident } from "../../../src/fleet/index.ts";
import { natsServer, TestNatsServer } from "../../support/nats-server.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const library = natsLibrary("test");
const INCIDENT = "20261128T144309Z-20000-s";
const web1 = { host: "web1", incident: INCIDENT };
const never = new AbortController().signal;
const fast = new Pace(1e12);

function madeIncident(): string {
  const path = join(temporaryDirectory(), INCIDENT);
  mkdirSync(path);
  writeFileSync(join(path, "incident.json"), '{"version":1}\n');
  writeFileSync(join(path, "empty.html"), "");
  const packets = Buffer.alloc(2 * PART_BYTES + 12_345);
  for (let at = 0; at < packets.length; at += 4)
    packets.writeUInt32LE((at * 2_654_435_761) >>> 0, at & ~3 & (packets.length - 5));
  writeFileSync(join(path, "capture.pcapng"), packets);
  symlinkSync("/etc/passwd", join(path, "link.txt"));
  return path;
}

async function connectionTo({ url }: TestNatsServer): Promise<NatsConnection> {
  const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  onTestFinished(() => connection.close());
  return connection;
}

function storeOf(connection: NatsConnection, signal = never, makes = true) {
  const warnings: string[] = [];
  const store = new PatientStore({ connection, library, makes, signal, warn: (text) => warnings.push(text) });
  return { store, warnings, get: (name: string, most: number) => store.run((opened) => opened.get(name, most)) };
}

const contents = (path: string) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name)).toString("base64")]));

describeWith([requirements.tools(natsServer)], "the evidence of an incident", () => {
  test("comes back byte for byte, though the upload and the server were killed in the middle, and no part is sent twice", async () => {
    const directory = madeIncident();
    const server = await TestNatsServer.start();
    const broken = new AbortController();
    const { store: first } = storeOf(await connectionTo(server), broken.signal);
    const upload = first.run((store) =>
      uploadIncident(directory, store, { host: "web1", pace: new Pace(40e6), signal: broken.signal }),
    );
    upload.catch(() => {});
    const connection = await connectionTo(server);
    const { store } = storeOf(connection);
    const hasFirstPart = async () => {
      const objects = await new Objm(jetstream(connection)).open(BUCKET).catch(() => undefined);
      return (await objects?.info(partName(web1, "capture.pcapng", 0))) ?? undefined;
    };
    await expect.poll(hasFirstPart).toMatchObject({ size: PART_BYTES });
    broken.abort();
    await expect(upload).rejects.toThrow();
    await expect(fetchIncident(storeOf(connection), web1, temporaryDirectory())).rejects.toThrow(/does not have it/);
    const attempts: AbortSignal[] = [];
    const going = store.run((opened, signal) => {
      attempts.push(signal);
      return uploadIncident(directory, opened, { host: "web1", pace: fast, signal });
    });
    await expect.poll(() => attempts, { interval: 1 }).toHaveLength(1);
    await server.kill();
    await server.start();
    const { bytes, sent, files, leftOut } = await going;
    // The one that met the death of the server does not go on beside the next one.
    expect(attempts.map(({ aborted }) => aborted)).toEqual([...attempts.slice(1).map(() => true), false]);
    expect(attempts.length).toBeGreaterThan(1);
    expect({ files, leftOut, bytes }).toEqual({ files: 3, leftOut: ["link.txt"], bytes: 2 * PART_BYTES + 12_345 + 14 });
    expect(sent).toBeLessThanOrEqual(bytes - PART_BYTES + 2000);
    const again = await store.run((opened) =>
      uploadIncident(directory, opened, { host: "web1", pace: fast, signal: never }),
    );
    expect(again.sent).toBe(0);
    const to = temporaryDirectory();
    await server.kill();
    const fetching = fetchIncident(storeOf(connection), web1, to);
    await server.start();
    const fetched = await fetching;
    expect(fetched).toEqual({ directory: join(to, INCIDENT), files: 3, bytes });
    const { "link.txt": _link, ...regular } = contents(directory);
    expect(contents(fetched.directory)).toEqual(regular);
    await expect(fetchIncident(storeOf(connection), web1, to)).rejects.toThrow(/it is there already/);
    expect(await store.run((opened) => opened.hostsOf(INCIDENT))).toEqual(["web1"]);
  });

  test("is refused where the store has other bytes than its list says, more of them, or no bucket", async () => {
    const server = await TestNatsServer.start();
    const connection = await connectionTo(server);
    const to = temporaryDirectory();
    await expect(fetchIncident(storeOf(connection, never, false), web1, to)).rejects.toMatchObject({
      message: expect.stringMatching(/RINGCAP-EVIDENCE: it is not there/),
      hint: "ringcap watch --upload makes it",
    });
    const directory = join(temporaryDirectory(), INCIDENT);
    mkdirSync(directory);
    writeFileSync(join(directory, "incident.json"), "{}\n");
    const patient = storeOf(connection);
    const upload = (path: string) =>
      patient.store.run((store) => uploadIncident(path, store, { host: "web1", pace: fast, signal: never }));
    await expect(upload(join(directory, "none"))).rejects.toMatchObject({
      hint: expect.stringMatching(/^name the dir/),
    });
    await upload(directory);
    const objects = await new Objm(jetstream(connection)).open(BUCKET);
    const part = partName(web1, "incident.json", 0);
    for (const [other, reason] of [
      ["[]\n", /is not what the list says/],
      ["{}\n\n", /more than 3 bytes/],
    ] as const) {
      await objects.putBlob({ name: part }, Buffer.from(other));
      await expect(fetchIncident(patient, web1, to)).rejects.toThrow(reason);
    }
    await objects.delete(part);
    await expect(fetchIncident(patient, web1, to)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/the store does not have it/),
        hint: expect.stringMatching(/fleet upload/),
      }),
    );
    expect(readdirSync(to)).toEqual([]);
    await upload(directory);
    expect(await fetchIncident(patient, web1, to)).toMatchObject({ files: 1 });
  });
});
