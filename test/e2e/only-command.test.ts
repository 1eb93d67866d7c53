/** --only-command: the packets of a command and of what it starts, beside another process that sends the same. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ip, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { type End, networkAddresses, TestNetwork } from "../support/network.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "nsenter", "python3", "tcpdump", "editcap", "capinfos", "tshark"),
];
const addressOf = (text: string) => text.split("/")[0] ?? "";
const there = { ipv4: addressOf(networkAddresses.a[0]), ipv6: addressOf(networkAddresses.a[1]) };
const here = addressOf(networkAddresses.b[0]);
const SERVER_PORT = 7000;

/** Answers every connection, and every datagram, with what it was sent. */
const SERVER = `
import os, socket, sys, threading
port = int(sys.argv[1])
wanted = int(sys.argv[2]) if len(sys.argv) > 2 else None
tcp = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1000)
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind(("::", port))
def datagrams():
    while True:
        data, sender = udp.recvfrom(100)
        udp.sendto(data, sender)
threading.Thread(target=datagrams, daemon=True).start()
os.write(1, b"serving\\n")
while wanted is None or wanted > 0:
    if wanted is not None: wanted -= 1
    connection, _ = tcp.accept()
    while data := connection.recv(100): connection.sendall(data)
    connection.close()
`;

/** From a port of its own it sends a datagram and receives it, and does the same in a connection, until the kernel says that it is over. */
const CLIENT = `
import socket, sys
address, port, own = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
udp = socket.socket(family, socket.SOCK_DGRAM)
udp.bind(("", own))
udp.sendto(b"datagram", (address, port))
udp.recv(100)
tcp = socket.socket(family)
tcp.bind(("", own))
tcp.connect((address, port))
tcp.sendall(b"stream")
tcp.recv(100)
tcp.close()
TIME_WAIT = "06"
def is_over():
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        for line in open(table).readlines()[1:]:
            fields = line.split()
            if fields[1].endswith(":%04X" % own) and fields[3] == TIME_WAIT: return True
while not is_over(): pass
`;

const FLOOD = `
import os, socket, sys, time
address, port = sys.argv[1], int(sys.argv[2])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
told = False
while True:
    udp.sendto(b"datagram", (address, port))
    with socket.create_connection((address, port)) as tcp:
        tcp.sendall(b"stream")
        tcp.recv(100)
    if not told: os.write(1, b"flooding\\n")
    told = True
    time.sleep(0.002)
`;
const python = (script: string, ...words: (string | number)[]) => ["python3", "-c", script, ...words.map(String)];

let network: TestNetwork;
/** No two tests share one. */
let port = 7100;

/** Starts a program that goes on until the test ends; resolves once it has said something. */
async function startBeside(end: End, command: readonly string[]): Promise<void> {
  const [program = "", ...words] = command;
  const child = network.spawn(end, program, words);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await new Promise<void>((resolve, reject) => {
    let messages = "";
    child.stderr.on("data", (chunk: Buffer) => {
      messages += chunk;
    });
    child.stdout.once("data", () => resolve());
    child.once("close", () => reject(new Error(messages)));
  });
}

/** Runs a command in a capture of its own packets, without taking cgroups out of sight as `ip netns exec` does. */
function capture(path: string, device: string, command: readonly string[]) {
  const options = ["-i", device, "-Q", "inout", "-s", "0", "-w", path, "--only-command"];
  const prefix = ["nsenter", `--net=/run/netns/${network.namespaces.b}`];
  return startRingcap(["capture", ...options, "--", ...command], { prefix });
}

/** That the file has what tcpdump captured with the expression, in full from the first packet to the end of the connection. */
async function expectWholeFlow(path: string, judged: Awaited<ReturnType<typeof startTcpdump>>): Promise<void> {
  const packets = await readPcapWithEditcap(path);
  expect(packets.map(({ hex }) => hex)).toEqual((await judged.packets(packets.length)).map(({ hex }) => hex));
  const flags = (await tsharkFields(path, ["tcp.flags"], { filter: "tcp" })).map((fields) => fields["tcp.flags"]);
  expect(flags[0]).toBe("0x0002");
  expect(flags.filter((flag) => Number(flag) & 1)).toHaveLength(2);
  expect(flags.at(-1)).toBe("0x0010");
  expect(await tsharkFields(path, ["udp.length"], { filter: "udp" })).toHaveLength(2);
}

