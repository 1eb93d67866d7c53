/** Watches that record what came before a flood, and what becomes of them when something goes wrong. */
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { ip } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { arrived, startFlood } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";
import { readIncident, startWatch } from "../support/watching.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "tcpdump", "tshark", "capinfos"),
];

/** Far more than the quiet traffic, and far less than a flood on a machine under load. */
const RULES = ["--trigger", "1000/s", "--before", "1s", "--after", "1s"];

describeWith(needed, "a watch", () => {
  test("writes the seconds before a flood, the flood, and what came after it", async () => {
    await using network = await TestNetwork.create();
    const directory = join(temporaryDirectory(), "incidents");
    const rules = [...RULES, "--trigger", "syn > 15000/s per dst-port"];
    const watch = startWatch(["-i", "v0", ...rules, "-w", directory], { prefix: network.commandIn("b") });
    await watch.event("started");
    startFlood(network, { perSecond: 100 });
    await expect.poll(() => arrived(network)).toBeGreaterThan(200);
    expect(readdirSync(directory)).toEqual([]);
    const first = startFlood(network, { perSecond: 10_000 });
    const { directory: partial } = await watch.event("incident-began");
    expect(partial).toMatch(/\/\d{8}T\d{6}Z-1000-s\.partial$/);
    await first.stop();
    // Another rule extends the incident.
    const second = startFlood(network);
    await watch.event("trigger");
    await second.stop();
    const { directory: path } = await watch.event("incident-ended");
    const { report, code } = await watch.end();
    expect({ code, incidents: report.incidents }).toEqual({ code: 0, incidents: { begun: 1, failed: 0 } });
    await expectNothingAttached(network);

    const incident = await readIncident(String(path));
    expect(incident).toMatchObject({
      why: "over",
      triggers: [
        { rule: "1000/s", threshold: 1000 },
        { rule: "syn > 15000/s per dst-port", key: "80" },
      ],
      packets: { written: report.packets.written, writeFailed: 0 },
      fingerprint: { target: "198.51.100.2", attack_vectors: [{ protocol: "TCP", tcp_flags: { "··········S·": 1 } }] },
      interfaces: [{ name: "v0", linkType: 1 }],
    });
    // Some packets lie in the rings at the moment at which the kernel is asked, and are in no file of it.
    const { packets, syn } = incident.totals as { packets: number; syn: number };
    expect(syn).toBe(packets);
    expect(Math.abs(packets - incident.packets.matched)).toBeLessThan(1000);
    expect(incident.report).toMatchObject({ files: [{ name: "report.html" }, { name: "report.json" }], missing: null });
    const page = JSON.parse(readFileSync(join(String(path), "report.json"), "utf8"));
    expect(page).toMatchObject({
      packets: { read: incident.packets.written },
      files: [{ name: "capture.pcapng", sha256: incident.files[0]?.sha256 }],
      victim: { kernel: { listenOverflows: 0, cookiesSent: 0 } },
    });
    const marks = page.rates.marks.map(({ kind }: { kind: string }) => kind);
    expect(marks).toEqual(expect.arrayContaining(["trigger", "ended"]));
    expect(statSync(String(path)).mode & 0o7777).toBe(0o700);
    const file = join(String(path), "capture.pcapng");
    expect(statSync(file).mode & 0o7777).toBe(0o600);
    expect(await readableByAll(file)).toEqual([]);
    const { firstPacketNanoseconds = 0n, strictTimeOrder } = await capinfos(file);
    expect(strictTimeOrder).toBe(true);
    const expected = Date.parse(incident.triggered) / 1000 - 1;
    expect(Math.abs(Number(firstPacketNanoseconds) / 1e9 - expected)).toBeLessThan(0.2);
    const directions = await tsharkFields(file, ["frame.interface_name"], { filter: "frame.number <= 3" });
    expect(directions).toEqual(Array.from({ length: 3 }, () => ({ "frame.interface_name": "v0" })));
  });

  test("leaves what SIGKILL cut short, and waits for an interface that is gone", async () => {
    await using network = await TestNetwork.create();
    const parent = temporaryDirectory();
    chmodSync(parent, 0o755);
    const directory = join(parent, "incidents");
    const options = ["-i", "v0", ...RULES, "-w", directory, "--user", "nobody"];
    const start = () => startWatch(options, { prefix: network.commandIn("b") });
    const killed = start();
    await killed.event("started");
    const flood = startFlood(network, { perSecond: 20_000 });
    const { directory: partial } = await killed.event("incident-began");
    const file = join(String(partial), "capture.pcapng");
    await expect.poll(() => statSync(file).size).toBeGreaterThan(100_000);
    killed.ringcap.child.kill("SIGKILL");
    await killed.ringcap.exit;
    await flood.stop();
    expect((await capinfos(file)).packets).toBeGreaterThan(500);
    expect(await readIncident(String(partial))).toMatchObject({ state: "recording", ended: null });

    const watch = start();
    expect(await watch.event("incident-left")).toMatchObject({ directory: partial });
    await watch.event("started");
    const status = readFileSync(`/proc/${watch.ringcap.child.pid}/status`, "utf8");
    // CAP_NET_ADMIN, CAP_PERFMON and CAP_BPF: bits 12, 38 and 39 (include/uapi/linux/capability.h).
    expect(status).toMatch(/^Uid:\t65534\t[\s\S]*^CapPrm:\t000000c000001000$/m);
    const again = startFlood(network, { perSecond: 20_000 });
    await watch.event("incident-began");
    await ip(network, "b", "link delete v0");
    await again.stop().catch(() => {});
    await watch.event("interface-gone");
    const { directory: cut } = await watch.event("incident-ended");
    expect(await readIncident(String(cut))).toMatchObject({ why: "interface gone" });
    await ip(network, "b", `link add v0 type veth peer name v1 netns ${network.namespaces.a}`);
    await ip(network, "b", "link set v0 up");
    await ip(network, "a", "link set v1 up");
    await watch.event("interface-back");
    startFlood(network, { perSecond: 20_000 });
    await watch.event("incident-began", 2);
    const { report, code } = await watch.end();
    expect({ code, incidents: report.incidents }).toEqual({ code: 0, incidents: { begun: 2, failed: 0 } });
    const { directory: last } = await watch.event("incident-ended", 2);
    expect(await readIncident(String(last))).toMatchObject({ why: "watch stopped" });
    expect(readdirSync(directory).filter((name) => name.endsWith(".partial"))).toHaveLength(1);
  });

  test("says that the disk is full, counts what is lost, and goes on", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const script = `mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"`;
    const prefix = [...network.commandIn("b"), "sh", "-c", script, directory];
    const watch = startWatch(["-i", "v0", ...RULES, "-w", directory], { prefix });
    await watch.event("started");
    const flood = startFlood(network, { frames: 30_000, perSecond: 30_000 });
    const failed = await watch.event("incident-failed");
    expect(failed.reason).toMatch(/ENOSPC/);
    await flood.done;
    // The file system is the watch's own, and ends with it.
    const seen = `/proc/${watch.ringcap.child.pid}/root${failed.directory}`;
    const incident = await readIncident(seen);
    const { report } = await watch.end();
    expect(report.packets.writeFailed).toBeGreaterThan(0);
    expect(report.incidents).toEqual({ begun: 1, failed: 1 });
    expect(incident).toMatchObject({ why: "failed", error: expect.stringMatching(/ENOSPC/) });
    expect(incident.packets.writeFailed).toBe(report.packets.writeFailed);
  });

  test("is refused what it cannot measure or bound", async () => {
    await using network = await TestNetwork.create();
    const rows = [
      [["-w", "x"], "--trigger: no rule is given"],
      [["--trigger", "5000/s"], "-w: no directory is given"],
      [["--trigger", "syn/synack > 5", "-w", "x"], "--trigger: a rule needs packets of both directions"],
      [["--trigger", "syn > 5/s", "--hook", "packet", "-w", "x"], "--trigger: libpcap counts packets alone"],
      [
        ["--trigger", "udp > 5/s", "-w", "x", "tcp"],
        '--trigger: "udp > 5/s" asks for udp, which no packet has that passes tcp',
      ],
      [
        ["--trigger", "syn/synack > 5", "-Q", "inout", "--dst-port", "443", "-w", "x"],
        '--trigger: "syn/synack > 5" compares both directions, of which --dst-port lets one pass',
      ],
      [["--trigger", "5/s", "--keep-size", "10M", "-w", "x"], "--keep-size: 10000000 bytes are less than one incident"],
      [
        ["--trigger", "5/s", "--incident-size", "1M", "-w", "x"],
        "--incident-size: 1000000 bytes are less than 8388608",
      ],
      [["--trigger", "5/s", "-w", "/dev/null"], "--write: /dev/null is no directory"],
    ] as const;
    const prefix = network.commandIn("b");
    const cwd = temporaryDirectory();
    const exits = await Promise.all(
      rows.map(([words]) => startRingcap(["watch", "-i", "v0", ...words], { prefix, cwd }).exit),
    );
    expect(exits.map(({ code, stderr }) => [code, stderr.split("\n")[0]])).toEqual(
      rows.map(([, message]) => [2, expect.stringContaining(`ringcap: error: ${message}`)]),
    );
  });
});
