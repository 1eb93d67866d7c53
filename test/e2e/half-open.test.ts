/** `ringcap connections --half-open` under SYNs from addresses that never answer, beside the kernel's own counters. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HalfOpenLine } from "../../src/cli/half-open-lines.ts";
import { ip } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { type PeerFactory, peersIn } from "../support/tcp-peers.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "gcc", "setpriv", "tcpreplay")];
const server = networkAddresses.b[0].split("/")[0] ?? "";

let network: TestNetwork;
let peers: PeerFactory;

/** Starts the view; lines() are those that have come. */
async function watch(args: readonly string[]) {
  const running = startRingcap(["connections", "--half-open", "--json", "--interval", "0.1", ...args]);
  await running.listening();
  const lines = () =>
    running
      .stdout()
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as HalfOpenLine);
  const total = (name: "syns" | "synCookiesSent" | "acceptQueueOverflows" | "drops") =>
    lines().reduce((sum, line) => sum + line[name], 0);
  return { running, lines, total };
}

/** A counter of the namespace as the kernel prints it. */
async function tcpExtension(name: string): Promise<number> {
  const { stdout } = await network.exec("b", "cat", ["/proc/net/netstat"]);
  const [names = [], values = []] = stdout
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  return Number(values[names.indexOf(name)]);
}

function syn(index: number, destinationPort: number): Uint8Array {
  const source = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  return ethernet({
    payload: ipv4({ source, destination: server, payload: tcp({ sequence: index, destinationPort }) }),
  });
}

describeWith(needed, "the half-open view", () => {
  beforeAll(async () => {
    network = await TestNetwork.create({ addresses: networkAddresses });
    // Answers to forged addresses need a way out.
    await ip(network, "b", `route add default via ${networkAddresses.a[0].split("/")[0]}`);
    peers = await peersIn(network);
  });
  afterAll(() => {
    network?.destroy();
    peers?.dispose();
  });

  test("shows a flood of SYNs: how many came, wait half open, and were answered by cookies", async () => {
    const flooded = await peers.start("b", "flooded", 4242);
    await flooded.run(`listen ${server} 7200`);
    await flooded.run(`listen ${server} 7201`);
    const { running, lines, total } = await watch(["--port", "7200"]);
    const before = await tcpExtension("SyncookiesSent");
    const count = 3000;
    await network.sendFrames(Array.from({ length: count }, (_, index) => syn(index + 1, 7200)));
    await expect.poll(() => total("syns")).toBe(count);
    const cookies = (await tcpExtension("SyncookiesSent")) - before;
    expect(cookies).toBeGreaterThan(0);
    await expect.poll(() => total("synCookiesSent")).toBe(cookies);
    expect(lines().at(-1)).toMatchObject({ pid: flooded.pid, uid: 4242, comm: "flooded", localAddress: server });
    expect(new Set(lines().map(({ localPort }) => localPort))).toEqual(new Set([7200]));
    // What is not answered by a cookie is remembered, up to the backlog, until it was answered often enough.
    expect(Math.max(...lines().map(({ synReceived }) => synReceived))).toBeGreaterThanOrEqual(count - cookies);
    const { stdout } = await network.exec("b", "ss", ["-Htan", "state", "syn-recv", "sport = :7200"]);
    expect(lines().at(-1)?.synReceived).toBe(stdout.split("\n").length - 1);
    running.child.kill("SIGINT");
    expect(await running.exit).toMatchObject({ code: 0 });
  });

  test("shows an accept queue that overflows", async () => {
    const [slow, client] = [await peers.start("b", "slow"), await peers.start("a", "client")];
    await slow.run(`listen ${server} 7300 1`);
    const { lines, total } = await watch(["--port", "7300"]);
    const before = await tcpExtension("ListenOverflows");
    for (const errno of ["", "", "ETIMEDOUT"]) {
      expect(await client.run(`connect ${server} 7300 300`)).toMatchObject({ errno });
    }
    const overflows = (await tcpExtension("ListenOverflows")) - before;
    expect(overflows).toBeGreaterThan(0);
    await expect.poll(() => total("acceptQueueOverflows")).toBe(overflows);
    expect(total("drops")).toBe(overflows);
    expect(lines().at(-1)).toMatchObject({ acceptQueue: 2, acceptQueueLimit: 1, syns: expect.any(Number) });
  });

  test.each([["--half-open"], ["--json"]])("without privileges is refused, with what mends it (%s)", async (option) => {
    const prefix = ["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
    const { exit } = startRingcap(["connections", option], { prefix });
    const { code, stdout, stderr } = await exit;
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^ringcap: error: .*EPERM.*\nringcap: run it as root/);
  });

  test.each([
    ["--host 192.0.2.1", "--host: does not go with --half-open"],
    ["--max-connections 2048", "--max-connections: does not go with --half-open"],
    ["--interval 0", "--interval: "],
  ])("refuses %s", async (words, message) => {
    const { exit } = startRingcap(["connections", "--half-open", ...words.split(" ")]);
    expect(await exit).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
