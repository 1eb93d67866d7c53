/** A watch that publishes its events to a real nats-server. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FleetEvent } from "../../src/fleet/events/fleet-event.ts";
import { eventLine } from "../../src/fleet/publish/event-line.ts";
import { Publisher, type PublishTelling } from "../../src/fleet/publish/publisher.ts";
import { ip } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { natsServer, TestNatsServer } from "../support/nats-server.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { NO_CAPABILITY, privilegesOfThreads } from "../support/process-privileges.ts";
import { main } from "../support/ringcap-process.ts";
import { BODIES, sampleEvent, WATCH } from "../support/sample-events.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { readIncident, startWatch } from "../support/watching.ts";

const TOKEN = "s3cret";
const soon = <Value>(look: () => Value) => expect.poll(look, { timeout: 60_000 });
type Kind<Name extends FleetEvent["event"]> = Extract<FleetEvent, { event: Name }>;
const of = <Name extends FleetEvent["event"]>(events: readonly FleetEvent[], name: Name) =>
  events.filter((event): event is Kind<Name> => event.event === name);

/** The processes whose parent is this one, and theirs. */
function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return [...children, ...children.flatMap(descendants)];
  } catch {
    return [];
  }
}

/** The words of a process; none where it has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
/** The processes of a watch that talk to the server. */
const talkingOf = (pid: number) => descendants(pid).filter((child) => /fleet (?:ship|store)/.test(commandOf(child)));
const shippingOf = (pid: number) => descendants(pid).filter((child) => commandOf(child).includes("fleet ship"));

