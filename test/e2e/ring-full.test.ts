import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { startRingcap } from "../support/cli.ts";
import { floodWith } from "../support/flood.ts";
import { namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "mkfifo", "cat", "tcpdump", "tshark", "capinfos"),
];

describeWith(needed, "a capture whose rings run full", () => {
  test("behind a reader that stalls counts what had no room, and says what helps", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    const release = stalledReader(pipe);
    const prefix = [...network.commandIn("b"), ...outputTo(pipe)];
    const ringcap = startRingcap(["-i", "v0", "-B", "1", "-w", "-", "--json"], { prefix });
    await ringcap.listening();
    await floodWith(network, 400_000);
    const path = join(temporaryDirectory(), "read.pcap");
    const reader = spawn("cat", [pipe], { stdio: ["ignore", openSync(path, "w"), "inherit"] });
    const readerEnded = new Promise((resolve) => reader.once("close", resolve));
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    release();
    await readerEnded;
    const { packets } = await ringcap.json("stderr");
    expect(code).toBe(1);
    expect(stderr).toContain(
      `warning: the capture is incomplete: of ${packets.matched} packets that matched, ${packets.ringDropped} found the ring full (a larger --buffer-size`,
    );
    expect(packets).toMatchObject({ seen: packets.matched, writeFailed: 0, overLimit: 0 });
    expect(packets.ringDropped).toBeGreaterThan(10_000);
    expect(packets.written + packets.ringDropped).toBe(packets.matched);
    expect((await capinfos(path)).packets).toBe(packets.written);
    expect(await readableByAll(path)).toEqual([]);
    await expectNothingAttached(network);
  });
});
