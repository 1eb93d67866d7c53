/** Units, as systemd reads them, and commands that run as their unit would run them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { readService } from "../../src/cli/service-request.ts";
import { checkService, type Service } from "../../src/service/index.ts";
import { main, startRingcap } from "../support/cli.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces];
/** The words of a capture that mean something to systemd: specifiers, variables, quotes, and the end of a command. */
const AWKWARD = ["capture", "-i", "v0", "-C", "5", "-w", '%n $HOME $USER "it\'s" \\x;.pcap', "tcp or udp"];

/** The unit of a command, in a file. @returns the path */
async function unitOf(flags: readonly string[], words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startRingcap(["service", "unit", ...flags, "--", ...words]).exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const path = join(temporaryDirectory(), `ringcap-${flags[1]}.service`);
  writeFileSync(path, stdout);
  return path;
}

describeWith([...needed, requirements.tools("systemd-analyze", "bash")], "a unit", () => {
  test("is accepted by systemd, which reads the words of the command as they were given", async () => {
    const path = await unitOf(["--name", "awkward"], AWKWARD);
    const env = { ...process.env, SYSTEMD_LOG_LEVEL: "debug" };
    const { stdout, stderr } = await runOrFail("systemd-analyze", ["verify", "--man=no", path], { env });
    // systemd's own sets have system calls of other processors.
    expect(stderr.match(/ringcap-awkward\.service:\d+: (?!Failed to parse system call).*/g)).toBeNull();
    const [, line = ""] = /Command Line: (.*main\.cjs.*)$/m.exec(stdout) ?? [];
    // It is shown as a shell takes it, and variables are not yet put in their places.
    const shown = await runOrFail("bash", ["-c", `printf '%s\\0' ${line}`]);
    const read = shown.stdout.split("\0").map((word) => word.replaceAll("$$", "$"));
    expect(read.slice(read.indexOf(main) + 1, -1)).toEqual(AWKWARD);
  });

  test("exposes the host by 3.0 at most, as systemd measures it", async () => {
    const watch = ["watch", "-i", "v0", "-w", "x", "--trigger", "1k/s"];
    const paths = await Promise.all([
      unitOf(["--name", "watch"], watch),
      unitOf(["--name", "most", "--user", "nobody"], [...watch, "--promiscuous", "--metrics", "0.0.0.0:91"]),
      unitOf(["--name", "program"], [...watch, "--promiscuous", "--on-incident", "/bin/true"]),
      unitOf(["--name", "publish"], [...watch, "--publish", "nats://events.example.net"]),
      unitOf(["--name", "details"], ["connections", "--details"]),
    ]);
    for (const path of paths)
      await runOrFail("systemd-analyze", ["security", "--offline=true", "--threshold=30", path]);
  });
});

const POLL_MILLISECONDS = 5;

/** Waits until the only child of the process runs Node.js. @returns its number */
async function serviceOf(pid: number | undefined): Promise<number> {
  for (;;) {
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
    if (child > 0 && readFileSync(`/proc/${child}/cmdline`, "utf8").startsWith(`${process.execPath}\0`)) return child;
    await pause(POLL_MILLISECONDS);
  }
}

describeWith(
  [...needed, requirements.tools("ip", "mount", "setpriv", "unshare")],
  "a command as its unit runs it",
  () => {
    test("is ready, or says why it is not", async () => {
      await using network = await TestNetwork.create();
      const check = (words: readonly string[]) =>
        startRingcap(["service", "check", "--json", "--name", "web", "--", ...words], {
          prefix: network.commandIn("b"),
        });
      const killed = check(["connections"]);
      const orphan = await serviceOf(killed.child.pid);
      killed.child.kill("SIGKILL");
      expect((await killed.exit).signal).toBe("SIGKILL");
      while (existsSync(`/proc/${orphan}`)) await pause(POLL_MILLISECONDS);

      const ready = [
        // Nobody takes its events, which keeps a watch from nothing.
        check(["watch", "-i", "v0", "-w", "x", "--trigger", "1k/s", "--publish", "nats://127.0.0.1:1"]),
        check(["capture", "-i", "v0", "-w", "x.pcap", "-C", "5", "--hook", "tc"]),
      ];
      for (const one of ready) {
        const found = await one.json<{ seconds: number }>();
        expect(found).toMatchObject({ version: 1, isReady: true, lacking: null, exitCode: 0 });
        expect(String(found.seconds)).toMatch(/^\d+(\.\d{1,3})?$/);
      }
      const missing = check(["capture", "-i", "missing0", "-w", "x.pcap", "-C", "5"]);
      expect(await missing.json<object>()).toMatchObject({ isReady: false, lacking: null, exitCode: 1 });
      expect(missing.stderr()).toContain("missing0");
      expect((await missing.exit).code).toBe(1);
      // Later checks have removed what the killed one left.
      expect(readdirSync("/var/lib").filter((name) => name.includes(`-${killed.child.pid}-`))).toEqual([]);
    });

    test("names the line of the unit that is too narrow", async () => {
      const service = await readService(["connections"], { name: "narrow" }, main);
      const narrow: Service = { ...service, needs: { ...service.needs, capabilities: ["CAP_BPF"] } };
      const lines: string[] = [];
      const telling = {
        signal: new AbortController().signal,
        onLine: (line: string) => lines.push(line),
        onNote: () => {},
      };
      expect(await checkService(narrow, telling)).toMatchObject({
        isReady: false,
        lacking: "it begins with CAP_PERFMON in the unit's CapabilityBoundingSet= and AmbientCapabilities=",
        exitCode: 1,
      });
      expect(lines.join("\n")).toContain("EPERM");
    });
  },
);
