import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { main, type RunningRingcap, startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { listeningPorts } from "../support/inspector.ts";
import { namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tcpreplay", "mkfifo", "nsenter")];
const frame = ethernet({ payload: ipv4({ payload: tcp() }) });

/** Bits of the masks in /proc/<pid>/status, which begin with signal 1. */
const SIGUSR1 = 1n << 9n;
const SIGUSR2 = 1n << 11n;

function signalMask(pid: number | undefined, name: "SigBlk" | "SigCgt"): bigint {
  const text = new RegExp(`^${name}:\\s*([0-9a-f]+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return BigInt(`0x${text ?? "0"}`);
}

/** Both signals are taken, whatever was on their way before. */
async function takesUserSignals({ child }: RunningRingcap): Promise<void> {
  const taken = () => signalMask(child.pid, "SigCgt") & (SIGUSR1 | SIGUSR2);
  await expect.poll(taken).toBe(SIGUSR1 | SIGUSR2);
}

describeWith(needed, "SIGUSR1 and SIGUSR2", () => {
  test("print the counts of a capture so far and write its packets, while it goes on", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const ringcap = startRingcap(["-i", "v0", "-w", path], { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([frame, frame]);
    ringcap.child.kill("SIGUSR2");
    await expect.poll(() => statSync(path).size).toBe(24 + 2 * (16 + frame.length));
    ringcap.child.kill("SIGUSR1");
    await ringcap.waitForStderr(/^2 packets captured\n2 packets received by filter\n0 packets dropped by kernel$/m);
    expect(listeningPorts(ringcap.child.pid)).toEqual([]);
    await network.sendFrames([frame]);
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0, stderr: expect.stringMatching(/^3 packets captured$/m) });
  });

  /** Each waits for its input or for a reader of its output. */
  const waiting: [string, string[]][] = [
    ["replay", ["replay", "-", "--engine", "user"]],
    ["send", ["send", "-", "-i", "v0"]],
    ["connections", ["connections"]],
    ["connections --half-open", ["connections", "--half-open"]],
    ["compile", ["compile", "-ddd", `port ${Array.from({ length: 600 }, (_, port) => port + 1).join(" or ")}`]],
    ["verify", ["verify", "--reporter", "json", ...Array.from({ length: 40 }, () => "fixtures/suite.json")]],
    ["doctor", ["doctor"]],
  ];

  test.each(waiting)("neither end %s nor open anything", async (_name, args) => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    stalledReader(pipe);
    // ip netns exec would hide the mount of cgroups, which --half-open needs.
    const within = ["nsenter", `--net=/run/netns/${network.namespaces.b}`];
    const ringcap = startRingcap(args, { prefix: [...within, ...outputTo(pipe)] });
    // doctor's output always has room: it is sent the signals while it works.
    await takesUserSignals(ringcap);
    for (const signal of ["SIGUSR1", "SIGUSR2", "SIGUSR1", "SIGUSR2"] as const) ringcap.child.kill(signal);
    if (args[0] === "doctor") {
      expect(await ringcap.exit).toMatchObject({ signal: null, stderr: "" });
      return;
    }
    // Handled by then: signals go before what a process is asked for next.
    await expect.poll(() => signalMask(ringcap.child.pid, "SigBlk") & SIGUSR1).toBe(0n);
    expect(listeningPorts(ringcap.child.pid)).toEqual([]);
    expect({ code: ringcap.child.exitCode, signal: ringcap.child.signalCode }).toEqual({ code: null, signal: null });
    expect(ringcap.stderr()).not.toMatch(/Debugger|inspector/);
  });
});

/** The command as its file says that it is started. */
function startInstalled(args: readonly string[], env: NodeJS.ProcessEnv) {
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  const child = spawn(main, args, { env: { ...process.env, PATH: path, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const exit = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stderr })),
  );
  return { child, exit };
}

test.each(["--inspect", "--inspect=127.0.0.1:9230", "--inspect-brk", "--inspect-port=127.0.0.1:9231 --inspect"])(
  "NODE_OPTIONS=%s does not open the inspector of the installed command",
  async (options) => {
    const { child, exit } = startInstalled(["replay", "-", "--engine", "user"], { NODE_OPTIONS: options });
    await expect.poll(() => signalMask(child.pid, "SigCgt") & SIGUSR2).toBe(SIGUSR2);
    expect(listeningPorts(child.pid)).toEqual([]);
    child.stdin.end();
    const { code, stderr } = await exit;
    expect(code).toBe(3); // the empty input
    expect(stderr).not.toContain("Debugger listening");
  },
);

test("a SIGUSR1 before the first instruction of the installed command does not open the inspector", async () => {
  const { child, exit } = startInstalled(["replay", "-", "--engine", "user"], {});
  // Node.js holds the signal back until it is ready to answer it with the inspector (PlatformInit() of src/node.cc).
  await expect.poll(() => signalMask(child.pid, "SigBlk") & SIGUSR1, { interval: 1 }).toBe(SIGUSR1);
  child.kill("SIGUSR1");
  await expect.poll(() => signalMask(child.pid, "SigCgt") & SIGUSR2).toBe(SIGUSR2);
  expect(listeningPorts(child.pid)).toEqual([]);
  child.stdin.end();
  const { code, stderr } = await exit;
  expect(code).toBe(3);
  expect(stderr).not.toContain("Debugger listening");
});

test("an inspector that a module of NODE_OPTIONS opens is closed, and the installed command refuses to run", async () => {
  const module = join(temporaryDirectory(), "opens.cjs");
  writeFileSync(module, 'require("node:inspector").open(0, "127.0.0.1");');
  const { code, stderr } = await startInstalled(["--version"], { NODE_OPTIONS: `--require ${module}` }).exit;
  expect(stderr).toContain("ringcap: error: the inspector of Node.js is open");
  expect(code).toBe(2);
});

test("started by hand with an open inspector, the command closes it and refuses to run", async () => {
  const ringcap = startRingcap(["--version"], { env: { NODE_OPTIONS: "--inspect=127.0.0.1:0" } });
  const { code, stdout, stderr } = await ringcap.exit;
  expect(code).toBe(2);
  expect(stdout.toString()).toBe("");
  expect(stderr).toContain("ringcap: error: the inspector of Node.js is open");
});
