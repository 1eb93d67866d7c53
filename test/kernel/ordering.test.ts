import { join } from "node:path";
import { expect, test } from "vitest";
import { accountedFor, type FileCapture, startFileCapture } from "../support/capturing.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readPcapWithEditcap, writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "taskset", "editcap", "capinfos"),
];
const cpus = [0, 1];
const framesOfEach = 20_000;

/** Sends from one CPU, with its number in the source port; each frame says its place in the payload length. */
async function sendFrom(network: TestNetwork, cpu: number): Promise<void> {
  const path = join(temporaryDirectory(), `cpu-${cpu}.pcap`);
  const data = ethernet({ payload: ipv4({ payload: udp({ sourcePort: 1000 + cpu }) }) });
  writePcap(path, Array<{ data: Uint8Array }>(100).fill({ data }));
  const words = ["-c", `${cpu}`, "tcpreplay", "--topspeed", `--loop=${framesOfEach / 100}`, "--intf1=v1", path];
  expect(await network.exec("a", "taskset", words)).toMatchObject({ code: 0 });
}

describeWith(needed, "packets that several CPUs meet at the same time", () => {
  test("come out in the order of their times, each once", async () => {
    await using network = await TestNetwork.create();
    // Drained all the time, so that most packets are still on their way when others are taken.
    const options = ["-U", "--time-stamp-precision", "nano"];
    const captures: FileCapture[] = await Promise.all([
      startFileCapture(network, ["-i", "v0", "--hook", "tc", ...options]),
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", ...options]),
      startFileCapture(network, ["-i", "v1", "-Q", "out", ...options], { end: "a" }),
    ]);
    await Promise.all(cpus.map((cpu) => sendFrom(network, cpu)));
    const total = framesOfEach * cpus.length;
    for (const { path, running } of captures) {
      running.child.kill("SIGINT");
      const summary = await running.json();
      expect(summary.packets).toMatchObject({ matched: total, written: total, ringDropped: 0 });
      expect(accountedFor(summary)).toBe(total);
      expect(await capinfos(path)).toMatchObject({ packets: total, strictTimeOrder: true });
    }
    // The source port stands behind 14 bytes of Ethernet and 20 of IPv4.
    const packets = await readPcapWithEditcap(captures[0]?.path ?? "");
    const ports = packets.map(({ data }) => Buffer.from(data).readUInt16BE(34));
    for (const cpu of cpus) expect(ports.filter((port) => port === 1000 + cpu)).toHaveLength(framesOfEach);
    // Both CPUs sent at the same time, or there was nothing to put in order.
    const turns = ports.filter((port, index) => port !== ports[index - 1]).length;
    expect(turns).toBeGreaterThan(100);
  });
});
