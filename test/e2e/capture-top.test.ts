import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { ethernet, icmp, ipv4, tcp, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { readTerminal, stalledTerminal } from "../support/terminal.ts";

const frames = [
  ...Array.from({ length: 12 }, () => ethernet({ payload: ipv4({ source: "192.0.2.9", payload: tcp() }) })),
  ...Array.from({ length: 6 }, () => {
    return ethernet({ payload: ipv4({ source: "198.51.100.7", payload: udp({ destinationPort: 53 }) }) });
  }),
  ...Array.from({ length: 2 }, () => ethernet({ payload: ipv4({ source: "198.51.100.7", payload: icmp() }) })),
];
const needed = [requirements.bpf, requirements.namespaces, requirements.tools("tcpreplay", "python3")];

describeWith(needed, "a capture on a terminal", () => {
  test("ends with its busiest second and its heaviest keys", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const prefix = [...network.commandIn("b"), ...stalledTerminal(2)];
    const ringcap = startRingcap(["-i", "v0", "-U", "-w", path, "ip"], { prefix });
    readTerminal(ringcap);
    await expect.poll(() => statSync(path, { throwIfNoEntry: false })?.size).toBe(24);
    await network.sendFrames(frames);
    const bytes = frames.reduce((sum, { length }) => sum + 16 + length, 24);
    await expect.poll(() => statSync(path).size).toBe(bytes);
    ringcap.child.kill("SIGINT");
    const { code, stdout } = await ringcap.exit;
    const [, end = ""] = String(stdout).replaceAll("\r", "").split("20 packets received by filter\n");
    const expected = [
      /^0 packets dropped by kernel$/,
      /^peak \d+ packets\/s at \d\d:\d\d:\d\d$/,
      /^top sources 192\.0\.2\.9 60\.0 %, 198\.51\.100\.7 40\.0 %$/,
      /^top ports 80 60\.0 %, 53 30\.0 %$/,
      /^$/,
    ];
    expect(end.split("\n")).toEqual(expected.map((line) => expect.stringMatching(line)));
    expect(code).toBe(0);
  });
});
