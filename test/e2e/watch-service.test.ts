/** A watch as a service: its configuration, its metrics, its service manager and its program for incidents. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serverProgram } from "../../scripts/lib/debian-servers.mjs";
import { ip } from "../support/capturing.ts";
import { startFlood } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { startServiceManager } from "../support/service-manager.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { readIncident, startWatch } from "../support/watching.ts";

/** What Prometheus has of the packets that matched, with the configuration of packaging/prometheus for another target. */
async function scrapedByPrometheus(network: TestNetwork, target: string): Promise<{ job?: string; value?: string }> {
  const directory = temporaryDirectory();
  const example = readFileSync(new URL("../../packaging/prometheus/prometheus.yml", import.meta.url), "utf8");
  const configuration = example
    .replace(/targets: .*/, `targets: ["${target}"]`)
    .replace("scrape_interval: 15s", "scrape_interval: 100ms\n  scrape_timeout: 100ms")
    .replace(
      "ringcap.rules.yml",
      fileURLToPath(new URL("../../packaging/prometheus/ringcap.rules.yml", import.meta.url)),
    );
  writeFileSync(join(directory, "prometheus.yml"), configuration);
  const options = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:9090"];
  const [command = "", ...words] = [...network.commandIn("b"), serverProgram("prometheus"), ...options];
  const server = spawn(command, words, { cwd: directory, stdio: "ignore" });
  const ended = once(server, "exit");
  try {
    const query = "http://127.0.0.1:9090/api/v1/query?query=ringcap_packets_matched_total";
    const fetching = `import urllib.request; print(urllib.request.urlopen("${query}").read().decode())`;
    const asked = async () => {
      const { code, stdout } = await network.exec("b", "python3", ["-c", fetching]);
      return code === 0 ? JSON.parse(stdout).data.result : [];
    };
    await expect.poll(asked).toHaveLength(1);
    const [{ metric, value }] = await asked();
    return { job: metric.job, value: value[1] };
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}

describeWith(
  [
    requirements.bpf,
    requirements.namespaces,
    requirements.tools("ip", "python3", "tcpreplay", "capinfos", serverProgram("prometheus")),
  ],
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
      const { job, value } = await scrapedByPrometheus(network, new URL(metricsAddress).host);
      expect({ job, value }).toEqual({ job: "ringcap", value: "300" });

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
