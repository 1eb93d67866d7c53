// Hosts without a kernel: recorded events of a watch, and the real process that publishes them.
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Seconds of an incident, and from the beginning of one to that of the next, on the clock of the events. */
const INCIDENT = 40;
const PERIOD = 120;

/**
 * @typedef {object} Surroundings
 * @property {(command: string[]) => import("node:child_process").ChildProcessByStdio<import("node:stream").Writable, import("node:stream").Readable, import("node:stream").Readable>} start
 * @property {string} server host and port
 * @property {string} main the command line
 * @property {(id: string) => void} onKept is called with each event that the process has put on its disk
 */

export class SimulatedHost {
  sequence = 0;
  watch = "";
  waiting = 0;
  /** Events without room: those of the process, and those of the processes before. */
  dropped = 0;
  droppedBefore = 0;
  /** Events that the process has not put on its disk yet. @type {{ id: string, sequence: number }[]} */
  unkept = [];

  /** Events that were lost with the host: it had not put them on its disk. */
  lost = 0;
  #surroundings;

  /** @param {string} name @param {string} spool a directory @param {Surroundings} surroundings */
  constructor(name, spool, surroundings) {
    this.name = name;
    this.spool = spool;
    this.#surroundings = surroundings;
    this.process = this.#start();
  }

  begin() {
    this.process = this.#start();
  }

  #start() {
    this.watch = String(BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(Math.random() * 1e6)));
    this.sequence = 0;
    this.unkept = [];
    const { start, main, server } = this.#surroundings;
    const child = start([process.execPath, main, "fleet", "ship"]);
    const settings = {
      access: { servers: [server] },
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
    for (const event of this.unkept) if (event.sequence <= last) this.#surroundings.onKept(event.id);
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
    this.process.kill("SIGKILL");
    await this.#ended();
    this.lost += this.unkept.length;
    this.unkept = [];
    this.droppedBefore += this.dropped;
    this.dropped = 0;
  }

  async end() {
    this.process.stdin.end();
    await this.#ended();
  }

  async #ended() {
    const { exitCode, signalCode } = this.process;
    if (exitCode === null && signalCode === null) await once(this.process, "exit");
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
export function eventsOf(second, offset) {
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
