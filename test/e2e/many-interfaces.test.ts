import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { CaptureReport } from "../../src/pipeline/run.ts";
import { bpfObjectsOf, expectNothingAttached } from "../support/attachments.ts";
import { ip, numberedFrames } from "../support/capturing.ts";
import { insist, startRingcap } from "../support/cli.ts";
import { buildHeldDetachment } from "../support/failing-calls.ts";
import { namedPipe } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "tcpreplay", "capinfos", "gcc", "mkfifo"),
];
const PAIRS = 32;

/** Pairs of which both ends are in b. @returns their names */
async function addPairs(network: TestNetwork): Promise<string[]> {
  const names: string[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    await ip(network, "b", `link add left${pair} type veth peer right${pair}`);
    for (const name of [`left${pair}`, `right${pair}`]) {
      await ip(network, "b", `link set ${name} up`);
      names.push(name);
    }
  }
  return names;
}

describeWith(needed, "a capture from 64 interfaces in both directions", () => {
  test("has written everything before the kernel lets go of them, and a further signal says nothing else", async () => {
    await using network = await TestNetwork.create();
    const names = await addPairs(network);
    const directory = temporaryDirectory();
    const path = join(directory, "many.pcap");
    const held = namedPipe();
    const args = [...names.flatMap((name) => ["-i", name]), "-Q", "inout", "--port", "80", "-w", path, "--json"];
    const ringcap = startRingcap(args, {
      prefix: network.commandIn("b"),
      env: { LD_PRELOAD: buildHeldDetachment(directory), HELD_DETACHMENT: held },
    });
    await ringcap.listening();
    const objects = bpfObjectsOf(ringcap.child.pid);
    const links = objects.filter(({ kind }) => kind === "link");
    expect(links).toHaveLength(2 * names.length);
    for (const device of ["left0", "right15", "left31"]) {
      await network.sendFrames(numberedFrames(10), { end: "b", device });
    }
    ringcap.child.kill("SIGINT");
    await expect.poll(() => ringcap.stdout().toString()).toMatch(/\}\n$/);
    const { packets } = JSON.parse(ringcap.stdout().toString()) as CaptureReport;
    // Each goes out of one end and comes in at the other.
    const count = 3 * 10 * 2;
    expect(packets).toMatchObject({ seen: count, matched: count, written: count, ringDropped: 0, overLimit: 0 });
    expect((await capinfos(path)).packets).toBe(count);
    // The places are still there, and what passes them is neither held up nor captured.
    expect(bpfObjectsOf(ringcap.child.pid).filter(({ kind }) => kind === "prog")).toEqual([]);
    await network.sendFrames(numberedFrames(10), { end: "b", device: "left0" });
    const ended = insist(ringcap, "SIGINT");
    const release = openSync(held, constants.O_RDWR);
    onTestFinished(() => closeSync(release));
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: expect.not.stringMatching(/stopped before/) });
    expect((await capinfos(path)).packets).toBe(count);
    await expectNothingAttached(network, links);
  });
});
