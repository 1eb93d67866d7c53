/** A capture while a command runs: what is in the file, whose streams they are, and whose status is handed on. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningRingcap, startRingcap } from "../support/cli.ts";
import { namedPipe, stalledReader } from "../support/named-pipe.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "mkfifo", "python3", "sh", "tshark"),
];
const [peer = ""] = networkAddresses.a[0].split("/");

/** Sends one UDP datagram for each argument, to the port of that number. */
const SEND = `
import socket, sys
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in sys.argv[1:]: sender.sendto(b"datagram", ("${peer}", int(port)))
`;
const send = (...ports: number[]) => ["python3", "-c", SEND, ...ports.map(String)];

/** Prints the sockets that are open in it, besides the standard streams. */
const INHERITED = `
import os
names = []
for number in os.listdir("/proc/self/fd"):
    try: names += [os.readlink("/proc/self/fd/" + number)] if int(number) > 2 else []
    except OSError: pass
print([name for name in names if name.startswith("socket:")])
`;

/** Says that it is there, waits for SIGTERM or SIGINT, sends a datagram for each, and ends after those that are wanted. */
const UNTIL_SIGNALLED = `
import os, signal, socket, sys
wanted = int(sys.argv[1])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def handle(number, _):
    global wanted
    wanted -= 1
    sender.sendto(b"datagram", ("${peer}", 7000 + number))
    os.write(1, b"%d\\n" % number)
    if wanted == 0: os._exit(9)
signal.signal(signal.SIGTERM, handle)
signal.signal(signal.SIGINT, handle)
os.write(1, b"ready\\n")
while True: signal.pause()
`;

/** Runs a command in a session of its own whose terminal is in its hands, and types Ctrl-C for each line that it reads. */
const TERMINAL = `
import os, pty, sys, threading
child, master = pty.fork()
if child == 0: os.execvp(sys.argv[1], sys.argv[1:])
def show():
    try:
        while text := os.read(master, 65536): os.write(1, text)
    except OSError: pass
reader = threading.Thread(target=show)
reader.start()
def type_keys():
    for _ in sys.stdin: os.write(master, b"\\x03")
threading.Thread(target=type_keys, daemon=True).start()
_, status = os.waitpid(child, 0)
reader.join()
os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
`;

let network: TestNetwork;

function capture(args: readonly string[], command: readonly string[], prefix: readonly string[] = []): RunningRingcap {
  const direction = args.includes("-Q") ? [] : ["-Q", "out"];
  const words = ["capture", "-i", network.receiver, ...direction, ...args, "--", ...command];
  return startRingcap(words, { prefix: [...network.commandIn("b"), ...prefix] });
}

async function portsIn(path: string): Promise<number[]> {
  return (await tsharkFields(path, ["udp.dstport"])).map((fields) => Number(fields["udp.dstport"]));
}

const printed = ({ stdout }: RunningRingcap, text: string) => expect.poll(() => stdout().toString()).toContain(text);

