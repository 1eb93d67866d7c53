/** ringcap in tshark, which calls capture programs as Wireshark does. */
import { chmodSync, closeSync, constants, existsSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main, startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { namedPipe } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import type { RunResult } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { WiresharkHost } from "../support/wireshark.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tshark", "unshare", "nsenter", "setpriv", "setcap", "bash"),
];

/** Sudo for a test: the copy of setpriv makes who runs it root, to whom no other user sends a signal. */
const SUDO = `#!/bin/sh
case $2 in -l) exit 0 ;; esac
shift
exec env -i PATH="$PATH" SUDO_UID=65534 SUDO_GID=65534 "\${0%/*}/become" --reuid=0 --regid=0 --clear-groups "$@"
`;

describeWith(needed, "ringcap in tshark", () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await TestNetwork.create({ addresses: { a: ["10.0.0.1/24"], b: ["10.0.0.2/24"] } });
  });
  afterAll(() => network.destroy());

  const ringcap = (host: WiresharkHost, user: "root" | "other", ...words: string[]) =>
    host.run(user, process.execPath, [main, "extcap", ...words]);
  const fields = (...names: string[]) => ["-T", "fields", ...names.flatMap((name) => ["-e", name])];

  /** Captures, and sends until the capture has ended. */
  async function captured(capture: Promise<RunResult>, send: () => Promise<unknown>): Promise<string> {
    let result: RunResult | undefined;
    const ended = capture.then((value) => {
      result = value;
    });
    while (result === undefined) await Promise.race([ended, send()]);
    const { code, stdout, stderr } = result;
    expect(code, stderr).toBe(0);
    return stdout;
  }
  const sendSyn = () => network.sendFrames([ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80 }) }) })]);
  const sendDatagram = () => network.exec("b", "bash", ["-c", "echo x >/dev/udp/10.0.0.1/9"]);

  test("captures as root, by expression and by port, until root takes it away", async () => {
    const host = await WiresharkHost.create(network);
    const { stdout: installed } = await ringcap(host, "root", "install", "--json");
    expect(JSON.parse(installed)).toMatchObject({ ways: [{ name: "root", works: true }] });
    const list = async () => (await host.run("root", "tshark", ["-D"])).stdout;
    await network.exec("b", "ip", ["link", "add", ".hidden", "type", "veth", "peer", "..more"]);
    expect(await list()).toContain("ringcap-.hidden-xdp");
    expect(await list()).toMatch(/ringcap-v0-tc \(.*\)\n\d+\. ringcap-v0-xdp \(ringcap: v0 \(XDP\)\)$/m);
    const chosen = ["-o", "extcap.ringcap_v0_xdp.port:80", "-o", "extcap.ringcap_v0_xdp.snapshotlength:60"];
    const words = ["-i", "ringcap-v0-xdp", "-f", "tcp", ...chosen, "-c", "2"];
    const shown = fields("frame.interface_name", "frame.packet_flags_direction", "tcp.dstport");
    const lines = await captured(host.run("root", "tshark", [...words, ...shown]), sendSyn);
    expect(lines).toBe("v0\t0x00000001\t80\n".repeat(2));
    const refused = await host.run("root", "tshark", ["-i", "ringcap-v0-tc", "-f", "tcp prot 80"]);
    expect(refused.stderr).toContain("can't parse filter expression: syntax error");
    await ringcap(host, "root", "remove");
    expect(await list()).not.toContain("ringcap");
  });

  test("captures for a group, with the processes of packets, once root gave it the right", async () => {
    const host = await WiresharkHost.create(network);
    const { stderr: alone } = await ringcap(host, "other", "install");
    expect(alone).toContain("ringcap: sudo ringcap extcap install");
    await ringcap(host, "root", "install");
    const words = ["-i", "ringcap-v0-tc", "-f", "udp port 9", "-c", "2"];
    const without = await host.run("other", "tshark", words);
    expect(without.stderr).toMatch(
      /this user may not load BPF programs\nringcap: sudo ringcap extcap install --grant wireshark/,
    );
    expect((await ringcap(host, "other", "status")).code).toBe(1);
    expect((await ringcap(host, "root", "install", "--grant", "no-such")).stderr).toContain(
      "sudo groupadd --system no-such",
    );

    const foreign = await host.run("root", "sh", [
      "-c",
      'cd "$0" && mkdir foreign && touch foreign/ringcap && exec "$@" --directory foreign --grant nogroup',
      ...[host.directory, process.execPath, main, "extcap", "install"],
    ]);
    expect(foreign.stderr).toContain("ringcap did not write the file that is there");
    expect((await host.run("root", "ls", ["/usr/lib/ringcap"])).code).not.toBe(0);
    await host.run("root", "mkdir", ["-m", "700", "/usr/lib/ringcap"]);
    const strictly = ["-c", 'umask 077 && exec "$@"', "sh", process.execPath, main, "extcap"];
    expect((await host.run("root", "sh", [...strictly, "install", "--grant", "nogroup"])).code).toBe(0);
    const { code, stdout } = await ringcap(host, "other", "status", "--json");
    const forGroup = expect.objectContaining({ name: "capabilities", works: true, group: "nogroup" });
    expect(JSON.parse(stdout).ways).toContainEqual(forGroup);
    expect(code).toBe(0);
    const asRoot = JSON.parse((await ringcap(host, "root", "status", "--json")).stdout);
    expect(asRoot.ways).toEqual([expect.objectContaining({ name: "root", works: true }), forGroup]);
    const wanted = ["-o", "extcap.ringcap_v0_tc.process:true", ...fields("udp.dstport", "frame.comment")];
    const lines = await captured(host.run("other", "tshark", [...words, ...wanted]), sendDatagram);
    expect(lines).toMatch(/^(9\tpid \d+ uid 0 bash\n){2}$/);
    // The right is to capture, and not to run what the user names.
    const env = { NODE_OPTIONS: "--require=/nonexistent", LD_PRELOAD: "/nonexistent" };
    const { stderr } = await host.run("other", "/usr/lib/ringcap/extcap", ["--eval", "1"], { env });
    expect(stderr).toContain("unknown option '--eval'");
    expect(await ringcap(host, "other", "remove")).toMatchObject({
      ...{ code: 0, stdout: "" },
      stderr: "ringcap: what root installed for all users stays: sudo ringcap extcap remove\n",
    });
    // As an attempt leaves it that was killed.
    await host.run("root", "touch", ["/usr/lib/ringcap/node.partial"]);
    await ringcap(host, "root", "remove");
    expect((await host.run("root", "ls", ["/usr/lib/ringcap"])).code).not.toBe(0);
  });

  test("captures by sudo, which passes no signal on, and ends with Wireshark", async () => {
    const host = await WiresharkHost.create(network);
    await ringcap(host, "root", "install");
    const bin = temporaryDirectory();
    chmodSync(bin, 0o755);
    writeFileSync(join(bin, "sudo"), SUDO, { mode: 0o755 });
    const become = "/usr/lib/become";
    await host.run("root", "sh", [
      "-c",
      `cp "$(command -v setpriv)" ${become} && setcap cap_setuid,cap_setgid=ep ${become}`,
    ]);
    await host.run("root", "ln", ["-s", become, join(bin, "become")]);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const words = ["-i", "ringcap-v0-xdp", "-f", "tcp", "-c", "2", ...fields("tcp.dstport")];
    expect(await captured(host.run("other", "tshark", words, { env }), sendSyn)).toBe("80\n80\n");
    const { stdout } = await host.run("root", "ip", ["-details", "link", "show", "v0"]);
    expect(stdout).not.toContain("prog/xdp");
  });

  describe("the pipe", () => {
    const ON_V0 = ["extcap", "run", "--capture", "--extcap-interface", "ringcap-v0-xdp"];
    const start = (...words: string[]) => startRingcap([...ON_V0, ...words], { prefix: network.commandIn("b") });

    test("is refused where it is gone, and where it is a file", async () => {
      const directory = temporaryDirectory();
      const [gone, file] = [join(directory, "gone"), join(directory, "file")];
      writeFileSync(file, "content");
      for (const path of [gone, file]) {
        const { code, stderr } = await start("--fifo", path).exit;
        expect(stderr).toContain(`ringcap: error: write ${path}: `);
        expect(code).toBe(1);
      }
      expect(existsSync(gone)).toBe(false);
      expect(readFileSync(file, "utf8")).toBe("content");
    });

    test("is refused under sudo where it belongs to somebody other than who called that", async () => {
      const words = ["--until-input-ends", "--fifo", namedPipe()];
      const env = { ...process.env, SUDO_UID: "65534" };
      const { code, stderr } = await startRingcap([...ON_V0, ...words], { prefix: network.commandIn("b"), env }).exit;
      expect(stderr).toContain("it is another user's pipe");
      expect(code).toBe(1);
    });

    test("ends the capture without a word when nobody reads it any more, also without a packet", async () => {
      const path = namedPipe();
      const running = start("--fifo", path);
      const reader = openSync(path, constants.O_RDONLY);
      expect(readSync(reader, Buffer.alloc(4))).toBe(4);
      closeSync(reader);
      expect(await running.exit).toMatchObject({ code: 0, signal: null, stderr: "" });
    });
  });

  test("checks filters for Wireshark, which takes any output for a mistake", async () => {
    const check = async (filter: string, hook = "xdp") => {
      const words = ["extcap", "run", "--extcap-capture-filter", filter, "--extcap-interface", `ringcap-v0-${hook}`];
      const { code, stdout, stderr } = await startRingcap(words, { prefix: network.commandIn("b") }).exit;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout.toString();
    };
    expect(await check("tcp port 80")).toBe("");
    expect(await check("tcp prot 80")).toMatch(
      /^compile the expression: can't parse filter expression: syntax error\n/,
    );
  });

  test.each([
    [
      "to drop everything",
      ["--action", "drop"],
      /every packet would be dropped.*\nringcap: give a capture filter, ports/,
    ],
    [
      "to read a file with rights of its own",
      ["--port", "@/etc/shadow"],
      /no list from a file\nringcap: give the ports/,
    ],
  ])("refuses %s", async (_, asked, refusal) => {
    const path = namedPipe();
    const words = ["--capture", "--extcap-interface", "ringcap-v0-xdp", "--fifo", path, ...asked];
    const running = startRingcap(["extcap", "run", ...words], { prefix: network.commandIn("b") });
    expect(readFileSync(path)).toHaveLength(0);
    const { code, stderr } = await running.exit;
    expect(stderr).toMatch(refusal);
    expect(code).toBe(2);
  });
});
