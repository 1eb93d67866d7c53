// Shows that every event of many hosts arrives, and once: 40 simulated hosts publish 30 minutes' worth of incidents while the server is killed,
// its disk is full, the network is cut, and hosts are killed.
//
//   node scripts/fleet-evidence.mjs [--hosts 40] [--watches 3] [--minutes 30] [--speed 10]
//
// A few hosts are real watches under load; each other one gives recorded events to the process that `ringcap watch --publish` starts. The clock of
// these events runs so many times faster. It needs root and nats-server. Everything happens in two network namespaces, a small tmpfs and a
// temporary directory of its own.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serverProgram, unpackServers } from "./lib/debian-servers.mjs";
import { eventsOf, SimulatedHost } from "./lib/fleet-hosts.mjs";
import { faultsOf } from "./lib/fleet-verdict.mjs";
import { VethPair } from "./lib/veth.mjs";

const SERVER = "10.77.0.1";
const HOSTS = "10.77.0.2";
const PORT = 4222;
const STORE_MEGABYTES = 96;
/** Bytes of what other programs answer. */
const LONGEST_ANSWER = 1 << 30;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "40" },
    watches: { type: "string", default: "3" },
    minutes: { type: "string", default: "30" },
    speed: { type: "string", default: "10" },
  },
});
const numbers = [values.hosts, values.watches, values.minutes, values.speed].map(Number);
const [hosts = 0, watches = 0, minutes = 0, speed = 0] = numbers;
if (!numbers.every((number) => number >= 0) || watches > hosts || !(speed > 0))
  throw new Error("the options are not numbers that fit");

const main = "dist/cli/main.js";
const network = new VethPair("ringcap-fleet");
const directory = mkdtempSync(join(tmpdir(), "ringcap-fleet-"));
const store = join(directory, "store");
/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  execFileSync("sh", ["-c", `umount -l "$1" 2>/dev/null; true`, "sh", store]);
  network.destroy();
  rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

unpackServers();
mkdirSync(store);
execFileSync("mount", ["-t", "tmpfs", "-o", `size=${STORE_MEGABYTES}m`, "ringcap-fleet", store]);
network.run(network.receiver, "ip", "address", "add", `${SERVER}/24`, "dev", "v0");
network.run(network.sender, "ip", "address", "add", `${HOSTS}/24`, "dev", "v1");

