/** A watch as a service: its configuration, its metrics, its service manager and its program for incidents. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ip } from "../support/capturing.ts";
import { startFlood } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { startServiceManager } from "../support/service-manager.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { readIncident, startWatch } from "../support/watching.ts";

describeWith(
  [requirements.bpf, requirements.namespaces, requirements.tools("ip", "python3", "tcpreplay", "capinfos")],
  "a watch as a service",
  () => {
    test("tells its manager and Prometheus how it is, takes new rules at SIGHUP, and runs a program", async () => {
      await using network = await TestNetwork.create();
      await ip(network, "b", "link set lo up");
      const directory = temporaryDirectory();
      const [config, program, calls] = ["watch.yaml", "program", "calls"].map((name) => join(directory, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(program, `#!/bin/sh\necho "$1 $(cat)" >> ${calls}\n`, { mode: 0o755 });
      const configure = (rule: string) =>
        writeFileSync(config, `triggers: ["${rule}"]\nafter: 1s\nmetrics: 0\non-incident: ${program}\n`);
      configure("1G/s");
      const manager = await startServiceManager(join(directory, "notify"));
      const told = () => manager.messages.flatMap(([text]) => text.split("\n"));
      const watch = startWatch(["-i", "v0", "--config", config, "-w", join(directory, "incidents")], {
        prefix: network.commandIn("b"),
        env: { NOTIFY_SOCKET: join(directory, "notify"), WATCHDOG_USEC: "2000000" },
      });
      const said = () => watch.ringcap.stderr();
      await expect.poll(told).toContain("READY=1");

      await network.sendFrames(Array.from({ length: 300 }, () => ethernet({ payload: ipv4({ payload: tcp() }) })));
      const metricsAddress = /http:\S+/.exec(said())?.[0] ?? "";
      const fetching = `import urllib.request; print(urllib.request.urlopen("${metricsAddress}").read().decode())`;
      const metrics = async () => (await network.exec("b", "python3", ["-c", fetching])).stdout;
      await expect.poll(metrics).toMatch(/^ringcap_packets_matched_total 300$/m);

      configure("100/s");
      watch.ringcap.child.kill("SIGHUP");
      await expect.poll(said).toContain(`${config} was read again`);
      const flood = startFlood(network, { perSecond: 10_000 });
      await watch.event("incident-began");
      configure("oops");
      watch.ringcap.child.kill("SIGHUP");
      await expect.poll(said).toMatch(/ line 1: triggers\[0\]: expected .*, and found "oops"/);
      await expect.poll(said).toContain(`${config} changes nothing`);
      await flood.stop();
      const { directory: path } = await watch.event("incident-ended");
      await expect.poll(told).toContain("WATCHDOG=1");
      expect((await watch.end()).code).toBe(0);

      const { name, packets, triggers } = await readIncident(String(path));
      expect(triggers).toMatchObject([{ rule: "100/s" }]);
      const [began, ended] = readFileSync(calls, "utf8").trimEnd().split("\n");
      expect(began).toMatch(/^begin \{/);
      expect(JSON.parse(ended?.replace(/^end /, "") ?? "")).toMatchObject({ event: "end", name, packets });
      expect(told().filter((line) => /^(READY|RELOADING|STOPPING)=1$/.test(line))).toEqual([
        "READY=1",
        ...["RELOADING=1", "READY=1"],
        ...["RELOADING=1", "READY=1"],
        "STOPPING=1",
      ]);
    });
  },
);
