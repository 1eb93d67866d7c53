import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { NatsAccess } from "../../../src/fleet/nats/access-types.ts";
import { natsLibrary } from "../../../src/fleet/nats/library.ts";
import { Spool } from "../../../src/fleet/publish/spool.ts";
import { SpoolTaken, spoolTrouble } from "../../../src/fleet/publish/trouble.ts";
import { makeAuthority, makeCertificate } from "../../support/certificates.ts";
import { makeCredentials } from "../../support/nats-credentials.ts";
import { natsServer, TestNatsServer } from "../../support/nats-server.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { sampleLines, startShipping } from "../../support/shipping.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const library = natsLibrary("test");
const accessOf = ({ port }: { port: number }): NatsAccess => ({ servers: [`127.0.0.1:${port}`] });
const sequences = (from: number, to: number) => sampleLines(from, to).map(({ sequence }) => sequence);
/** What does not come in so many milliseconds never does. */
const soon = <Value>(look: () => Value) => expect.poll(look, { timeout: 20_000 });
const storedIn = async (server: TestNatsServer, options?: object) =>
  (await server.stored(options)).map(({ event }) => event.sequence);

/** Makes the stream as somebody else would. */
async function addStream(server: TestNatsServer, more: object): Promise<void> {
  const connection = await library.transport.connect({ servers: server.url });
  const { streams } = await library.jetstream.jetstreamManager(connection);
  await streams.add({ name: "RINGCAP", subjects: ["ringcap.>"], ...more });
  await connection.close();
}