/** @param {string} namespace @param {string[]} command */
function start(namespace, command) {
  const child = spawn("ip", ["netns", "exec", namespace, ...command], { stdio: ["pipe", "pipe", "pipe"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.stdin.on("error", () => {});
  return child;
}

/** @param {import("node:child_process").ChildProcess | undefined} child */
const isRunning = (child) => child !== undefined && child.exitCode === null && child.signalCode === null;

/** @type {import("node:child_process").ChildProcess | undefined} */
let server;
async function startServer() {
  const words = ["-js", "-a", SERVER, "-p", String(PORT), "-sd", store];
  server = start(network.receiver, [serverProgram("nats-server"), ...words]);
  server.stdout?.resume();
  await new Promise((resolve) => {
    createInterface({ input: /** @type {import("node:stream").Readable} */ (server?.stderr) }).on("line", (line) => {
      if (line.includes("Server is ready")) resolve(undefined);
      if (/\[(?:ERR|FTL)\]/.test(line)) console.log(`  nats-server: ${line}`);
    });
  });
}
async function killServer() {
  if (server === undefined || !isRunning(server)) return;
  const ended = once(server, "exit");
  server.kill("SIGKILL");
  await ended;
}

/** Follows the events. @param {string} name @param {string[]} words */
function follow(name, words) {
  const all = [process.execPath, main, "fleet", "follow", `nats://${SERVER}:${PORT}`, "--user", "none", ...words];
  const child = start(network.receiver, all);
  /** @type {string[]} */
  const ids = [];
  createInterface({ input: child.stdout }).on("line", (line) => ids.push(JSON.parse(line).id));
  const followed = { child, ids, isFollowing: false };
  createInterface({ input: child.stderr }).on("line", (line) => {
    followed.isFollowing ||= line.includes("following");
    console.log(`  ${name}: ${line}`);
  });
  return followed;
}

/** @param {string} text */
const say = (text) => console.log(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${text}`);
/** @param {string} state */
const link = (state) => network.run(network.receiver, "ip", "link", "set", "v0", state);
const fill = join(store, "fill");

/** The stream as a watch makes it, and smaller: 1 GiB does not fit into the store. */
const MAKE_STREAM = `
import { connect } from "@nats-io/transport-node";
import { jetstreamManager } from "@nats-io/jetstream";
const connection = await connect({ servers: process.argv.at(-1) });
const minutes = 60e9;
await (await jetstreamManager(connection)).streams.add({
  name: "RINGCAP", subjects: ["ringcap.>"], storage: "file", max_bytes: 60 << 20, duplicate_window: 10 * minutes,
});
await connection.close();`;

/** The event of each message that the stream has, as lines. The server numbers the messages from 1 on. */
const READ_STREAM = `
import { connect } from "@nats-io/transport-node";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
const connection = await connect({ servers: process.argv.at(-1) });
const { state } = await (await jetstreamManager(connection)).streams.info("RINGCAP");
if (state.messages !== state.last_seq) throw new Error("the stream has removed messages, so that nothing can be said of it");
if (state.messages > 0) {
  const consumer = await jetstream(connection).consumers.get("RINGCAP");
  for await (const message of await consumer.consume()) {
    const { id, host, watch, sequence } = message.json();
    console.log(JSON.stringify({ id, host, watch, sequence }));
    if (message.seq >= state.last_seq) break;
  }
}
await connection.close();`;

/** @param {string} script */
function askServer(script) {
  const words = ["--input-type=module", "-e", script, `${SERVER}:${PORT}`];
  const command = ["netns", "exec", network.receiver, process.execPath, ...words];
  return linesOf(execFileSync("ip", command, { encoding: "utf8", maxBuffer: LONGEST_ANSWER }));
}
/** @param {string} text */
const linesOf = (text) => text.split("\n").filter((line) => line !== "");

await startServer();
askServer(MAKE_STREAM);
/** Ids of events that a simulated host has on its disk. @type {Set<string>} */
const kept = new Set();
const simulated = Array.from({ length: hosts - watches }, (_, index) => {
  const name = `host${index}`;
  return new SimulatedHost(name, join(directory, `spool-${name}`), {
    start: (command) => start(network.sender, command),
    server: `${SERVER}:${PORT}`,
    main,
    onKept: (id) => kept.add(id),
  });
});
const real = Array.from({ length: watches }, (_, index) => {
  const words = "watch -i v1 -Q out --trigger 20/s --after 2s --no-report --user none".split(" ");
  const path = join(directory, `watch${index}`);
  // Each one is a host of its own by the name of its UTS namespace.
  const named = ["unshare", "--uts", "sh", "-c", 'hostname "$1"; shift; exec "$@"', "sh", `watch${index}`];
  const publish = ["--publish", `nats://${SERVER}:${PORT}`, "-w", path, "--json"];
  const child = start(network.sender, [...named, process.execPath, main, ...words, ...publish]);
  child.stderr.resume();
  /** @type {{ publish?: { published: number, spooled: number, dropped: number } }[]} */
  const lines = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line)));
  return { child, path, lines };
});
const tables = join(directory, "tables");
const following = follow("follow", ["--json", "--since", "1h"]);
let writing = follow("follow --to", ["--json", "--to", tables]);

