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
import { VethPair } from "./lib/veth.mjs";

const SERVER = "10.77.0.1";
const HOSTS = "10.77.0.2";
const PORT = 4222;
/** Seconds of an incident, and from the beginning of one to that of the next, on the clock of the events. */
const INCIDENT = 40;
const PERIOD = 120;
const STORE_MEGABYTES = 96;

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

const main = process.env.RINGCAP_MAIN ?? "dist/cli/main.js";
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
  server = start(network.receiver, ["nats-server", ...words]);
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

/** Ids of events that a host has handed over, of which its process said that they are on the disk. */
const kept = new Set();
let lost = 0;

/** A host without a kernel: recorded events, and the real process that publishes. */
class SimulatedHost {
  sequence = 0;
  watch = "";
  waiting = 0;
  dropped = 0;
  /** Events that the process has not put on its disk yet. @type {{ id: string, sequence: number }[]} */
  unkept = [];

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.spool = join(directory, `spool-${name}`);
    this.process = this.#start();
  }

  begin() {
    this.process = this.#start();
  }

  #start() {
    this.watch = String(BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(Math.random() * 1e6)));
    this.sequence = 0;
    this.unkept = [];
    const child = start(network.sender, [process.execPath, main, "fleet", "ship"]);
    const settings = {
      access: { servers: [`${SERVER}:${PORT}`] },
      subject: "ringcap.{host}.{event}",
      spool: this.spool,
      size: 16 << 20,
      watch: this.watch,
    };
    child.stdin.write(`${JSON.stringify(settings)}\n`);
    child.stderr.resume();
    createInterface({ input: child.stdout }).on("line", (line) => this.#read(JSON.parse(line)));
    return child;
  }

  /** @param {{ say: string, kept: number, events: number, dropped: number }} report */
  #read({ say: what, kept: last, events, dropped }) {
    if (what !== "counts") return;
    for (const event of this.unkept) if (event.sequence <= last) kept.add(event.id);
    this.unkept = this.unkept.filter(({ sequence }) => sequence > last);
    this.waiting = events;
    this.dropped = dropped;
  }

  /** @param {object} body */
  send(body) {
    const sequence = ++this.sequence;
    const id = `${this.name}-${this.watch}-${sequence}`;
    const time = new Date().toISOString().replace("Z", "000000Z");
    const event = { version: 1, id, host: this.name, watch: this.watch, sequence, time, ...body };
    this.unkept.push(event);
    this.process.stdin.write(`${JSON.stringify(event)}\n`);
  }

  /** As a loss of power: what is not on its disk is gone, and another watch begins later. */
  async kill() {
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
    lost += this.unkept.length;
    this.unkept = [];
  }

  async end() {
    const ended = once(this.process, "exit");
    this.process.stdin.end();
    await ended;
  }
}

/** @param {number} packets */
const counts = (packets) => ({ seconds: 1, packets, bytes: 60 * packets, matched: packets, sampled: 0, dropped: 0 });
/** @param {string} key */
const keys = (key) => [{ key, packets: 9000, bytes: 540_000, syns: 9000 }];
const packets = Object.fromEntries(
  [
    "seen",
    "matched",
    "sampledOut",
    "rateLimited",
    "ringDropped",
    "overLimit",
    "written",
    "writeFailed",
    "forgotten",
  ].map((name) => [name, 0]),
);

/** What a watch publishes in one second of its clock. @param {number} second @param {number} offset @returns {object[]} */
function eventsOf(second, offset) {
  const at = (second + offset) % PERIOD;
  const incident = `20261128T${String(Math.floor((second + offset) / PERIOD)).padStart(6, "0")}Z-20000-s`;
  /** @type {object[]} */
  const bodies = [];
  if (second % 60 === 0) {
    const spool = { events: 0, bytes: 0, dropped: 0 };
    bodies.push({ event: "health", state: "watching", ringcap: "0.1.0", packets, interfaces: [], incidents: 0, spool });
  }
  if (at === 0) {
    const triggers = [{ rule: "20000/s", value: 21_000, threshold: 20_000 }];
    bodies.push({ event: "began", incident, triggers, interfaces: ["eth0"], total: counts(0) });
  }
  if (at > 0 && at < INCIDENT) {
    const top = { src: keys("192.0.2.7"), "dst+port": keys("198.51.100.1:443") };
    bodies.push({ event: "changed", incident, interval: counts(21_000), total: counts(21_000 * at), oneIn: 1, top });
  }
  if (at === INCIDENT) {
    const total = counts(21_000 * (INCIDENT - 1));
    bodies.push({ event: "ended", incident, why: "over", seconds: INCIDENT, packets, bytes: 0, total });
  }
  return bodies;
}

