/** What a capture may still do once it captures, judged by the kernel, and that it captures on. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAddsUp, hexOf, ip, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { attachForeign, TC_SHOT } from "../support/foreign-programs.ts";
import { installCopy } from "../support/installation.ts";
import { TestNetwork } from "../support/network.ts";
import { rootWithNetRaw } from "../support/network-raw.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { privilegesOfThreads, withoutPrivileges } from "../support/process-privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "setpriv", "setcap", "tcpreplay", "editcap"),
];
const NOBODY = 65534;
const bySudo = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY) };
const frames = numberedFrames(20);

/** A directory of a user. */
function directoryOf(user: number): string {
  const directory = temporaryDirectory();
  chownSync(directory, user, user);
  return directory;
}

describeWith(needed, "a capture of root, once it captures,", () => {
  test.each([
    ["the caller of sudo", "xdp-native", [], bySudo, 0],
    ["the caller of sudo", "tc", [], bySudo, 0],
    ["the user of --user", "tc", ["--user", "nobody"], {}, 0],
    ["the user of -Z, by number", "packet", ["-Z", String(NOBODY)], {}, 0],
    ["the owner of the directory", "xdp-generic", ["--promiscuous"], {}, NOBODY],
  ] as const)("is %s at %s, without a capability, and captures on", async (_who, hook, args, env, owner) => {
    await using network = await TestNetwork.create();
    const file = join(directoryOf(owner), "x.pcap");
    const words = ["-i", "v0", "--hook", hook, "-s", "0", ...args];
    const capture = await startFileCapture(network, words, { env, file });
    expect(privilegesOfThreads(capture.running.child.pid)).toEqual(withoutPrivileges(NOBODY));
    await network.sendFrames(frames);
    capture.running.child.kill("SIGUSR1");
    await capture.running.waitForStderr(/packets? captured/);
    const { packets, summary, exit } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames));
    expect(summary.interfaces).toMatchObject([{ hook }]);
    expectAddsUp(summary);
    const { uid, gid, mode } = statSync(file);
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: NOBODY, gid: NOBODY, mode: 0o600 });
  });

  test("stays root without a capability where the directory is root's", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "-s", "0"]);
    expect(privilegesOfThreads(capture.running.child.pid)).toEqual(withoutPrivileges(0));
    await network.sendFrames(frames);
    const { summary } = await capture.finish();
    expect(summary.packets).toMatchObject({ seen: frames.length, written: frames.length });
  });

  test("keeps everything with --user none", async () => {
    await using network = await TestNetwork.create();
    const file = join(directoryOf(NOBODY), "x.pcap");
    const options = { env: bySudo, file };
    const capture = await startFileCapture(network, ["-i", "v0", "--user", "none"], options);
    const [own] = privilegesOfThreads(process.pid);
    expect(privilegesOfThreads(capture.running.child.pid)).toEqual([own]);
    await capture.finish();
    expect(statSync(file).uid).toBe(0);
  });

  test("leaves a file that was there before whose it was", async () => {
    await using network = await TestNetwork.create();
    const file = join(directoryOf(NOBODY), "x.pcap");
    // The user that the capture becomes may neither read nor write it.
    writeFileSync(file, "before", { mode: 0o600 });
    const capture = await startFileCapture(network, ["-i", "v0", "-s", "0"], { env: bySudo, file });
    await network.sendFrames(frames);
    const { packets, exit } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    expect(packets).toHaveLength(frames.length);
    expect(statSync(file).uid).toBe(0);
  });

  test.each([
    ["lines", ["-n"], /Flags/g],
    ["a pipe", ["-w", "-", "-q"], undefined],
  ] as const)("writes %s on as another user", async (_what, args, line) => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("b");
    const words = ["-i", "v0", "-U", "-c", String(frames.length), "-Z", "nobody", "-v", ...args];
    const ringcap = startRingcap(words, { prefix });
    if (line === undefined) await expect.poll(() => ringcap.stdout().length).toBeGreaterThan(0);
    else await ringcap.listening();
    await expect.poll(() => privilegesOfThreads(ringcap.child.pid)).toEqual(withoutPrivileges(NOBODY));
    await network.sendFrames(frames);
    const { code, stdout, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    if (line === undefined) expect(stdout.length).toBe(24 + frames.length * (16 + (frames[0]?.length ?? 0)));
    else {
      expect(stdout.toString().match(line)).toHaveLength(frames.length);
      expect(stderr).toContain(`ringcap: goes on as nobody (uid ${NOBODY}), with no capability\n`);
    }
  });

  test("notices as another user that the interface is deleted", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "-Z", "nobody"]);
    await network.sendFrames(frames);
    await ip(network, "b", "link delete v0");
    const { exit, summary } = await capture.ended();
    expect(exit).toMatchObject({ code: 1 });
    expect(exit.stderr).toContain("capture from v0: the interface went away");
    expect(summary.packets.written).toBe(frames.length);
  });

  test("goes in front of a program that comes later as another user, and knows its name", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", "-Z", "nobody"]);
    await attachForeign(network, "b", "late", { hook: "ingress", first: true }, TC_SHOT);
    await capture.running.waitForStderr(/program \d+ "late" was attached in front at TC \(in\): moved in front of it/);
    const watcher = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", "-Z", "nobody"]);
    await network.sendFrames(frames);
    for (const { finish } of [capture, watcher]) {
      const { packets, exit } = await finish();
      expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames));
      expect(exit.stderr.match(/in front/g)?.length ?? 0).toBeLessThanOrEqual(2);
    }
  });

  test("keeps CAP_NET_ADMIN alone where TC has no chain, and takes its filter away with it", async () => {
    await using network = await TestNetwork.create();
    const env = { RINGCAP_TEST_WITHOUT: "tcx" };
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-Z", "nobody"], { env });
    const netAdmin = "0000000000001000";
    expect(privilegesOfThreads(capture.running.child.pid)).toEqual(withoutPrivileges(NOBODY, netAdmin));
    await network.sendFrames(frames);
    const { exit, summary } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    expect(summary.packets.written).toBe(frames.length);
    expect(await network.exec("b", "tc", ["filter", "show", "dev", "v0", "ingress"])).toMatchObject({ stdout: "" });
  });
});

