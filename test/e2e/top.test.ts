import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import type { TopLine } from "../../src/flood/index.ts";
import { main, startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const frames = [
  ...Array.from({ length: 30 }, () => ethernet({ payload: ipv4({ source: "192.0.2.9", payload: tcp() }) })),
  ...Array.from({ length: 20 }, () => {
    return ethernet({ payload: ipv4({ source: "198.51.100.7", payload: udp({ destinationPort: 53 }) }) });
  }),
];
const by = ["--by", "src-net", "--by", "dst-port"];
const needed = [requirements.bpf, requirements.namespaces, requirements.tools("tcpreplay", "script")];

async function network(): Promise<TestNetwork> {
  const created = await TestNetwork.create();
  onTestFinished(() => created.destroy());
  return created;
}

describeWith(needed, "ringcap top", () => {
  test("prints a JSON object for each interval, which add up to what came", async () => {
    const between = await network();
    const running = startRingcap(["top", "-i", "v0", ...by, "--json", "--interval", "200ms", "ip"], {
      prefix: between.commandIn("b"),
    });
    await running.listening();
    // Lines that come before somebody iterates over them would be lost.
    const sent = between.sendFrames(frames);
    const sums: Record<string, number> = {};
    const views: TopLine[] = [];
    for await (const line of createInterface(running.child.stdout)) {
      const view = JSON.parse(line) as TopLine;
      views.push(view);
      for (const table of Object.values(view.tables))
        for (const { key, packets } of table.entries) sums[key] = (sums[key] ?? 0) + packets;
      if (views.reduce((sum, { totals }) => sum + totals.packets, 0) === frames.length) running.child.kill("SIGINT");
    }
    await sent;
    expect(sums).toEqual({ "192.0.2.0/24": 30, "198.51.100.0/24": 20, "80": 30, "53": 20 });
    const busy = views.find(({ totals }) => totals.syn > 0);
    const { rates, totals, seconds } = busy ?? views[0] ?? expect.fail("nothing was printed");
    expect(Math.abs(rates.syns - totals.syn / seconds)).toBeLessThan(2);
    expect(rates.syns).toBeGreaterThan(2);
    const { code, stderr } = await running.exit;
    expect(code).toBe(0);
    expect(stderr).toContain("50 packets of ");
  });

  test("prints plain tables where there is no terminal, and at a signal what has come until then", async () => {
    const between = await network();
    const running = startRingcap(["top", "-i", "v0", ...by, "--interval", "1h", "ip"], {
      prefix: between.commandIn("b"),
    });
    await running.listening();
    await between.sendFrames(frames);
    running.child.kill("SIGINT");
    const { code, stdout: bytes } = await running.exit;
    const stdout = String(bytes);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^192\.0\.2\.0\/24 +\d+ +60 %/m);
    expect(stdout).toMatch(/^53 +\d+ +40 %/m);
    expect(stdout).toContain("tcp 60 %, udp 40 %");
  });

  test("draws on a terminal, takes keys, and gives the terminal back", async () => {
    const between = await network();
    const command = `stty rows 20 cols 90; exec ${process.execPath} ${main} top -i v0 --interval 200ms ip; `;
    const file = join(temporaryDirectory(), "typed.sh");
    writeFileSync(file, command);
    const child = between.spawn("b", "script", ["-qefc", `sh ${file}`, "/dev/null"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    let shown = "";
    // What comes while nobody listens would be lost.
    child.stdout.on("data", (bytes) => {
      shown += String(bytes);
    });
    const until = (text: string) => expect.poll(() => shown).toContain(text);
    await until("PACKETS/S");
    expect(shown).toContain("\u001b[?1049h");
    await between.sendFrames(frames);
    await until("192.0.2.0/24");
    const exited = once(child, "exit");
    child.stdin.write("sq");
    expect(await exited).toEqual([0, null]);
    const left = shown.lastIndexOf("\u001b[?25h\u001b[?1049l");
    expect(left).toBeGreaterThan(shown.lastIndexOf("\u001b[H"));
    // The last table stays on the terminal.
    expect(shown.slice(left)).toContain("PACKETS/S");
  });
});
