/** `ringcap fleet follow` as it is typed, with a server that refuses, goes away and comes back. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import { subjectOf } from "../../src/fleet/events/subject.ts";
import { makeStream } from "../../src/fleet/nats/stream.ts";
import { startRingcap } from "../support/cli.ts";
import { askDuckDb, filesOf } from "../support/fleet.ts";
import { natsServer, TestNatsServer } from "../support/nats-server.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { main } from "../support/ringcap-process.ts";
import { BODIES, sampleEvent } from "../support/sample-events.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** Publishes an event of each kind. @param from the number of the first one */
async function publish(server: TestNatsServer, from: number, bodies = BODIES): Promise<void> {
  const connection = await connect({ servers: server.url });
  await makeStream(await jetstreamManager(connection), "ringcap.{host}.{event}");
  for (const [index, body] of bodies.entries()) {
    const event = sampleEvent(body, from + index, "web\u001b[2J1");
    await jetstream(connection).publish(
      subjectOf("ringcap.{host}.{event}", event.host, event.event),
      JSON.stringify(event),
      { msgID: event.id },
    );
  }
  await connection.close();
}

describeWith([requirements.tools(natsServer)], "the events of many hosts", () => {
  test("are printed and written once each, behind a kill of the command and of the server, and can be asked", async () => {
    const server = await TestNatsServer.start();
    const directory = temporaryDirectory();
    const words = ["fleet", "follow", server.url, "--to", directory, "--since", "1h", "--user", "none"];
    await publish(server, 1);
    const killed = startRingcap([...words, "--json"]);
    await expect.poll(() => killed.stdout().toString().split("\n").length).toBe(BODIES.length + 1);
    killed.child.kill("SIGKILL");
    await killed.exit;
    const following = startRingcap([...words, "--json"]);
    await following.waitForStderr(/following RINGCAP on 127\.0\.0\.1/);
    await server.kill();
    await following.waitForStderr(/warning: the server 127\.0\.0\.1:\d+ is away; trying again/);
    await server.start();
    await publish(server, 101);
    await expect.poll(() => following.stdout().toString().split("\n").length).toBe(2 * BODIES.length + 1);
    following.child.kill("SIGINT");
    const { code, stdout, stderr } = await following.exit;
    expect({ code, away: stderr.match(/is away/g), back: stderr.match(/is back/g) }).toEqual({
      code: 0,
      away: ["is away"],
      back: ["is back"],
    });
    expect(stderr).toMatch(/^10 events in 1 file$/m);
    expect(stdout.toString()).not.toContain("\u001b");
    const numbers = [1, 101].flatMap((from) => BODIES.map((_, index) => from + index));
    const printed = stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(printed.map(({ sequence }) => sequence)).toEqual(numbers);
    const written = await askDuckDb(`SELECT sequence FROM ${filesOf(directory, "events")} ORDER BY sequence`);
    expect(written.map(({ sequence }) => Number(sequence))).toEqual(numbers);
    // A file in the place of a day stands for a disk that has no room until the command is stopped.
    const full = temporaryDirectory();
    mkdirSync(join(full, "table=events"));
    for (const day of readdirSync(join(directory, "table=events"))) writeFileSync(join(full, "table=events", day), "");
    const waiting = startRingcap([
      "fleet",
      "follow",
      server.url,
      "--to",
      full,
      "--json",
      "--since",
      "1h",
      "--user",
      "none",
    ]);
    await expect.poll(() => waiting.stdout().toString().split("\n").length).toBe(2 * BODIES.length + 1);
    waiting.child.kill("SIGINT");
    expect(await waiting.exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^0 events in 0 files\n.*warning: events that were read are in no file/m),
    });
    const asked = await startRingcap(["query", directory, "--json", "--question", "incidents"]).exit;
    expect(JSON.parse(asked.stdout.toString())).toMatchObject({
      host: "web\u001b[2J1",
      incident: "20261128T144309Z-20000-s",
      first_rule: "20000/s",
      peak_packets: 9001,
      total_packets: 9001,
      total_dropped: 1,
    });
  });

  test("are a table in a terminal, which says in a line of its own that the server is away", async () => {
    const server = await TestNatsServer.start();
    await publish(server, 1, BODIES.slice(0, 2));
    const file = join(temporaryDirectory(), "typed.sh");
    writeFileSync(file, `stty rows 20 cols 120; exec ${process.execPath} ${main} fleet follow ${server.url}`);
    const child = spawn("script", ["-qefc", `sh ${file}`, "/dev/null"], { env: { ...process.env, TERM: "xterm" } });
    onTestFinished(() => void child.kill("SIGKILL"));
    let shown = "";
    child.stdout.on("data", (bytes) => {
      shown += String(bytes);
    });
    await expect.poll(() => shown).toMatch(/web\\u001b\[2J1 +11-28 14:43:09 +720 +9,001 +1 192\.0\.2\.7 /);
    await server.kill();
    await expect.poll(() => shown).toMatch(/^the server 127\.0\.0\.1:\d+ is away; trying again/m);
    const exited = once(child, "exit");
    child.stdin.write("q");
    expect(await exited).toEqual([0, null]);
    expect(shown.slice(shown.lastIndexOf("\u001b[?1049l"))).toContain("hosts: 1 hit, 0 quiet");
  });

  test("are not for everybody: a server that refuses ends the command, and says which file is missing", async () => {
    const unnamed = await startRingcap(["fleet", "follow", "nats://127.0.0.1", "--stream", "a.b"]).exit;
    expect(unnamed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--stream: "a\.b" is no name of a stream/),
    });
    const server = await TestNatsServer.start({ configuration: "authorization: {token: secret}" });
    const { code, stderr } = await startRingcap(["fleet", "follow", server.url]).exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: connect to 127\.0\.0\.1:\d+: .*authorization violation/i);
    expect(stderr).toMatch(/name the file that the server knows you by: --creds/);
  });
});