describeWith(needed, "--only-command", () => {
  beforeAll(async () => {
    network = await TestNetwork.create({ addresses: networkAddresses });
    await ip(network, "b", "link set lo up");
  });
  afterAll(() => network?.destroy());

  test.each([
    ["itself, over IPv4", there.ipv4, (client: string[]) => client],
    ["itself, over IPv6", there.ipv6, (client: string[]) => client],
    [
      "a child of a child",
      there.ipv4,
      (client: string[]) => ["sh", "-c", 'sh -c \'"$@" & wait\' sh "$@"; exit $?', "sh", ...client],
    ],
  ])("has the whole exchange of the command, made by %s", async (_, address, madeBy) => {
    const own = port++;
    const path = join(temporaryDirectory(), "client.pcap");
    await startBeside("a", python(SERVER, SERVER_PORT));
    await startBeside("b", python(FLOOD, there.ipv4, SERVER_PORT));
    const all = await startTcpdump(network, "b", ["-i", network.receiver, "-s", "0", `port ${own}`]);
    const { code, stderr } = await capture(path, network.receiver, madeBy(python(CLIENT, address, SERVER_PORT, own)))
      .exit;
    expect(code, stderr).toBe(0);
    await expectWholeFlow(path, all);
  });

  test("has the whole exchange of a command that serves, beside another server", async () => {
    const [own, others] = [port++, port++];
    const path = join(temporaryDirectory(), "server.pcap");
    await startBeside("b", python(SERVER, others));
    const all = await startTcpdump(network, "b", ["-i", network.receiver, "-s", "0", `port ${own}`]);
    const running = capture(path, network.receiver, python(SERVER, own, 1));
    await expect.poll(() => running.stdout().toString()).toBe("serving\n");
    for (const to of [others, own]) {
      const [program = "", ...words] = python(CLIENT, here, to, port++);
      expect(await network.exec("a", program, words)).toMatchObject({ code: 0 });
    }
    const { code, stderr } = await running.exit;
    expect(code, stderr).toBe(0);
    await expectWholeFlow(path, all);
  });

  test("has both directions at the loopback interface, where the other end is another process's", async () => {
    const own = port++;
    const path = join(temporaryDirectory(), "loopback.pcap");
    await startBeside("b", python(SERVER, SERVER_PORT));
    await startBeside("b", python(FLOOD, "127.0.0.1", SERVER_PORT));
    const all = await startTcpdump(network, "b", ["-i", "lo", "-Q", "in", "-s", "0", `port ${own}`]);
    const { code, stderr } = await capture(path, "lo", python(CLIENT, "127.0.0.1", SERVER_PORT, own)).exit;
    expect(code, stderr).toBe(0);
    await expectWholeFlow(path, all);
  });

  test("says where it cannot see the command's UDP sockets, and has its connections", async () => {
    const own = port++;
    const path = join(temporaryDirectory(), "connection.pcap");
    await startBeside("a", python(SERVER, SERVER_PORT));
    const options = ["-i", network.receiver, "-Q", "inout", "-w", path, "--only-command"];
    const client = python(CLIENT, there.ipv4, SERVER_PORT, own);
    const { code, stderr } = await startRingcap(["capture", ...options, "--", ...client], {
      prefix: network.commandIn("b"),
    }).exit;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /^ringcap: UDP packets of the command are not captured: cgroup version 2 is not mounted here/m,
    );
    const flags = (await tsharkFields(path, ["tcp.flags"])).map((fields) => fields["tcp.flags"]);
    expect([flags[0], flags.at(-1)]).toEqual(["0x0002", "0x0010"]);
  });

  test.each([
    ["without a command", ["--only-command"], "--only-command: there is no command"],
    ["at XDP", ["--only-command", "--hook", "xdp", "--", "true"], "--only-command: an XDP program cannot tell"],
    ["with libpcap", ["--only-command", "--hook", "packet", "--", "true"], "--only-command: libpcap cannot tell"],
  ])("is refused by name %s", async (_, options, message) => {
    const { code, stderr } = await startRingcap(["capture", "-i", "lo", ...options]).exit;
    expect(code).toBe(2);
    expect(stderr).toContain(`ringcap: error: ${message}`);
  });
});
