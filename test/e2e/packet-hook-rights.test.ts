import { spawnSync } from "node:child_process";
import { chmodSync, constants, copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAddsUp, hexOf } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { installCopy } from "../support/installation.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { nobodyWithNetRaw, rootWithNetRaw } from "../support/network-raw.ts";
import { readableByAll, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "setpriv", "setcap", "tcpreplay", "tcpdump", "tshark", "capinfos", "editcap"),
];
const synToPort80 = ["--port", "80", "--tcp-flags", "syn,!ack"];

const mixture = knownMixture();
const frames = mixture.map(({ frame }) => frame);
const wanted = mixture.filter((each) => each.wanted).map(({ frame }) => frame);

const reason =
  /^ringcap: create a ring buffer of \d+ MiB: .*EPERM \(Operation not permitted\); capturing at packet, with libpcap: XDP and TC need CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON$/m;

/** Words before a command of node that run a copy of it, which has the capability itself, as another user. */
function nodeWithNetRaw(directory: string): string[] {
  const node = join(directory, "node");
  copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE);
  chmodSync(node, 0o755);
  expect(spawnSync("setcap", ["cap_net_raw+ep", node]).status).toBe(0);
  const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  return [...user, "sh", "-c", 'shift; exec "$0" "$@"', node];
}

describeWith(needed, "a capture with CAP_NET_RAW as the only capability", () => {
  test.each([
    ["root in a container", () => rootWithNetRaw],
    ["another user", () => nobodyWithNetRaw],
    ["whoever runs a copy of node that has it", nodeWithNetRaw],
  ])("of %s has the known mixture byte for byte, and says why it is no BPF program's", async (_who, wordsIn) => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    chmodSync(directory, 0o777);
    const path = join(directory, "x.pcap");
    const ringcap = startRingcap(["-i", "v0", ...synToPort80, "-s", "0", "-w", path, "--json"], {
      script: installCopy().script,
      prefix: [...network.commandIn("b"), ...wordsIn(directory)],
    });
    await ringcap.listening();
    await network.sendFrames(frames);
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    const summary = await ringcap.json();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^listening on v0 \(packet, in\)/m);
    expect((await readPcapWithEditcap(path)).map(({ hex }) => hex)).toEqual(hexOf(wanted));
    expect(await readableByAll(path)).toEqual([]);
    expect(summary).toMatchObject({
      interfaces: [{ name: "v0", hook: "packet", direction: "in", linkType: 1 }],
      packets: { matched: wanted.length, written: wanted.length, ringDropped: 0, overLimit: 0, writeFailed: 0 },
    });
    expectAddsUp(summary);
  });

  test.each([
    ["--action drop", "--action"],
    ["--pid 1", "--pid"],
  ])("refuses %s, which libpcap cannot do, with the reason", async (words, option) => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), ...rootWithNetRaw];
    const { code, stderr } = await startRingcap(["-i", "v0", ...words.split(" ")], { prefix }).exit;
    expect(stderr).toMatch(new RegExp(`^ringcap: error: .*EPERM .*; without BPF, ${option} cannot be done$`, "m"));
    expect(code).toBe(1);
  });
});