describeWith(needed, "a capture while a command runs", () => {
  beforeAll(async () => {
    network = await TestNetwork.create({ addresses: networkAddresses });
  });
  afterAll(() => network?.destroy());

  test("has all that the expression lets through, from its first packet to its last", async () => {
    const path = join(temporaryDirectory(), "all.pcap");
    const running = capture(["-w", path, "--json", "udp", "portrange", "7001-7003"], send(7001, 7002, 9, 7003));
    const { code, stdout, stderr } = await running.exit;
    expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: 0, stdout: "" });
    expect(await portsIn(path)).toEqual([7001, 7002, 7003]);
    expect((await running.json("stderr")).packets).toMatchObject({ matched: 3, written: 3 });
  });

  test("leaves it the standard streams, and shows packet lines among the messages", async () => {
    const running = capture(["-U"], ["sh", "-c", 'cat; echo bad >&2; exec "$@"', "sh", ...send(9009)]);
    running.child.stdin.end("typed\n");
    const { code, stdout, stderr } = await running.exit;
    expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: 0, stdout: "typed\n" });
    expect(stderr).toMatch(/^listening on (.*\n)*bad\n(.*\n)*.*\.9009: UDP, length 8\n1 packet captured$/m);
  });

  test.each([
    ["0", "exit 0", 0],
    ["of its own", "exit 7", 7],
    ["of a signal", "kill -KILL $$", 128 + 9],
  ])("exits with its status: %s", async (_, script, status) => {
    const running = capture(["-w", join(temporaryDirectory(), "none.pcap")], ["sh", "-c", script]);
    const { code, stderr } = await running.exit;
    expect(code, stderr).toBe(status);
    expect(stderr).toMatch(/^listening on .*\n(ringcap: .*\n)*0 packets captured$/m);
    expect(stderr).not.toMatch(/error/);
  });

  test.each([
    ["1 where it succeeded", 0, 1],
    ["its status where it failed, too", 7, 7],
  ])("that is incomplete exits with %s", async (_, status, expected) => {
    const pipe = namedPipe();
    const goAway = stalledReader(pipe);
    const script = `echo ready; read line; "$@" </dev/null; exit ${status}`;
    const running = capture(["-w", pipe], ["sh", "-c", script, "sh", ...send(9009)]);
    await printed(running, "ready\n");
    goAway();
    running.child.stdin.end("on\n");
    const { code, stderr } = await running.exit;
    expect(code, stderr).toBe(expected);
    expect(stderr).toContain(`ringcap: error: write ${pipe}: `);
  });

  test.each(["xdp", "tc", "packet"])("leaves it no socket of the capture: --hook %s", async (hook) => {
    const path = join(temporaryDirectory(), "x.pcap");
    const direction = hook === "xdp" ? ["-Q", "in"] : [];
    const running = capture(
      ["--hook", hook, ...direction, "--user", "nobody", "-w", path],
      ["python3", "-c", INHERITED],
    );
    const { code, stdout, stderr } = await running.exit;
    expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: 0, stdout: "[]\n" });
  });

  test("starts it as the user of --user, at home there and without capabilities", async () => {
    const script = "id -u; id -g; echo $HOME; sed -n 's/^CapEff:\\t//p; s/^NoNewPrivs:\\t//p' /proc/self/status";
    const { code, stdout, stderr } = await capture(["--user", "nobody"], ["sh", "-c", script]).exit;
    const [, , uid, gid, , home] = /^nobody:.*$/m.exec(readFileSync("/etc/passwd", "utf8"))?.[0].split(":") ?? [];
    expect(code, stderr).toBe(0);
    expect(stdout.toString().trimEnd().split("\n")).toEqual([uid, gid, home, "0000000000000000", "1"]);
  });

  test("says what cannot be started, and ends in order", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const plain = join(directory, "plain");
    writeFileSync(plain, "no program");
    for (const [name, status, reason] of [
      [
        "no-such-program",
        127,
        /^ringcap: error: start the command no-such-program: there is no such program \(ENOENT\)$/m,
      ],
      [plain, 126, /^ringcap: error: start the command .*plain: it is not executable \(EACCES\)$/m],
    ] as const) {
      const path = join(directory, `${status}.pcap`);
      const { code, stderr } = await capture(["-w", path], [name]).exit;
      expect(code, stderr).toBe(status);
      expect(stderr).toMatch(reason);
      expect(stderr).toMatch(/^0 packets captured$/m);
      expect(await portsIn(path)).toEqual([]);
    }
  });

  test("ends with it, whatever it leaves running", async () => {
    const background = "sleep 100000 </dev/null >/dev/null 2>&1 & exit 3";
    const { code, stderr } = await capture([], ["sh", "-c", background]).exit;
    expect(code, stderr).toBe(3);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("hands %s on, and captures until it ends", async (signal) => {
    const path = join(temporaryDirectory(), "signalled.pcap");
    const running = capture(["-w", path, "udp"], ["python3", "-c", UNTIL_SIGNALLED, "2"]);
    const number = signal === "SIGTERM" ? 15 : 2;
    await printed(running, "ready\n");
    running.child.kill(signal);
    await printed(running, `ready\n${number}\n`);
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.exit;
    expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: 9, stdout: `ready\n${number}\n${number}\n` });
    expect(await portsIn(path)).toEqual([7000 + number, 7000 + number]);
  });

  test("leaves Ctrl-C to the terminal, which sends it to both", async () => {
    const path = join(temporaryDirectory(), "typed.pcap");
    const terminal = ["python3", "-c", TERMINAL];
    const running = capture(["-w", path, "udp"], ["python3", "-c", UNTIL_SIGNALLED, "2"], terminal);
    await printed(running, "ready\r\n");
    running.child.stdin.write("\n");
    await printed(running, "2\r\n");
    running.child.kill("SIGCONT"); // does nothing to it
    running.child.stdin.write("\n");
    expect((await running.exit).code).toBe(9);
    expect(
      running
        .stdout()
        .toString()
        .match(/^(?:\^C)?2\r$/gm),
    ).toHaveLength(2);
    expect(await portsIn(path)).toEqual([7002, 7002]);
  });

  test("that came to its count says so, and waits for the command", async () => {
    const path = join(temporaryDirectory(), "counted.pcap");
    const script = 'exec 3<&0; "$@" </dev/null; cat <&3; exit 5';
    const running = capture(["-w", path, "-c", "2", "udp"], ["sh", "-c", script, "sh", ...send(7001, 7002, 7003)]);
    await running.waitForStderr(/^2 packets captured$/m);
    expect(running.child.exitCode).toBeNull();
    running.child.stdin.end("still here");
    const { code, stdout } = await running.exit;
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 5, stdout: "still here" });
    expect(await portsIn(path)).toEqual([7001, 7002]);
  });

  test.each([
    ["-w -", ["-w", "-"], "--write: standard output belongs to the command behind --"],
    ["-w /dev/stdout", ["-w", "/dev/stdout"], "--write: standard output belongs to the command behind --"],
    ["-r", ["-r", "x.pcap"], "-r: does not go with a command behind --"],
    ["-D", ["-D"], "-D: lists interfaces, and goes with no other option"],
  ])("is refused together with %s", async (_, options, message) => {
    const { code, stderr } = await startRingcap(["capture", ...options, "--", "echo", "started"]).exit;
    expect(code).toBe(2);
    expect(stderr).toContain(`ringcap: error: ${message}`);
  });
});
