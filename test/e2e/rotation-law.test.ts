/**
 * The law of conservation over whole commands with random options and signals at random moments: every packet that matched is
 * accounted for, and what is in the files is what was written. ROTATION_COMMANDS in the environment is the number of rounds.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { expectAddsUp } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { random } from "../support/random.ts";
import { run, runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const ROUNDS = Number(process.env.ROTATION_COMMANDS ?? 3);
/** One in so many rounds is read in whole by every tool. */
const READ_EVERY = 10;
const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpdump", "tshark", "capinfos", "mergecap", "editcap", "reordercap"),
];
const SIGNALS = ["SIGUSR1", "SIGUSR2", "SIGHUP"] as const;
const ZSTD = "zstdCompress" in (await import("node:zlib"));

interface Round {
  readonly words: readonly string[];
  readonly name: string;
  readonly frames: number;
  readonly perSecond: number;
  /** Milliseconds before each signal, and the signal. */
  readonly signals: readonly (readonly [number, NodeJS.Signals])[];
}

function roundOf(seed: number): Round {
  const next = random(seed);
  const upTo = (most: number) => 1 + Math.floor(next() * most);
  const some = (chance: number, option: string, value: () => string) => (next() < chance ? [option, value()] : []);
  const compressions = ["", "", ".gz", ...(ZSTD ? [".zst"] : [])];
  const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)] as T;
  const name = `${pick(["x", "x-%s", "%n-x"])}${pick([".pcap", ".pcapng"])}${pick(compressions)}`;
  const size = upTo(300);
  const rotation = [
    ...some(0.5, "-C", () => `${size}k`),
    ...some(0.3, "--rotate-packets", () => `${20 + upTo(2000)}`),
    ...some(0.3, "-G", () => "1"),
  ];
  const words = [
    ...(rotation.length > 0 ? rotation : ["-C", `${size}k`]),
    ...some(0.2, "-W", () => `${upTo(5)}`),
    ...some(0.2, "--keep-size", () => `${2 * size + upTo(300)}k`),
    ...some(0.3, "-s", () => `${20 + upTo(100)}`),
    ...some(0.3, "--time-stamp-precision", () => pick(["micro", "nano"])),
    ...some(0.3, "-c", () => `${upTo(6000)}`),
    ...some(0.3, "--duration", () => `${upTo(900)}ms`),
    ...some(0.2, "--hook", () => pick(["tc", "xdp-generic"])),
  ];
  const signals = Array.from({ length: upTo(6) - 1 }, () => [upTo(80), pick(SIGNALS)] as const);
  return { words, name, frames: upTo(8000), perSecond: pick([10_000, 50_000, Number.POSITIVE_INFINITY]), signals };
}

/** What tshark with every detail and the tools that rewrite files complain of. */
async function complaints(path: string): Promise<string[]> {
  const out = join(temporaryDirectory(), "out");
  const tools = [
    ["tshark", "-n", "-V", "-r", path],
    ["editcap", path, out],
    ["reordercap", path, out],
    ["mergecap", "-w", out, path],
  ] as const;
  // tcpdump reads nothing that is compressed.
  const lines = (await readableByAll(path)).filter(
    (line) => !/\.(?:gz|zst)$/.test(path) || !line.startsWith("tcpdump"),
  );
  for (const [tool, ...words] of tools) {
    const { code, stderr } = await run(tool, words);
    const said = stderr.split("\n").filter((line) => line !== "" && !/^Running as user "root"/.test(line));
    if (code !== 0 || said.length > 0) lines.push(`${tool}: exit code ${code} ${said.join(" ")}`);
  }
  return lines;
}

describeWith(needed, "every packet that matched is accounted for", () => {
  test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))("round %i", async (seed) => {
    const { words, name, frames, perSecond, signals } = roundOf(seed);
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const options = ["-i", "v0", ...words, "-w", join(directory, name), "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    const flood = startFlood(network, { frames, perSecond });
    // The moments are what is tried here: nothing is waited for.
    for (const [milliseconds, signal] of signals) {
      await setTimeout(milliseconds);
      ringcap.child.kill(signal);
    }
    await flood.done;
    ringcap.child.kill("SIGINT");
    const { code, signal, stderr } = await ringcap.exit;
    const summary = await ringcap.json();
    const context = `${options.join(" ")}: ${JSON.stringify(summary.packets)} ${stderr}`;
    const { packets, rotation } = summary;
    expectAddsUp(summary);
    expect([signal, packets.writeFailed], context).toEqual([null, 0]);
    expect(code, context).toBe(packets.ringDropped > 0 ? 1 : 0);
    const left = readdirSync(directory).map((file) => join(directory, file));
    expect(left.toSorted(), context).toEqual(summary.files.slice(summary.files.length - left.length).toSorted());
    expect(left.length, context).toBe((rotation?.written ?? 0) - (rotation?.removed ?? 0));
    let inFiles = 0;
    for (const path of left) inFiles += (await capinfos(path)).packets;
    if (rotation?.removed === 0) expect(inFiles, context).toBe(packets.written);
    else expect(inFiles, context).toBeLessThanOrEqual(packets.written);
    if (seed % READ_EVERY === 0) {
      for (const path of left.slice(0, 5)) expect(await complaints(path), context).toEqual([]);
      const merged = join(temporaryDirectory(), "merged");
      await runOrFail("mergecap", ["-a", "-w", merged, ...left]);
      expect((await capinfos(merged)).packets).toBe(inFiles);
    }
    await expectNothingAttached(network);
  });
});