describeWith([requirements.tools(natsServer, "openssl")], "events on their way to a server", () => {
  test("arrive in their order on their subjects, in a stream that is made for them", async () => {
    const server = await TestNatsServer.start();
    const shipping = startShipping(accessOf(server));
    shipping.shipper.take(sampleLines(1, 40));
    await soon(shipping.published).toBe(40);
    const stored = await server.stored();
    expect(stored.map(({ event }) => JSON.stringify(event))).toEqual(sampleLines(1, 40).map(({ text }) => text));
    for (const { subject, event } of stored) expect(subject).toBe(`ringcap.web1.${event.event}`);
    expect(shipping.said()).toEqual([]);
  });

  test("wait for a server that is killed and comes back, and arrive exactly once", async () => {
    const server = await TestNatsServer.start();
    const shipping = startShipping(accessOf(server));
    shipping.shipper.take(sampleLines(1, 5));
    await soon(shipping.published).toBe(5);
    await server.kill();
    shipping.shipper.take(sampleLines(6, 300));
    await expect
      .poll(shipping.said)
      .toEqual([expect.stringMatching(/cannot be reached.*ECONNREFUSED.*start nats-server/)]);
    await server.start();
    await soon(shipping.published).toBeGreaterThan(100);
    await server.kill();
    shipping.shipper.take(sampleLines(301, 310));
    await server.start();
    await soon(shipping.published).toBe(310);
    expect(await storedIn(server)).toEqual(sequences(1, 310));
    expect(shipping.said().filter((text) => text === "server over").length).toBe(shipping.said().length / 2);
  });

  test("that an earlier process has left are sent before others, also without its marks and after the server forgot their ids", async () => {
    const server = await TestNatsServer.start();
    await addStream(server, { duplicate_window: 100_000_000 });
    const first = startShipping(accessOf(server));
    first.shipper.take(sampleLines(1, 20));
    await soon(first.published).toBe(20);
    first.close();
    const forgotten = performance.now() + 200;
    await soon(() => performance.now() > forgotten).toBe(true);
    const second = startShipping(accessOf(server));
    second.shipper.take(sampleLines(1, 30));
    await soon(second.published).toBe(30);
    expect(await storedIn(server)).toEqual(sequences(1, 30));
  });

  test("go behind those of a spool that a process which was killed still has, and nothing is told of it", async () => {
    const server = await TestNatsServer.start();
    const path = join(temporaryDirectory(), "spool");
    const killed = Spool.open(path, 1 << 20);
    killed?.append(sampleLines(1, 5));
    const shipping = startShipping(accessOf(server), { spool: path });
    shipping.shipper.take(sampleLines(6, 8));
    killed?.close();
    await soon(shipping.published).toBe(8);
    expect(await storedIn(server)).toEqual(sequences(1, 8));
    expect(shipping.said()).toEqual([]);
    shipping.close();
    const other = Spool.open(path, 1 << 20);
    onTestFinished(() => other?.close());
    const locked = startShipping({ servers: ["127.0.0.1:1"] }, { spool: path });
    locked.shipper.take(sampleLines(9, 10));
    locked.close();
    expect(locked.said()).toEqual([]);
    expect(spoolTrouble(new SpoolTaken("another process has it"), path).hint).toMatch(/end the process.*fuser/);
    expect(locked.reports.at(-1)).toMatchObject({ say: "counts", kept: 10, events: 0, dropped: 2 });
  });

  test("are sent though somebody else published in their name that the server had all of them", async () => {
    const server = await TestNatsServer.start();
    await addStream(server, {});
    const connection = await library.transport.connect({ servers: server.url });
    const [forged] = sampleLines(1, 1);
    const text = JSON.stringify({ ...JSON.parse(forged?.text ?? ""), id: "x", sequence: 9e15, event: "health" });
    await library.jetstream.jetstream(connection).publish("ringcap.web1.health", text);
    await connection.close();
    const shipping = startShipping(accessOf(server));
    shipping.shipper.take(sampleLines(1, 5));
    await soon(shipping.published).toBe(5);
    expect(await storedIn(server)).toEqual([9e15, ...sequences(1, 5)]);
  });

  test("are let in by a token, an nkey, credentials, and TLS with a certificate", async () => {
    const directory = temporaryDirectory();
    const authority = makeAuthority(directory, "authority");
    const [own, client] = ["server", "client"].map((name) => makeCertificate(directory, name, authority));
    const read = (path = "") => readFileSync(path, "utf8");
    const tls = { ca: read(authority.certificate), cert: read(client?.certificate), key: read(client?.key) };
    const user = library.transport.nkeys.createUser();
    const { configuration, creds } = makeCredentials();
    const ways: readonly (readonly [string, Partial<NatsAccess>])[] = [
      ["authorization: {token: s3cret}", { token: "s3cret" }],
      [`authorization: {users: [{nkey: ${user.getPublicKey()}}]}`, { nkey: new TextDecoder().decode(user.getSeed()) }],
      [configuration, { creds }],
      [
        `tls: {cert_file: "${own?.certificate}", key_file: "${own?.key}", ca_file: "${authority.certificate}", verify: true}`,
        { tls },
      ],
    ];
    for (const [settings, access] of ways) {
      const server = await TestNatsServer.start({ configuration: settings });
      const refused = startShipping(accessOf(server));
      refused.shipper.take(sampleLines(1, 1));
      await expect.poll(refused.said, { message: settings, timeout: 20_000 }).toHaveLength(1);
      const shipping = startShipping({ ...accessOf(server), ...access });
      shipping.shipper.take(sampleLines(1, 3));
      await soon(() => shipping.said()[0] ?? shipping.published()).toBe(3);
      refused.close();
      await server.kill();
    }
  });
});