/** What is done at which share of the time. */
/** @type {[number, string, () => unknown][]} */
const faults = [
  [0.1, "the server is killed", killServer],
  [0.16, "the server is started", startServer],
  [0.25, "the disk of the server is full", () => writeUntilFull()],
  [0.35, "the disk has room again, and the server is started again", () => makeRoom()],
  [0.45, "the network is cut", () => link("down")],
  [0.55, "the network is there", () => link("up")],
  [0.62, "a host is killed", () => simulated[0]?.kill()],
  [0.68, "the host is there again", () => simulated[0]?.begin()],
  [0.7, "a process that publishes is killed, with a host", () => simulated[1]?.kill()],
  [0.72, "it is started again", () => simulated[1]?.begin()],
  [0.8, "the follower that writes is killed", () => writing.child.kill("SIGKILL")],
  [0.83, "it is started again", () => (writing = follow("follow --to", ["--json", "--to", tables]))],
  [0.88, "the server is killed and started", () => killServer().then(startServer)],
];

function writeUntilFull() {
  try {
    writeFileSync(fill, Buffer.alloc(STORE_MEGABYTES << 20));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

/** A server of version 2.9 whose disk was full answers nothing any more, also when there is room. */
async function makeRoom() {
  rmSync(fill);
  await killServer();
  await startServer();
}

const seconds = minutes * 60;
let due = performance.now();
for (let second = 0; second < seconds; second++) {
  for (const [share, text, act] of faults) {
    if (second !== Math.floor(share * seconds)) continue;
    say(text);
    await act();
  }
  for (const [index, host] of simulated.entries()) {
    if (isRunning(host.process)) for (const body of eventsOf(second, index * 7)) host.send(body);
  }
  due += 1000 / speed;
  if (due > performance.now()) await pause(due - performance.now());
}
say("the hosts are through; what waits is sent");
for (const { child } of real) child.kill("SIGINT");
await Promise.all(real.map(({ child }) => (isRunning(child) ? once(child, "exit") : undefined)));
const until = performance.now() + 120_000;
const isEmpty = () => simulated.every((host) => host.unkept.length === 0 && host.waiting === 0);
while (!isEmpty() && performance.now() < until) await pause(200);
await Promise.all(simulated.map((host) => host.end()));
const published = real.map(({ lines }, index) => ({
  host: `watch${index}`,
  ...(lines.at(-1)?.publish ?? { published: 0, spooled: 0, dropped: 0 }),
}));
/** @type {import("./lib/fleet-verdict.mjs").StreamedEvent[]} */
const stream = askServer(READ_STREAM).map((line) => JSON.parse(line));
const followedUntil = performance.now() + 60_000;
const isThrough = () => writing.isFollowing && following.ids.includes(stream.at(-1)?.id ?? "");
while (!isThrough() && performance.now() < followedUntil) await pause(200);
// What the follower that writes has read is in its files when it has ended. It does not say how far it has read.
await pause(2000);
following.child.kill("SIGINT");
writing.child.kill("SIGINT");
await Promise.all([following, writing].map(({ child }) => (isRunning(child) ? once(child, "exit") : undefined)));

const question = [main, "query", tables, "--json", "SELECT id, host FROM events"];
const rows = linesOf(execFileSync(process.execPath, question, { encoding: "utf8", maxBuffer: LONGEST_ANSWER })).map(
  (line) => JSON.parse(line),
);
const tabled = rows.map(({ id }) => id);
const dropped = simulated.reduce((sum, host) => sum + host.dropped + host.droppedBefore, 0);
const lost = simulated.reduce((sum, host) => sum + host.lost, 0);
const faultsFound = faultsOf({ kept, lost, dropped, watches: published, stream, followed: following.ids, tabled });
const report = {
  hosts,
  watches,
  kept: kept.size,
  published,
  streamed: stream.length,
  followed: following.ids.length,
  rows: rows.length,
  hostsInTable: new Set(rows.map(({ host }) => host)).size,
  lost,
  dropped,
  faults: faultsFound,
};
console.log(JSON.stringify(report, null, 2));
console.log(faultsFound.length === 0 ? "every event arrived, and once" : "events are missing, or there twice");
process.exit(faultsFound.length === 0 ? 0 : 1);
