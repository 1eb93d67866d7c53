import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiver, sender } from "./frames.ts";
import { removeLeftovers, removeNamespaces } from "./namespaces.ts";
import { writePcap } from "./pcap-fixture.ts";
import { type RunOptions, type RunResult, run, runOrFail } from "./run.ts";

/** The two ends: a sends from its device v1, b receives on its device v0. */
export type End = "a" | "b";

export interface TestNetworkOptions {
  /** Default 1500. */
  readonly mtu?: number;
  /** Addresses with prefix length for each end, such as those of `networkAddresses`. Default: none. */
  readonly addresses?: Readonly<Record<End, readonly string[]>>;
}

/** Addresses that no built frame is sent to by default, so that those frames are never answered. */
export const networkAddresses = {
  a: ["192.0.2.11/24", "2001:db8::11/64"],
  b: ["192.0.2.12/24", "2001:db8::12/64"],
} as const;

export interface SendOptions {
  /** Default: as fast as it goes. */
  readonly packetsPerSecond?: number;
  /** How often all the frames are sent. Default 1. */
  readonly loop?: number;
  /** Where from. Default: a. */
  readonly end?: End;
  /** Default: the device of that end. */
  readonly device?: string;
}

const devices = { a: { name: "v1", mac: sender.mac }, b: { name: "v0", mac: receiver.mac } } as const;

const ENDS = ["a", "b"] as const satisfies readonly End[];

/** No duplicate address detection, router solicitation, multicast membership or link-local address. */
const quiet = `cd /proc/sys/net/ipv6/conf || exit 0
for i in all default; do
  for key in accept_ra router_solicitations accept_dad dad_transmits; do echo 0 > $i/$key; done
  echo 1 > $i/addr_gen_mode
  echo 1 > $i/disable_ipv6
done`;

/**
 * What makes both ends, and says how the device of each is then. One shell does it all: starting a process from Node.js
 * takes longer than ip(8) does.
 */
function setUpScript(
  namespaces: Readonly<Record<End, string>>,
  mtu: number,
  addresses: Readonly<Record<End, readonly string[]>>,
): string {
  const device = (end: End) =>
    `name ${devices[end].name} address ${devices[end].mac} mtu ${mtu} netns ${namespaces[end]}`;
  return [
    "set -e",
    ...ENDS.flatMap((end) => [`ip netns add ${namespaces[end]}`, inside(namespaces[end], quiet)]),
    `ip -n ${namespaces.a} link add ${device("b")} type veth peer ${device("a")}`,
    ...ENDS.flatMap((end) => bringUp(namespaces[end], end, addresses)),
    ...ENDS.map((end) => `ip -n ${namespaces[end]} -brief link show dev ${devices[end].name}`),
  ].join("\n");
}

function inside(namespace: string, script: string): string {
  return `ip netns exec ${namespace} sh -c '${script}'`;
}

function bringUp(namespace: string, end: End, addresses: Readonly<Record<End, readonly string[]>>): string[] {
  const other = end === "a" ? "b" : "a";
  const { name } = devices[end];
  const hasIpv6 = addresses[end].some((address) => address.includes(":"));
  return [
    ...(hasIpv6 ? [inside(namespace, `echo 0 > /proc/sys/net/ipv6/conf/${name}/disable_ipv6`)] : []),
    `ip -n ${namespace} -batch - <<end`,
    `link set ${name} arp off`,
    `link set ${name} up`,
    ...addresses[end].map((address) => `address add ${address} dev ${name}${address.includes(":") ? " nodad" : ""}`),
    ...addresses[other].map((address) => {
      return `neighbour replace ${address.split("/")[0]} lladdr ${devices[other].mac} nud permanent dev ${name}`;
    }),
    "end",
  ];
}

let created = 0;
const live = new Set<TestNetwork>();
function destroyAll(): void {
  for (const network of live) {
    network.destroy();
  }
}
process.once("exit", destroyAll);
// vitest ends its workers with SIGTERM, and leaves them without a parent when it is interrupted itself.
process.once("disconnect", destroyAll);
process.once("SIGTERM", () => {
  destroyAll();
  process.kill(process.pid, "SIGTERM");
});

/** As long as a test may take: the kernel says it soon, or never. */
const RUNNING_DEADLINE_MILLISECONDS = 120_000;

/**
 * Two network namespaces joined by a veth pair on which no packet appears but those the test sends: IPv6 is off where
 * there are no addresses, and neighbours are fixed entries (the devices have NOARP), so nothing is ever asked.
 *
 *     await using network = await TestNetwork.create();
 *     await network.sendFrames([ethernet({ payload: ipv4({ payload: tcp() }) })]);
 */