describeWith(
  [requirements.bpf, requirements.namespaces, requirements.tools("ip", natsServer, "tcpreplay", "capinfos")],
  "a watch that publishes",
  () => {
    test("sends each event once with the right numbers, though the server and the process that sends are killed", async () => {
      await using network = await TestNetwork.create();
      await ip(network, "b", "link set lo up");
      const directory = temporaryDirectory();
      const [incidents, token] = [join(directory, "incidents"), join(directory, "token")];
      writeFileSync(token, TOKEN, { mode: 0o600 });
      const server = await TestNatsServer.start({
        prefix: network.commandIn("b"),
        configuration: `authorization: {token: ${TOKEN}}`,
      });
      const options = ["--publish", server.url, "--token-file", token, "--subject", "edge.{event}.{host}", "--upload"];
      const named = ["--parquet-host", "web.1"];
      const args = ["-i", "v0", "--trigger", "100/s", "--before", "1s", "--after", "2500ms", "--no-report"];
      const watch = startWatch([...args, "-w", incidents, ...options, ...named], { prefix: network.commandIn("b") });
      await watch.event("started");
      const frames = Array.from({ length: 400 }, () => ethernet({ payload: ipv4({ payload: tcp() }) }));
      await network.sendFrames(frames);
      const began = await watch.event("incident-began");
      const pid = watch.ringcap.child.pid ?? 0;
      const rightsOf = () => talkingOf(pid).flatMap((child) => privilegesOfThreads(child));
      await soon(() => rightsOf().map(({ CapPrm, CapEff, NoNewPrivs }) => [CapPrm, CapEff, NoNewPrivs])).toEqual([
        [NO_CAPABILITY, NO_CAPABILITY, "1"],
        [NO_CAPABILITY, NO_CAPABILITY, "1"],
      ]);
      const shipping = shippingOf(pid);
      for (const pid of shipping) {
        expect(commandOf(pid)).not.toContain(TOKEN);
        process.kill(pid, "SIGKILL");
      }
      expect(shipping).toHaveLength(1);
      await server.kill();
      await network.sendFrames(frames);
      await watch.ringcap.waitForStderr(/--publish: \S+ cannot be reached.*events wait in .*unsent-events/);
      await server.start();
      const ended = await watch.event("incident-ended");
      const { report, code } = await watch.end();
      expect(code).toBe(0);
      expect(watch.ringcap.stderr()).toMatch(/the process that publishes events has ended \(ended by SIGKILL\)/);
      expect(watch.ringcap.stderr()).toMatch(/the server takes events again/);

      // The incident is in the object store, byte for byte, where none of its files is left out.
      expect(report).toMatchObject({ upload: { uploaded: 1, left: 0 } });
      const fetch = ["fleet", "fetch", server.url, String(ended.incident), "--token-file", token, "--user", "none"];
      const fetched = await startRingcap(fetch, { cwd: directory, prefix: network.commandIn("b") }).exit;
      expect({ code: fetched.code, stderr: fetched.stderr }).toMatchObject({ code: 0 });
      const filesIn = (path: string) =>
        readdirSync(path).map((name) => [name, readFileSync(join(path, name), "base64")]);
      expect(filesIn(join(directory, String(ended.incident)))).toEqual(filesIn(String(ended.directory)));

      const read = `${join(import.meta.dirname, "../support/stored-events.mjs")}`;
      const { stdout } = await network.exec("b", process.execPath, [read, server.url, TOKEN]);
      const stored: { subject: string; event: FleetEvent }[] = JSON.parse(stdout);
      const events = stored.map(({ event }) => event);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      for (const { subject, event } of stored) expect(subject).toBe(`edge.${event.event}.web_1`);
      expect(new Set(events.map(({ host }) => host))).toEqual(new Set(["web.1"]));
      const incident = await readIncident(String(ended.directory));
      expect(of(events, "began")).toEqual([expect.objectContaining({ incident: began.incident, interfaces: ["v0"] })]);
      const changes = of(events, "changed");
      expect(changes.length).toBeGreaterThan(0);
      const sum = (first: number, numbers: readonly number[]) =>
        numbers.reduce((total, number) => total + number, first);
      const [{ total } = { total: undefined }] = of(events, "began");
      const counted = sum(
        total?.matched ?? 0,
        changes.map(({ interval }) => interval.matched),
      );
      expect(changes.at(-1)?.total.matched).toBe(counted);
      expect(of(events, "ended")).toEqual([
        expect.objectContaining({ incident: began.incident, why: "over", packets: incident.packets }),
      ]);
      expect(of(events, "ended")[0]?.total).toMatchObject({ packets: 800, matched: 800, sampled: 0, dropped: 0 });
      const health = of(events, "health");
      expect(health.map(({ state }) => state)).toEqual(["watching", "ended"]);
      expect(health.at(-1)?.packets.matched).toBe(report.packets.matched);
      // A process that is killed has not told of its last ones.
      expect(report).toMatchObject({ publish: { published: expect.any(Number), spooled: 0, dropped: 0 } });
      expect(existsSync(join(incidents, "unsent-events"))).toBe(false);
    });

    test("leaves events to the next watch, which sends them first, and does not wait for a server that is away", async () => {
      await using network = await TestNetwork.create();
      await ip(network, "b", "link set lo up");
      const incidents = join(temporaryDirectory(), "incidents");
      const server = await TestNatsServer.start({ prefix: network.commandIn("b") });
      const args = ["-i", "v0", "--trigger", "1M/s", "-w", incidents, "--publish", server.url];
      await server.kill();
      const first = startWatch(args, { prefix: network.commandIn("b") });
      await first.event("started");
      const { report } = await first.end();
      expect(report).toMatchObject({ publish: { published: 0, spooled: 2, dropped: 0 } });
      expect(first.ringcap.stderr()).toMatch(/2 events in \S+unsent-events are sent by the next watch/);
      expect(readdirSync(join(incidents, "unsent-events"))).toContain("0000000001.0.jsonl");
      await server.start();
      // An earlier watch was killed before it had uploaded an incident.
      const left = "20261128T144309Z-20000-s";
      mkdirSync(join(incidents, left));
      writeFileSync(join(incidents, left, "incident.json"), "{}\n");
      writeFileSync(join(incidents, "unsent-incidents"), `${left}\n../${left}\n`);
      const second = startWatch([...args, "--upload"], { prefix: network.commandIn("b") });
      await second.event("started");
      expect((await second.end()).report).toMatchObject({
        publish: { published: 4, spooled: 0, dropped: 0 },
        upload: { uploaded: 1, left: 0 },
      });
      expect(existsSync(join(incidents, "unsent-incidents"))).toBe(false);
      expect(existsSync(join(incidents, "unsent-events"))).toBe(false);
    });
  },
);

