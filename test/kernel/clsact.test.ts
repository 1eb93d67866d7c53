import { once } from "node:events";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { clsactHolder } from "../support/clsact-holder.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describeWith([requirements.bpf, requirements.namespaces], "an attachment by clsact", () => {
  test("captures, and is gone after its end; that of a killed process is gone after the next start", async () => {
    await using network = await TestNetwork.create();
    const runDirectory = temporaryDirectory();
    const filters = async () => (await network.exec("b", "tc", ["filter", "show", "dev", "v0", "ingress"])).stdout;
    const start = async () => {
      const command = ["--input-type=module", "-e", clsactHolder(runDirectory)];
      const holder = network.spawn("b", process.execPath, command);
      let output = "";
      holder.stdout?.on("data", (chunk) => {
        output += chunk;
      });
      if (holder.stdout === null || holder.stdin === null) throw new Error("it has no pipes");
      await once(holder.stdout, "data");
      const closed = once(holder, "close");
      return { holder, stdin: holder.stdin, closed, output: () => output };
    };

    const killed = await start();
    expect(killed.output()).toBe("attached true\n");
    expect(await filters()).toMatch(/handle 0x/);
    killed.holder.kill("SIGKILL");
    await killed.closed;
    expect((await filters()).match(/handle 0x/g)).toHaveLength(1);

    const next = await start();
    expect((await filters()).match(/handle 0x/g)).toHaveLength(1);
    await network.sendFrames([ethernet({ payload: ipv4({ payload: tcp({}) }) })]);
    next.stdin.end();
    await next.closed;
    expect(next.output()).toContain("seen 1\n");
    expect(await filters()).not.toMatch(/handle 0x/);
    expect(readdirSync(runDirectory)).toEqual([]);
  });
});
