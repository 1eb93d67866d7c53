import { expect, test } from "vitest";
import { bpfObjectsOf, expectNothingAttached } from "../support/attachments.ts";
import { type RunningRingcap, startRingcap } from "../support/cli.ts";
import { floodWith, startFlood } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { inputFrom, namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "tcpreplay", "tcpdump", "tshark", "mkfifo", "head"),
];

/** ringcap in one end of a pipe, and a command in the other. */
async function startPipe(network: TestNetwork, options: readonly string[], command: string, args: readonly string[]) {
  const pipe = namedPipe();
  const [first = "", ...words] = [...inputFrom(pipe), command, ...args];
  const reader = network.spawn("b", first, words);
  const output: Buffer[] = [];
  const messages: Buffer[] = [];
  reader.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  reader.stderr.on("data", (chunk: Buffer) => messages.push(chunk));
  const ended = new Promise<number | null>((resolve) => reader.once("close", resolve));
  const ringcap = startRingcap(["-i", "v0", ...options], { prefix: [...network.commandIn("b"), ...outputTo(pipe)] });
  await ringcap.listening();
  return {
    ringcap,
    reader: { ended, output: () => Buffer.concat(output), messages: () => Buffer.concat(messages).toString() },
  };
}

const syn = (sequence: number) => ethernet({ payload: ipv4({ payload: tcp({ sequence }) }) });

/** Packets come until the process has ended, so few that its ring holds them however late it gets a CPU. */
async function endOf(ringcap: RunningRingcap, network: TestNetwork) {
  startFlood(network, { perSecond: 2000 });
  return ringcap.exit;
}

describeWith(needed, "a capture into a pipe", () => {
  test.each([
    ["a pcap", ["-w", "-"], ["-c", "100"]],
    ["lines", [], ["-n", "1"]],
  ])("of %s ends quietly when its reader has seen enough", async (_case, options, args) => {
    await using network = await TestNetwork.create();
    const { ringcap, reader } = await startPipe(network, options, "head", args);
    const objects = bpfObjectsOf(ringcap.child.pid);
    const { code, stderr } = await endOf(ringcap, network);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^listening on v0 .*\n\d+ packets captured\n\d+ packets received by filter\n\d+ packets dropped by kernel\n$/,
    );
    await expectNothingAttached(network, objects);
    expect(await reader.ended).toBe(0);
    const output = reader.output();
    if (options.length > 0) expect(output.length).toBe(100);
    else expect(output.toString()).toMatch(/^\S+ IP .* Flags \[S\].*\n$/);
  });

  test("ends quietly when its reader is gone before the start", async () => {
    await using network = await TestNetwork.create();
    // The reader has ended when bash, told by wait, starts the writer.
    const script = 'exec 3> >(exec <&-); wait $!; exec "$@" >&3 3>&-';
    const prefix = [...network.commandIn("b"), "bash", "-c", script, "bash"];
    const ringcap = startRingcap(["-i", "v0", "-w", "-"], { prefix });
    expect(await ringcap.exit).toMatchObject({ code: 0, stderr: "" });
    await expectNothingAttached(network);
  });

  test("that was named fails when its reader goes away, and counts what it could not write", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    const leave = stalledReader(pipe);
    const ringcap = startRingcap(["-i", "v0", "-w", pipe, "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    const objects = bpfObjectsOf(ringcap.child.pid);
    leave();
    const { code, stderr } = await endOf(ringcap, network);
    expect(code).toBe(1);
    expect(stderr).toContain(`error: write ${pipe}: its reader closed it`);
    const { packets } = await ringcap.json();
    expect(packets.writeFailed).toBeGreaterThan(0);
    expect(packets.written + packets.writeFailed + packets.ringDropped).toBe(packets.matched);
    await expectNothingAttached(network, objects);
  });

  test("has all that it wanted once the count is reached, however slow the reader is", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    stalledReader(pipe);
    const options = ["-i", "v0", "-B", "1", "-c", "2000", "-w", "-"];
    const ringcap = startRingcap(options, { prefix: [...network.commandIn("b"), ...outputTo(pipe)] });
    await ringcap.listening();
    // All that it wants is in the ring when it looks: of what comes later it takes only what the reader has room for.
    ringcap.child.kill("SIGSTOP");
    await floodWith(network, 2500, { perSecond: 5000 });
    ringcap.child.kill("SIGCONT");
    // Detached although the reader has taken nothing yet.
    await expectNothingAttached(network);
    await startFlood(network, { frames: 100_000 }).done;
    const reader = network.spawn("b", "cat", [pipe]);
    reader.stdout.resume();
    const { code, stderr } = await ringcap.exit;
    expect(stderr).toMatch(/^2000 packets captured$/m);
    expect(stderr).not.toContain("incomplete");
    expect(code).toBe(0);
  });

  test("ends quietly also when the reader had the messages too", async () => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), "bash", "-c", 'exec "$@" > >(head -n 1) 2>&1', "bash"];
    const ringcap = startRingcap(["-i", "v0"], { prefix });
    await expect.poll(() => ringcap.stdout().toString()).toMatch(/^listening on v0 .*\n$/);
    const objects = bpfObjectsOf(ringcap.child.pid);
    expect(await endOf(ringcap, network)).toMatchObject({ code: 0, stderr: "" });
    await expectNothingAttached(network, objects);
  });

  test.each([
    [
      "tcpdump",
      ["-l", "-nn", "-r", "-"],
      /^reading from file -, link-type EN10MB \(Ethernet\), snapshot length 128\n$/,
    ],
    ["tshark", ["-l", "-n", "-r", "-"], /^(Running as user "root".*\n)?$/],
  ])("shows each packet at once in %s, in a clean stream", async (command, args, messages) => {
    await using network = await TestNetwork.create();
    const { ringcap, reader } = await startPipe(network, ["-w", "-"], command, args);
    for (const sequence of [1, 2, 3]) {
      await network.sendFrames([syn(sequence)]);
      await expect.poll(() => lines(reader.output())).toHaveLength(sequence);
    }
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0, stderr: expect.stringContaining("\n3 packets captured\n") });
    expect(await reader.ended).toBe(0);
    expect(reader.messages()).toMatch(messages);
  });
});

function lines(output: Buffer): string[] {
  return output.toString().split("\n").slice(0, -1);
}