/** Follows the events. @param {string} name @param {string[]} words */
function follow(name, words) {
  const all = [process.execPath, main, "fleet", "follow", `nats://${SERVER}:${PORT}`, "--user", "none", ...words];
  const child = start(network.receiver, all);
  /** @type {Map<string, number>} */
  const ids = new Map();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id } = JSON.parse(line);
    ids.set(id, (ids.get(id) ?? 0) + 1);
  });
  createInterface({ input: child.stderr }).on("line", (line) => console.log(`  ${name}: ${line}`));
  return { child, ids };
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

await startServer();
network.run(network.receiver, process.execPath, "--input-type=module", "-e", MAKE_STREAM, `${SERVER}:${PORT}`);
const simulated = Array.from({ length: hosts - watches }, (_, index) => new SimulatedHost(`host${index}`));
const real = Array.from({ length: watches }, (_, index) => {
  const words = [
    "watch",
    "-i",
    "v1",
    "-Q",
    "out",
    "--trigger",
    "20/s",
    "--after",
    "2s",
    "--no-report",
    "--user",
    "none",
  ];
  const path = join(directory, `watch${index}`);
  // Each one is a host of its own by the name of its UTS namespace.
  const named = ["unshare", "--uts", "sh", "-c", 'hostname "$1"; shift; exec "$@"', "sh", `watch${index}`];
  const publish = ["--publish", `nats://${SERVER}:${PORT}`, "-w", path, "--json"];
  const child = start(network.sender, [...named, process.execPath, main, ...words, ...publish]);
  child.stderr.resume();
  /** @type {{ publish?: { published: number } }[]} */
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
  [0.35, "the disk has room again", () => rmSync(fill)],
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
const published = real.map(({ lines }) => lines.at(-1)?.publish?.published ?? 0);
const expected = kept.size + published.reduce((sum, count) => sum + count, 0);
/** @param {Map<string, number>} ids */
const arrived = (ids) => [...kept].filter((id) => ids.has(id)).length;
while (arrived(following.ids) < kept.size && performance.now() < until) await pause(200);
await pause(2000);
following.child.kill("SIGINT");
writing.child.kill("SIGINT");
await Promise.all([following, writing].map(({ child }) => (isRunning(child) ? once(child, "exit") : undefined)));

const asked = execFileSync(process.execPath, [
  main,
  ...[
    "query",
    tables,
    "--json",
    "SELECT count(*) AS rows, count(DISTINCT id) AS ids, count(DISTINCT host) AS hosts FROM events",
  ],
]);
const { rows, ids, hosts: hostsInTable } = JSON.parse(asked.toString());
const twice = [...following.ids.values()].filter((count) => count > 1).length;
const missing = [...kept].filter((id) => !following.ids.has(id)).length;
const dropped = simulated.reduce((sum, host) => sum + (host.dropped ?? 0), 0);
console.log(
  JSON.stringify(
    {
      hosts,
      watches,
      expected,
      published,
      arrived: following.ids.size,
      twice,
      missing,
      rows,
      ids,
      hostsInTable,
      lostWithHosts: lost,
      dropped,
    },
    null,
    2,
  ),
);
const isRight = missing === 0 && twice === 0 && rows === ids && ids === following.ids.size;
console.log(isRight ? "every event arrived, and once" : "events are missing, or there twice");
process.exit(isRight ? 0 : 1);