describeWith(needed, "what reads a file of others", () => {
  test.each([
    ["replay", ["--engine", "kernel", "--json"], 0],
    ["replay", ["--engine", "user", "--json"], 0],
    ["send", ["-i", "v1", "--engine", "socket", "--topspeed", "--json"], 0],
    // Where the interface takes no live frames, a packet socket is opened in the middle.
    ["send", ["-i", "v1", "--topspeed", "--json"], 1 << 13],
  ] as const)("goes on as another user behind the first packets: %s %j", async (command, args, kept) => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("a");
    const ringcap = startRingcap([command, "-", ...args, "-Z", "nobody"], { prefix });
    const path = join(temporaryDirectory(), "in.pcap");
    const many = Array.from({ length: 500 }, () => frames).flat();
    writePcap(
      path,
      many.map((data) => ({ data })),
    );
    const bytes = readFileSync(path);
    const half = bytes.length >> 1;
    ringcap.child.stdin.write(bytes.subarray(0, half));
    const capabilities = kept.toString(16).padStart(16, "0");
    await expect.poll(() => privilegesOfThreads(ringcap.child.pid)).toEqual(withoutPrivileges(NOBODY, capabilities));
    ringcap.child.stdin.end(bytes.subarray(half));
    const { code, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    const counted = command === "replay" ? { packets: { seen: many.length, matched: many.length } } : {};
    const sent = command === "send" ? { frames: { sent: many.length, failed: 0 } } : {};
    expect(await ringcap.json<object>()).toMatchObject({ ...counted, ...sent });
  });
});

describeWith(needed, "a capture", () => {
  test.each([
    ["no-such-user", [], 'ringcap: error: --user: there is no user "no-such-user"', 2],
    ["root", ["setpriv", "--reuid=65534", "--clear-groups"], "ringcap: error: become the user root: only root can", 1],
  ] as const)("is not begun for the user %s whom it cannot become", async (user, words, message, exitCode) => {
    await using network = await TestNetwork.create();
    const file = join(directoryOf(NOBODY), "x.pcap");
    const prefix = [...network.commandIn("b"), ...words];
    const options = { prefix, script: installCopy().script };
    const { code, stderr } = await startRingcap(["-i", "v0", "-w", file, "-Z", user], options).exit;
    expect(stderr).toContain(message);
    expect(code).toBe(exitCode);
    expect(existsSync(file)).toBe(false);
  });

  test("of root in a container that may not change its user gives up what it has", async () => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), ...rootWithNetRaw];
    const words = ["-i", "v0", "--hook", "packet", "-c", String(frames.length), "--json"];
    const ringcap = startRingcap(words, { prefix, env: bySudo });
    await ringcap.listening();
    const [{ CapBnd: _, ...rest } = {}] = privilegesOfThreads(ringcap.child.pid);
    expect(withoutPrivileges(0)).toEqual([expect.objectContaining(rest)]);
    await network.sendFrames(frames);
    expect((await ringcap.json()).packets).toMatchObject({ seen: frames.length, written: frames.length });
  });

  test("of a user whose node has capabilities gives them up too", async () => {
    await using network = await TestNetwork.create();
    const directory = directoryOf(NOBODY);
    const node = join(directory, "node");
    copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE);
    chmodSync(node, 0o755);
    expect(spawnSync("setcap", ["cap_bpf,cap_net_admin,cap_perfmon+ep", node]).status).toBe(0);
    const user = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    const file = join(directory, "x.pcap");
    const ringcap = startRingcap(["-i", "v0", "--hook", "tc", "-s", "0", "-w", file, "--json"], {
      script: installCopy().script,
      prefix: [...network.commandIn("b"), ...user, "sh", "-c", 'shift; exec "$0" "$@"', node],
    });
    await ringcap.listening();
    // Without CAP_SETPCAP the bounding set stays; no_new_privs lets nothing be gained from it.
    const [own] = privilegesOfThreads(process.pid);
    const [expected] = withoutPrivileges(NOBODY);
    expect(privilegesOfThreads(ringcap.child.pid)).toEqual([{ ...expected, CapBnd: own?.CapBnd }]);
    await network.sendFrames(frames);
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    expect((await ringcap.json()).packets).toMatchObject({ seen: frames.length, written: frames.length });
  });
});
