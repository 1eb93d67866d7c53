import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { type Installation, installCopy } from "../support/installation.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "setpriv", "mount", "clang", "gcc"),
];
const sources = fileURLToPath(new URL("../../bpf", import.meta.url));

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const nextStep =
  /^ringcap: run it as root, or give it the capabilities CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON \(--promiscuous: CAP_NET_RAW too\); `ringcap doctor` says which are missing$/m;

/** Words for setpriv: these capabilities and no others, kept when the program starts. */
function withCapabilities(names: readonly string[]): string[] {
  const list = names.map((name) => `+${name}`).join(",");
  return [`--inh-caps=-all,${list}`, `--ambient-caps=-all,${list}`];
}

/** Puts the capture program into the installation as it would be if it read the time from address 0. */
async function breakCaptureProgram({ directory }: Installation): Promise<void> {
  const source = join(directory, "broken.bpf.c");
  writeFileSync(
    source,
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define bpf_ktime_get_ns() (*(const volatile __u64 *)0)
#include "capture/capture.bpf.c"
`,
  );
  const { stdout } = await runOrFail("gcc", ["-print-multiarch"]);
  const target = ["-target", "bpf", "-mcpu=v3", "-O2", "-g", `-I/usr/include/${stdout.trim()}`, `-I${sources}`];
  await runOrFail("clang", [...target, "-c", source, "-o", join(directory, "dist/bpf/capture.bpf.o")]);
}

describeWith(needed, "a capture that cannot start", () => {
  test("for want of the interface lists those that there are", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "missing0"], { prefix: network.commandIn("b") });
    expect(await ringcap.exit).toMatchObject({
      code: 1,
      stderr: "ringcap: error: capture from missing0: there is no such interface\nringcap: choose one of lo, v0\n",
    });
  });

  test.each([32, 38])("for want of descriptors (%i) says so, and starts when its hint is followed", async (limit) => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), "prlimit", `--nofile=${limit}`];
    const { code, stderr } = await startRingcap(["-i", "v0", "--hook", "tc"], { prefix }).exit;
    expect(code).toBe(1);
    expect(stderr).not.toContain("CAP_");
    const hint = /^ringcap: .*descriptors.*: `(ulimit -n \d+)` before it$/m.exec(stderr);
    const following = [...network.commandIn("b"), "sh", "-c", `${hint?.[1]} && exec "$@"`, "sh"];
    const args = ["-i", "v0", "--hook", "tc", "--duration", "0.1"];
    expect(await startRingcap(args, { prefix: following }).exit).toMatchObject({ code: 0 });
  });

  test("for want of the second interface leaves nothing at the first", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "-i", "missing0"], { prefix: network.commandIn("b") });
    expect(await ringcap.exit).toMatchObject({ code: 1, stderr: expect.stringContaining("capture from missing0: ") });
    await expectNothingAttached(network);
  });

  test("for want of a default route asks for an interface", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap([], { prefix: network.commandIn("b") });
    expect(await ringcap.exit).toMatchObject({
      code: 1,
      stderr:
        "ringcap: error: choose an interface: there is no default route\nringcap: name one with --interface; `ringcap -D` lists them\n",
    });
  });

  test("for want of privileges says what to do", async () => {
    await using network = await TestNetwork.create();
    const { script } = installCopy();
    const ringcap = startRingcap(["-i", "v0"], { script, prefix: [...network.commandIn("b"), ...NOBODY] });
    const { code, stderr } = await ringcap.exit;
    expect(stderr).toMatch(/^ringcap: error: .*(EPERM|EACCES)/);
    expect(stderr).toMatch(nextStep);
    expect(stderr.split("\n")).toHaveLength(3);
    expect(code).toBe(1);
    await expectNothingAttached(network);
  });

  test.each([
    ["cap_net_admin", ["bpf", "perfmon"]],
    ["cap_bpf", ["net_admin", "perfmon"]],
    ["cap_net_raw", ["bpf", "net_admin", "perfmon"]],
  ])("for want of %s alone says what to do", async (missing, capabilities) => {
    await using network = await TestNetwork.create();
    const { script } = installCopy();
    const prefix = [...network.commandIn("b"), ...NOBODY, ...withCapabilities(capabilities)];
    const { code, stderr } = await startRingcap(["-i", "v0", "--promiscuous"], { script, prefix }).exit;
    expect(stderr).toMatch(/^ringcap: error: .*(EPERM|EACCES)/);
    expect(stderr).toMatch(
      new RegExp(`^ringcap: run it as root, or give it the capability ${missing.toUpperCase()}\\b`, "m"),
    );
    expect(code).toBe(1);
    await expectNothingAttached(network);
  });

  test("because the kernel refuses the program gives the verifier's last words", async () => {
    await using network = await TestNetwork.create();
    const installation = installCopy();
    await breakCaptureProgram(installation);
    const { script } = installation;
    const ringcap = startRingcap(["-i", "v0", "--hook", "tc"], { script, prefix: network.commandIn("b") });
    const { code, stderr } = await ringcap.exit;
    expect(stderr).toMatch(/^ringcap: error: load the capture program: the kernel refused the program \(EACCES\):$/m);
    expect(stderr).toMatch(/^ {2}R\d+ invalid mem access 'scalar'\nringcap: /m);
    expect(stderr.split("\n").length).toBeLessThan(12);
    expect(code).toBe(1);
    await expectNothingAttached(network);
  });

  test.each([
    ["the native addon", "build", "load the native addon: "],
    ["the BPF object", "dist/bpf", "open the BPF object: ENOENT"],
  ])("for want of %s says that the installation lacks it", async (_part, path, message) => {
    await using network = await TestNetwork.create();
    const { directory, script } = installCopy();
    rmSync(join(directory, path), { recursive: true });
    const ringcap = startRingcap(["-i", "v0"], { script, prefix: network.commandIn("b") });
    const { code, stderr } = await ringcap.exit;
    expect(stderr.slice(0, 16 + message.length)).toBe(`ringcap: error: ${message}`);
    expect(stderr).toMatch(/\nringcap: .*in a clone run `npm run setup`.*\n$/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

describeWith(needed, "a capture", () => {
  test("whose program the kernel refuses goes on with libpcap, unless a hook was asked for, and says why", async () => {
    await using network = await TestNetwork.create();
    const installation = installCopy();
    await breakCaptureProgram(installation);
    const { script } = installation;
    const ringcap = startRingcap(["-i", "v0", "-c", "1", "--json"], { script, prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([ethernet({ payload: ipv4({ payload: tcp() }) })]);
    expect(await ringcap.json()).toMatchObject({ interfaces: [{ hook: "packet" }], packets: { written: 1 } });
    expect(ringcap.stderr()).toMatch(
      /^ringcap: load the capture program: the kernel refused the program \(EACCES\); capturing at packet, with libpcap: `ringcap doctor` says what XDP and TC need$/m,
    );
  });

  test("needs no root but the three capabilities that the message names", async () => {
    await using network = await TestNetwork.create();
    const { script } = installCopy();
    const prefix = [...network.commandIn("b"), ...NOBODY, ...withCapabilities(["bpf", "net_admin", "perfmon"])];
    const ringcap = startRingcap(["-i", "v0", "-c", "10", "--json"], { script, prefix });
    await ringcap.listening();
    await startFlood(network, { frames: 10 }).done;
    expect(await ringcap.json()).toMatchObject({ packets: { written: 10 } });
  });

  test("needs no BTF of the kernel", async () => {
    await using network = await TestNetwork.create();
    // `ip netns exec` gives the command mounts of its own.
    const hide = 'mount -t tmpfs tmpfs /sys/kernel/btf && ! [ -e /sys/kernel/btf/vmlinux ] && exec "$@"';
    const prefix = [...network.commandIn("b"), "sh", "-c", hide, "sh"];
    const ringcap = startRingcap(["-i", "v0", "-c", "10", "--json"], { prefix });
    await ringcap.listening();
    await startFlood(network, { frames: 10 }).done;
    expect(await ringcap.json()).toMatchObject({ packets: { written: 10 } });
  });
});
