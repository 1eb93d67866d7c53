/** A command that `ringcap service check` runs in a namespace, and under a manager that is not systemd. */
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { NamespaceRunner } from "../../src/service/check/namespace-runner.ts";
import { SystemdRunner } from "../../src/service/check/systemd-runner.ts";
import type { Service } from "../../src/service/service.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const NOBODY = 65534;
/** A group that nobody is in by the files of this host. */
const GROUP = 4242;

function serviceOf(script: string, more: Partial<Service> = {}): Service {
  return {
    ...{ name: "tried", words: [], program: ["/bin/sh", "-c", script], user: undefined },
    needs: {
      ...{ command: "connections", capabilities: [], writes: [], reads: [], program: undefined },
      ...{ opensPacketSockets: false, readsProcesses: false, network: "none", reloads: false },
    },
    ...more,
  };
}

const settings = { applied: new Set(["DynamicUser", "User", "ProtectSystem", "PrivateTmp"]), further: [] };
const notAborted = new AbortController().signal;

describeWith([requirements.root, requirements.namespaces], "a service that is checked", () => {
  test("is killed when it does not end by SIGTERM, and what it has started is not waited for", async () => {
    const apart = "setsid sh -c 'echo apart $$ >&2; exec sleep infinity' &";
    const stubborn = serviceOf(`trap '' TERM; sleep infinity & ${apart} echo begun >&2; exec sleep infinity`);
    const stop = new AbortController();
    const lines: string[] = [];
    onTestFinished(() => {
      const pid = Number(/^apart (\d+)$/m.exec(lines.join("\n"))?.[1]);
      if (pid > 0) process.kill(pid, "SIGKILL");
    });
    const onLine = (line: string) => lines.push(line) === 2 && stop.abort();
    const outcome = await new NamespaceRunner(60_000, 50).attempt(stubborn, settings, onLine, stop.signal);
    expect(outcome).toMatchObject({ isReady: false, exitCode: undefined, endedBy: undefined });
  });

  test("tells the signal that ended it", async () => {
    const outcome = await new NamespaceRunner().attempt(serviceOf("kill -SYS $$"), settings, undefined, notAborted);
    expect(outcome).toMatchObject({ isReady: false, exitCode: undefined, endedBy: "SIGSYS" });
  });

  test("has the groups of its user, and leaves nothing where it writes", async () => {
    const writes = join(temporaryDirectory(), "of a group");
    const inner = join(writes, "inner");
    const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    // No process has this number (pid_max of proc(5)).
    const ofDeadCheck = join(writes, `.ringcap-check-${namespace}-99999999-x`);
    const ofLivingCheck = join(writes, `.ringcap-check-${namespace}-${process.pid}-x`);
    for (const path of [writes, inner, ofDeadCheck, ofLivingCheck]) {
      mkdirSync(path);
      chownSync(path, 0, GROUP);
      chmodSync(path, 0o770);
    }
    const { needs } = serviceOf("");
    const service = serviceOf(`id -G >&2; touch "${inner}/file" && cd "${writes}" && echo $(find . -type f) >&2`, {
      user: { name: "nobody", user: NOBODY, group: NOBODY, groups: [NOBODY, GROUP] },
      needs: { ...needs, writes: [inner, writes] },
    });
    const lines: string[] = [];
    await new NamespaceRunner().attempt(service, settings, (line) => lines.push(line), notAborted);
    expect(lines).toEqual([`${NOBODY} ${GROUP}`, "./inner/file"]);
    expect(readdirSync(writes).toSorted()).toEqual([basename(ofLivingCheck), "inner"]);
    expect(readdirSync(inner)).toEqual([]);
  });

  test("is not started by systemd after the check was stopped, and leaves no unit", async () => {
    const [tools, units] = [temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(tools, "systemctl"), `#!/bin/sh\necho "$1" >>${tools}/calls\n`, { mode: 0o755 });
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const outcome = await new SystemdRunner(units).attempt(serviceOf(""), settings, undefined, AbortSignal.abort());
    expect(outcome).toMatchObject({ isReady: false });
    const calls = readFileSync(join(tools, "calls"), "utf8").split("\n");
    expect(calls[0]).toBe("daemon-reload");
    expect(calls).not.toContain("start");
    expect(readdirSync(units)).toEqual([]);
  });
});