describeWith([requirements.tools(natsServer)], "the process that publishes", () => {
  test("is started again whenever it is killed, and nothing is lost or sent twice", async () => {
    const server = await TestNatsServer.start();
    const spool = join(temporaryDirectory(), "spool");
    const told: PublishTelling[] = [];
    const publisher = new Publisher({
      program: process.execPath,
      words: [main, "fleet", "ship"],
      settings: {
        access: { servers: [`127.0.0.1:${server.port}`] },
        subject: "ringcap.{host}.{event}",
        spool,
        size: 1 << 20,
        watch: WATCH,
      },
      tell: (telling) => told.push(telling),
    });
    onTestFinished(() => publisher.abandon());
    publisher.start();
    const publish = (from: number, to: number) => {
      for (let sequence = from; sequence <= to; sequence++) {
        const body = BODIES[sequence % BODIES.length];
        if (body !== undefined) publisher.publish(sampleEvent(body, sequence));
      }
    };
    for (let round = 0; round < 3; round++) {
      publish(round * 100 + 1, round * 100 + 50);
      await soon(() => publisher.counts.published).toBeGreaterThan(round * 20);
      publish(round * 100 + 51, round * 100 + 100);
      await soon(() => shippingOf(process.pid)).toHaveLength(1);
      for (const pid of shippingOf(process.pid)) process.kill(pid, "SIGKILL");
      await soon(() => shippingOf(process.pid)).toHaveLength(0);
    }
    await soon(() => publisher.counts.spooled).toBe(0);
    await publisher.close();
    const sequences = (await server.stored()).map(({ event }) => event.sequence);
    expect(sequences).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(publisher.counts).toMatchObject({ spooled: 0, dropped: 0 });
    expect(told).toEqual([{ kind: "process ended", reason: "ended by SIGKILL" }]);
  });

  test("is no command that people type", async () => {
    const typed = startRingcap(["fleet", "ship"]);
    typed.child.stdin.end();
    const { code, stderr } = await typed.exit;
    expect([code, stderr]).toEqual([2, expect.stringContaining("type ringcap watch --publish, which starts it")]);
  });

  test("that cannot go on is started again and again, and told of once with what it said", async () => {
    const starts = join(temporaryDirectory(), "starts");
    const told: PublishTelling[] = [];
    const settings = { access: { servers: [] }, subject: "", spool: "", size: 0, watch: WATCH };
    const words = ["-c", `echo x >> ${starts}; echo "Error: no memory" >&2; echo more >&2; exit 7`];
    const publisher = new Publisher({ program: "sh", words, settings, tell: (telling) => told.push(telling) });
    onTestFinished(() => publisher.abandon());
    publisher.start();
    await soon(() => existsSync(starts) && readFileSync(starts, "utf8")).toBe("x\nx\n");
    expect(told).toEqual([{ kind: "process ended", reason: "exit code 7: Error: no memory" }]);
  });

  test("that cannot be ended is not waited for", async () => {
    const path = join(temporaryDirectory(), "group");
    const settings = { access: { servers: [] }, subject: "", spool: "", size: 0, watch: WATCH };
    // What holds its standard streams goes on when it is killed.
    const words = ["-c", `echo $$ > ${path}; sleep 1000 & wait`];
    const publisher = new Publisher({ program: "sh", words, settings, tell: () => {} });
    publisher.start();
    await soon(() => existsSync(path) && readFileSync(path, "utf8")).toMatch(/\n/);
    onTestFinished(() => void process.kill(-Number(readFileSync(path, "utf8")), "SIGKILL"));
    publisher.abandon();
    await publisher.close();
  });

  test("that hangs takes no more memory than its bound, and counts and health go first", async () => {
    const told: PublishTelling[] = [];
    const settings = { access: { servers: [] }, subject: "", spool: "", size: 0, watch: WATCH };
    const publisher = new Publisher({
      program: "sleep",
      words: ["1000"],
      settings,
      tell: (telling) => told.push(telling),
    });
    onTestFinished(() => publisher.abandon());
    publisher.start();
    const [began, changed] = BODIES;
    if (began === undefined || changed === undefined) throw new Error("there are five");
    for (let sequence = 1; sequence <= 5000; sequence++)
      publisher.publish(sampleEvent(sequence % 100 === 0 ? began : changed, sequence));
    const { bytes, spooled, dropped } = publisher.counts;
    expect(spooled + dropped).toBe(5000);
    expect(bytes).toBeLessThanOrEqual((1 << 20) + 2 * eventLine(sampleEvent(changed)).bytes);
    expect(dropped).toBeGreaterThan(1000);
    publisher.abandon();
    await publisher.close();
    expect(publisher.counts).toMatchObject({ spooled: 0, dropped: 5000 });
    expect(told).toEqual([]);
  });
});