export class TestNetwork {
  readonly namespaces: Readonly<Record<End, string>>;
  /** The device in b that receives. */
  readonly receiver = devices.b.name;
  /** The device in a that sends. */
  readonly sender = devices.a.name;

  private constructor(number: number) {
    const prefix = `ringcap-${process.pid}-${number}`;
    this.namespaces = { a: `${prefix}-a`, b: `${prefix}-b` };
  }

  /** Needs root. Rejects, and leaves nothing behind, when the network cannot be made. */
  static async create({ mtu = 1500, addresses = { a: [], b: [] } }: TestNetworkOptions = {}): Promise<TestNetwork> {
    removeLeftovers();
    const network = new TestNetwork(created++);
    live.add(network);
    try {
      const script = setUpScript(network.namespaces, mtu, addresses);
      const { stdout } = await runOrFail("sh", ["-c", script]);
      if (stdout.match(/ UP /g)?.length !== 2) for (const end of ENDS) await network.#waitUntilRunning(end);
    } catch (error) {
      network.destroy();
      throw error;
    }
    return network;
  }

  /** The kernel says that a link is operational some time after it has a carrier. */
  async #waitUntilRunning(end: End): Promise<void> {
    const deadline = performance.now() + RUNNING_DEADLINE_MILLISECONDS;
    for (;;) {
      const args = ["-n", this.namespaces[end], "-brief", "link", "show", "dev", devices[end].name];
      const { stdout } = await runOrFail("ip", args);
      if (/ UP /.test(stdout)) return;
      if (performance.now() > deadline) throw new Error(`the link is not operational: ${stdout}`);
    }
  }

  /** The words to put before a command that is to run in the namespace. */
  commandIn(end: End): string[] {
    return ["ip", "netns", "exec", this.namespaces[end]];
  }

  /** Runs a command to its end. */
  exec(end: End, command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> {
    return run("ip", ["netns", "exec", this.namespaces[end], command, ...args], options);
  }

  /** Starts a command; destroy() kills it if it still runs. */
  spawn(end: End, command: string, args: readonly string[] = []): ChildProcessWithoutNullStreams {
    return spawn("ip", ["netns", "exec", this.namespaces[end], command, ...args]);
  }

  /**
   * Sends frames, from v1 to v0 by default, and returns how many that were. Rejects when tcpreplay could not send them all. They have
   * arrived then: a veth delivers within the call that sends, or a moment later by the softirq on the same CPU.
   */
  async sendFrames(frames: readonly Uint8Array[], options: SendOptions = {}): Promise<number> {
    const { packetsPerSecond, loop = 1, end = "a", device = devices[end].name } = options;
    const directory = await mkdtemp(join(tmpdir(), "ringcap-send-"));
    try {
      const path = join(directory, "frames.pcap");
      writePcap(
        path,
        frames.map((data) => ({ data })),
      );
      const speed = packetsPerSecond === undefined ? ["--topspeed"] : [`--pps=${packetsPerSecond}`];
      const args = [...speed, `--loop=${loop}`, `--intf1=${device}`, path];
      const { code, stdout, stderr } = await this.exec(end, "tcpreplay", args);
      const sent = Number(/Successful packets:\s*(\d+)/.exec(stdout)?.[1] ?? 0);
      if (code !== 0 || sent !== frames.length * loop) {
        throw new Error(`tcpreplay sent ${sent} of ${frames.length * loop} frames\n${stderr}${stdout}`);
      }
      return sent;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /**
   * Adds a bridge to a whose ports are v1 and x1; what is sent from x0 reaches the latter. A bridge takes the VLAN tag out
   * of what it receives, and sends it on beside the frame.
   */
  async addTaggingBridge(): Promise<void> {
    await this.#batch("a", [
      "link add br0 type bridge mcast_snooping 0",
      "link add x0 type veth peer x1",
      "link set x1 master br0 up",
      "link set v1 master br0",
      "link set x0 up",
      "link set br0 up",
    ]);
  }

  /** Adds a tun device, up, to a namespace. Nothing reads it: what is sent to it is dropped, after TC egress. */
  async addTun(end: End, name: string): Promise<void> {
    await this.#batch(end, [`tuntap add dev ${name} mode tun`, `link set ${name} up`]);
  }

  /** Kills what runs in the namespaces and removes them. Calling it again does nothing. */
  destroy(): void {
    if (live.delete(this)) {
      removeNamespaces([this.namespaces.a, this.namespaces.b]);
    }
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.destroy();
  }

  async #batch(end: End, lines: readonly string[]): Promise<void> {
    await runOrFail("ip", ["-netns", this.namespaces[end], "-batch", "-"], { input: `${lines.join("\n")}\n` });
  }
}