describeWith([requirements.tools(natsServer, "openssl")], "a server that does not take events", () => {
  interface Row {
    readonly what: string;
    readonly configuration?: string;
    readonly hasJetStream?: boolean;
    readonly access?: Partial<NatsAccess>;
    readonly before?: (server: TestNatsServer) => Promise<void>;
    readonly says: RegExp;
    readonly hint: RegExp;
  }
  const directory = () => temporaryDirectory();
  const permissions = (publish: string) =>
    `no_auth_user: u\nauthorization: {users: [{user: u, password: p, permissions: {publish: ${publish}, subscribe: ">"}}]}`;

  test.each<Row>([
    {
      what: "wants a token",
      configuration: "authorization: {token: a}",
      says: /does not let this user in: .*Authorization/,
      hint: /--token-file/,
    },
    {
      what: "has another token",
      configuration: "authorization: {token: a}",
      access: { token: "b" },
      says: /does not let this user in/,
      hint: /--nkey-file/,
    },
    { what: "has no JetStream", hasJetStream: false, says: /has no JetStream/, hint: /-js/ },
    { what: "has no TLS", access: { tls: {} }, says: /does not speak TLS/, hint: /leave out tls/ },
    {
      what: "has no room for the stream",
      configuration: "jetstream: {store_dir: STORE, max_file_store: 1M}",
      says: /does not let the stream RINGCAP be made: .*resources/,
      hint: /1 GiB/,
    },
    {
      what: "has the stream for other subjects",
      before: (server) => addStream(server, { subjects: ["other.>"] }),
      says: /does not take these events: stream name already in use/,
      hint: /--subjects/,
    },
    {
      what: "has another stream for a part of the subjects",
      before: (server) => addStream(server, { name: "O", subjects: ["ringcap.*.health"] }),
      says: /does not take these events: subjects overlap/,
      hint: /others by --subject$/,
    },
    {
      what: "has no room in the stream",
      before: (server) => addStream(server, { max_msgs: 1, discard: "new" }),
      says: /does not take the event: maximum messages exceeded/,
      hint: /make room/,
    },
    {
      what: "lets this user publish other subjects",
      configuration: permissions('["other.>", "$JS.API.>"]'),
      says: /does not let this user publish ringcap\.web1/,
      hint: /\$JS\.API/,
    },
    {
      what: "lets this user make no stream",
      configuration: permissions('["ringcap.>"]'),
      says: /does not let this user publish \$JS\.API/,
      hint: /another user's keys/,
    },
  ])(
    "which $what is told once with what to do, and events wait",
    async ({ configuration, hasJetStream, access, before, says, hint }) => {
      const server = await TestNatsServer.start({
        configuration: configuration?.replace("STORE", JSON.stringify(directory())) ?? "",
        hasJetStream: hasJetStream ?? true,
      });
      await before?.(server);
      const shipping = startShipping({ ...accessOf(server), ...access });
      shipping.shipper.take(sampleLines(1, 5));
      await soon(shipping.said).toHaveLength(1);
      const [trouble] = shipping.reports.filter((report) => report.say === "trouble");
      expect(trouble?.message).toMatch(says);
      expect(trouble?.message).not.toMatch(/[\n\r]/);
      expect(trouble?.hint).toMatch(hint);
      shipping.shipper.take(sampleLines(6, 6));
      await soon(() => shipping.reports.at(-1)).toMatchObject({ kept: 6 });
      expect(shipping.reports.at(-1)).toMatchObject({ dropped: 0, events: 6 - shipping.published() });
    },
  );

  test("which has a certificate of another authority is not believed", async () => {
    const path = temporaryDirectory();
    const [right, wrong] = ["right", "wrong"].map((name) => makeAuthority(path, name));
    if (right === undefined || wrong === undefined) throw new Error("there are two");
    const own = makeCertificate(path, "server", right);
    const configuration = `tls: {cert_file: "${own.certificate}", key_file: "${own.key}"}`;
    const server = await TestNatsServer.start({ configuration });
    for (const ca of [readFileSync(wrong.certificate, "utf8"), undefined]) {
      const shipping = startShipping({ ...accessOf(server), tls: { ca } });
      shipping.shipper.take(sampleLines(1, 1));
      await soon(shipping.said).toEqual([expect.stringMatching(/certificate.*not accepted: .*--tls-ca/)]);
      shipping.close();
    }
  });

  test("which accepts connections and says nothing is given up", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close());
    await soon(() => silent.listening).toBe(true);
    const address = silent.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const shipping = startShipping(accessOf({ port }));
    shipping.shipper.take(sampleLines(1, 1));
    await soon(shipping.said).toEqual([expect.stringMatching(/does not answer: .*tries again/)]);
  });

  test("which stops answering in the midst of it gets the rest when it goes on", async () => {
    const server = await TestNatsServer.start();
    let isCut = false;
    const proxy = createServer((near) => {
      const far = connect(server.port, "127.0.0.1");
      near.on("error", () => {}).on("close", () => far.destroy());
      far.on("error", () => {}).on("close", () => near.destroy());
      near.on("data", (data) => isCut || far.write(data));
      far.on("data", (data) => isCut || near.write(data));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void proxy.close());
    await soon(() => proxy.listening).toBe(true);
    const address = proxy.address();
    const shipping = startShipping(accessOf({ port: typeof address === "object" ? (address?.port ?? 0) : 0 }));
    shipping.shipper.take(sampleLines(1, 3));
    await soon(shipping.published).toBe(3);
    isCut = true;
    shipping.shipper.take(sampleLines(4, 6));
    await soon(shipping.said).toEqual([expect.stringMatching(/does not answer/)]);
    isCut = false;
    await soon(shipping.published).toBe(6);
    expect(shipping.said().at(-1)).toBe("server over");
    expect(await storedIn(server)).toEqual(sequences(1, 6));
  });
});
