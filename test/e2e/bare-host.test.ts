/** Where /proc and /sys are not mounted, as in a chroot, every command works or says what is missing. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.root, requirements.bpf, requirements.namespaces, requirements.tools("ip", "unshare")];

/** Words before a command that does not see what the kernel shows in these directories. */
function without(directories: readonly string[]): string[] {
  const hide = directories.map((directory) => `mount -t tmpfs none ${directory}`).join(" && ");
  return ["unshare", "--mount", "sh", "-c", `${hide} && exec "$@"`, "sh"];
}
const withoutBoth = without(["/sys", "/proc"]);

const mountProc = /^ringcap: mount \/proc: `mkdir -p \/proc && mount -t proc proc \/proc`$/m;
const mountSys = /^ringcap: mount \/sys: `mkdir -p \/sys && mount -t sysfs sysfs \/sys`$/m;

const frames = [1, 2, 3].map((port) => ethernet({ payload: ipv4({ payload: tcp({ sourcePort: port }) }) }));
function captureFile(): string {
  const path = join(temporaryDirectory(), "in.pcap");
  writePcap(
    path,
    frames.map((data) => ({ data })),
  );
  return path;
}

async function endOf(args: readonly string[], prefix: readonly string[]) {
  const { code, stdout, stderr } = await startRingcap(args, { prefix }).exit;
  expect(stderr).not.toMatch(/^ +at |^libbpf: /m);
  return { code, stdout: stdout.toString(), stderr };
}

describeWith(needed, "without /proc and /sys", () => {
  test("the list of interfaces is there", async () => {
    await using network = await TestNetwork.create();
    const { code, stdout } = await endOf(["-D"], [...network.commandIn("b"), ...withoutBoth]);
    expect(stdout).toMatch(/^\d+\.v0 \[Up, Running, link-type EN10MB, xdp, tc\]$/m);
    expect(code).toBe(0);
  });

  test("doctor says what to mount", async () => {
    const { code, stdout } = await endOf(["doctor", "--json"], withoutBoth);
    expect(JSON.parse(stdout).checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "/proc", status: "warning", remedy: expect.stringContaining("mount -t proc") }),
        expect.objectContaining({ name: "/sys", status: "missing", remedy: expect.stringContaining("mount -t sysfs") }),
      ]),
    );
    expect(code).toBe(1);
  });

  test("a replay filters without the kernel, and says why", async () => {
    const output = join(temporaryDirectory(), "out.pcap");
    const args = ["replay", captureFile(), "--src-port", "2", "-w", output];
    const { code, stderr } = await endOf(args, withoutBoth);
    expect(stderr).toMatch(/the user engine decides.*\/sys\/devices\/system\/cpu\/possible: ENOENT.*mount -t sysfs/);
    expect(stderr).toMatch(/^1 packet.* written$/m);
    expect(code).toBe(0);
  });

  test.each<[string, string[], RegExp, RegExp]>([
    ["a capture", ["-i", "lo", "-c", "1"], /cpu\/possible: ENOENT/, mountSys],
    ["a capture that writes", ["-i", "lo", "-w", "/dev/null"], /cpu\/possible: ENOENT/, mountSys],
    ["a capture of the default route", ["-c", "1"], /look for default routes: ENOENT/, mountProc],
    ["connections", ["connections"], /\/sys\/kernel\/btf\/vmlinux is not there/, /^ringcap: mount \/sys, or /m],
    ["connections --half-open", ["connections", "--half-open"], /read the mounts: ENOENT/, mountProc],
  ])("%s says what to mount", async (_name, args, cause, hint) => {
    const { code, stderr } = await endOf(args, withoutBoth);
    expect(stderr).toMatch(cause);
    expect(stderr).toMatch(hint);
    expect(code).toBe(1);
  });

  test("send does not take an unknown default route for none", async () => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("a"), ...withoutBoth];
    const args = ["send", captureFile(), "-i", "v1"];
    const refused = await endOf(args, prefix);
    expect(refused.stderr).toMatch(/^ringcap: error: look for default routes: ENOENT/m);
    expect(refused.stderr).toMatch(mountProc);
    expect(refused.code).toBe(1);
    const allowed = await endOf([...args, "--yes"], prefix);
    expect(allowed.stderr + allowed.stdout).toMatch(/^3 frames sent/m);
    expect(allowed.code).toBe(0);
  });
});

describeWith(needed, "without /proc alone", () => {
  test.each(["tc", "xdp-generic", "packet"])("a capture at %s has every packet", async (hook) => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), ...without(["/proc"])];
    const ringcap = startRingcap(["-i", "v0", "--hook", hook, "-c", "3", "--json"], { prefix });
    await ringcap.listening();
    await network.sendFrames(frames);
    expect(await ringcap.json()).toMatchObject({ packets: { matched: 3, written: 3, ringDropped: 0 } });
    expect(ringcap.stderr()).toContain("ringcap: goes on with all privileges: /proc is not mounted");
  });

  test("a capture that is to become another user is not begun with the privileges of this one", async () => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), ...without(["/proc"])];
    const { code, stderr } = await endOf(["-i", "v0", "-Z", "nobody"], prefix);
    expect(stderr).toMatch(/^ringcap: error: give up privileges: ENOENT.*\n.*--user none/m);
    expect(stderr).not.toContain("listening on");
    expect(code).toBe(1);
  });
});

describeWith([requirements.tools("prlimit")], "with hardly any descriptors", () => {
  test.each([18, 19, 20, 22])("%s: the message or the report names them", async (descriptors) => {
    const { code, stdout, stderr } = await endOf(["doctor"], ["prlimit", `--nofile=${descriptors}`]);
    const isReported = stderr === "";
    const words = /EMFILE \(Too many open files\)\n(?:ringcap:|\s+->) .*`ulimit -n 1024`/;
    expect(isReported ? stdout : stderr).toMatch(words);
    if (!isReported) expect(code).toBe(1);
  });
});
