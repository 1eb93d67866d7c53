/** The programs of examples/, run as their first lines say. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { compileExamples } from "../support/example-programs.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { toolbox } from "../support/github-runner.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const flood = "examples/ci/captures/flood.pcap";
/** A user who is not root. */
const CALLER = 65534;
const names = ["capture-to-file", "connections", "live-statistics", "read-a-capture", "report-of-a-file"];

let compiled: Awaited<ReturnType<typeof compileExamples>>;
beforeAll(async () => {
  compiled = await compileExamples(names);
});
afterAll(() => compiled.remove());

const program = (name: string) => join(compiled.directory, `${name}.mjs`);

test("every program of examples/ is run here, or by vitest", () => {
  const programs = readdirSync("examples").filter((name) => name.endsWith(".ts"));
  expect(programs).toEqual(names.map((name) => `${name}.ts`));
});

describe("the examples that need no privileges", () => {
  test("read-a-capture counts the SYNs by their target", async () => {
    const { stdout } = await runOrFail(process.execPath, [program("read-a-capture"), flood]);
    const counts = stdout
      .trim()
      .split("\n")
      .map((line) => /^(\d+) SYNs to 198\.51\.100\.2 port (?:80|443)$/.exec(line)?.[1]);
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(54);
  });

  test("report-of-a-file says that it was a flood", async () => {
    const { stdout } = await runOrFail(process.execPath, [program("report-of-a-file"), flood]);
    expect(stdout).toMatch(/^SYN flood of 198\.51\.100\.2/);
    expect(stdout).toContain("\n60 packets in ");
  });
});

interface Running {
  /** What it has written so far. */
  output(): string;
  /** Resolves once the output has the text. */
  says(pattern: RegExp): Promise<void>;
  /** Sends SIGINT to it and its children, as a terminal does. @returns all that it has written */
  interrupt(): Promise<string>;
}

function start(network: TestNetwork, command: readonly string[], env: NodeJS.ProcessEnv = process.env): Running {
  const [word = "", ...words] = [...network.commandIn("b"), ...command];
  const child: ChildProcessWithoutNullStreams = spawn(word, words, { detached: true, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const signal = (name: NodeJS.Signals) =>
    child.exitCode === null && child.pid !== undefined && process.kill(-child.pid, name);
  onTestFinished(async () => {
    if (child.signalCode === null) signal("SIGKILL");
    await ended;
  });
  return {
    output: () => output,
    says: (pattern) => expect.poll(() => (child.exitCode === null ? output : `it ended: ${output}`)).toMatch(pattern),
    interrupt: async () => {
      signal("SIGINT");
      expect(await ended, output).toBe(0);
      return output;
    },
  };
}

/** A connection over loopback, from beginning to end. */
const CONNECTION = `
  const { connect, createServer } = require("node:net");
  const server = createServer((socket) => socket.resume().on("end", () => socket.end())).listen(4443, "127.0.0.1", () => {
    connect(4443, "127.0.0.1").end("hello").resume().once("close", () => server.close());
  });
`;

describeWith(
  [requirements.bpf, requirements.namespaces, requirements.tools("tshark", "tcpreplay")],
  "the examples that capture",
  () => {
    test("record, count and follow what happens in the network, until Ctrl-C", async () => {
      await using network = await TestNetwork.create();
      await network.exec("b", "ip", ["link", "set", "lo", "up"]);
      const directory = temporaryDirectory();
      chmodSync(directory, 0o755);
      const tools = await toolbox(join(directory, "tools"), { ringcap: resolve("bin/ringcap.cjs") });
      const file = join(directory, "syn.pcapng");
      const recorded = join(directory, "recorded");

      const toFile = start(network, [process.execPath, program("capture-to-file"), "v0", file]);
      const statistics = start(network, [process.execPath, program("live-statistics"), "v0"]);
      const followed = start(network, [process.execPath, program("connections"), "4443"]);
      const recording = start(network, [resolve("examples/record-flood.sh"), "v0", recorded], {
        ...process.env,
        PATH: `${tools}:${process.env.PATH}`,
        // As sudo starts it: the capture becomes that user, and makes its files as that user.
        SUDO_UID: String(CALLER),
        SUDO_GID: String(CALLER),
      });
      await toFile.says(/^capturing on v0 \((?:xdp|tc)/m);
      await statistics.says(/^counting on v0 \((?:xdp|tc)/m);
      await followed.says(/^following connections/m);
      await recording.says(/^listening on v0 /m);

      const frame = (flags: ("syn" | "ack")[]) =>
        ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, flags }) }) });
      await network.sendFrames([...Array.from({ length: 20 }, () => frame(["syn"])), frame(["ack"])]);
      await network.exec("b", process.execPath, ["-e", CONNECTION]);

      // The frames may have come in two windows.
      const counted = () => {
        const lines = [...statistics.output().matchAll(/ (\d+) packets, (\d+) SYNs$/gm)];
        return [1, 2].map((group) => lines.reduce((sum, line) => sum + Number(line[group]), 0));
      };
      await expect.poll(counted).toEqual([21, 20]);
      await followed.says(/^\S+ \(\d+\) to 127\.0\.0\.1 port 4443: 5 bytes sent, 0 received, fin$/m);
      await Promise.all([statistics.interrupt(), followed.interrupt()]);
      expect(await toFile.interrupt()).toContain(`20 of 20 SYNs are in ${file}\n`);
      expect(await recording.interrupt()).toContain(`open ${recorded}/report.html\n`);

      const [capture = ""] = readdirSync(recorded).filter((name) => name.endsWith(".pcapng"));
      for (const path of [file, join(recorded, capture)]) {
        const { stdout } = await runOrFail("tshark", ["-r", path, "-Y", "tcp.flags.syn == 1 && tcp.flags.ack == 0"]);
        expect(stdout.trim().split("\n"), path).toHaveLength(20);
      }
      expect(statSync(join(recorded, capture)).uid).toBe(CALLER);
      expect(existsSync(join(recorded, "report.html"))).toBe(true);
      expect(readFileSync(join(recorded, "report.html"), "utf8")).toContain("<html");
    });

    test("say what to do where they may not capture", async () => {
      await using network = await TestNetwork.create();
      const { code, stderr } = await network.exec("b", process.execPath, [program("capture-to-file"), "nothere", "x"]);
      expect(code).toBe(1);
      const [message, hint, end] = stderr.split("\n");
      expect(message).toContain("nothere");
      expect(hint).not.toBe("");
      expect(end).toBe("");
    });
  },
);
