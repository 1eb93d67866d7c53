import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ReplayReport } from "../../src/replay/report.ts";
import { startRingcap } from "../support/cli.ts";
import { capinfos, readableByAll, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run, runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const flood = "fixtures/syn-flood-ipv4.pcap";
const syns = ["--port", "80,443", "--tcp-flags", "syn,!ack"];
const replay = (...args: readonly string[]) => startRingcap(["replay", ...args]);
const unprivileged = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

describe("ringcap replay by the user engine", () => {
  test("writes what matches with its times, original lengths and order", async () => {
    const out = join(temporaryDirectory(), "out.pcap");
    const report = await replay(
      "fixtures/truncated.pcap",
      "--engine",
      "user",
      "--tcp-flags",
      "syn",
      "-w",
      out,
      "--json",
    ).json<ReplayReport>();
    expect(report).toMatchObject({ engine: "user", hook: null, files: [out], mismatch: null });
    const { matched = 0, written = 0 } = report.packets;
    expect(written).toBe(matched);
    const all = await readPcapWithEditcap("fixtures/truncated.pcap");
    const kept = await readPcapWithEditcap(out);
    expect(kept).toHaveLength(matched);
    const key = ({ timestampNanoseconds, originalLength, hex }: (typeof kept)[number]) =>
      `${timestampNanoseconds} ${originalLength} ${hex}`;
    const wanted = new Set(kept.map(key));
    expect(all.map(key).filter((text) => wanted.has(text))).toEqual(kept.map(key));
  });

  test("cuts only when told to, and keeps nanoseconds", async () => {
    const out = join(temporaryDirectory(), "out.pcap");
    const input = "fixtures/big-endian-nanoseconds.pcap";
    expect((await replay(input, "--engine", "user", "-w", out).exit).code).toBe(0);
    const [before, after] = [await readPcapWithEditcap(input), await readPcapWithEditcap(out)];
    expect(after).toEqual(before);
    expect((await capinfos(out)).timestampDigits).toBe(9);
    expect((await replay(input, "--engine", "user", "-s", "40", "-w", out).exit).code).toBe(0);
    const cut = await readPcapWithEditcap(out);
    expect(cut.map(({ capturedLength }) => capturedLength)).toEqual(before.map(() => 40));
    expect(cut.map(({ originalLength }) => originalLength)).toEqual(before.map(({ originalLength }) => originalLength));
    expect(await readableByAll(out)).toEqual([]);
  });

  test("stops after the wanted count, exactly", async () => {
    const report = await replay(flood, "--engine", "user", ...syns, "-c", "10", "--json").json<ReplayReport>();
    expect(report.packets).toMatchObject({ matched: 10, written: 10, overLimit: 0 });
    expect(report.packets.seen).toBeLessThan(20);
  });

  test("prints a line for each packet without -w, and reads standard input", async () => {
    const running = replay("-", "--engine", "user", "--tcp-flags", "syn,!ack");
    running.child.stdin.end(readFileSync("fixtures/handshakes.pcap"));
    const { code, stdout, stderr } = await running.exit;
    expect(code).toBe(0);
    expect(stdout.toString().trim().split("\n")).toHaveLength(8);
    expect(stderr).toContain("replaying standard input, link-type EN10MB (Ethernet), engine user");
    expect(stderr).toContain("64 packets read\n8 packets matched\n");
  });

  test("names the first difference from a golden file, and ends with 4", async () => {
    const directory = temporaryDirectory();
    const golden = join(directory, "golden.pcap");
    await replay(flood, "--engine", "user", ...syns, "-w", golden).exit;
    const same = await replay(flood, "--engine", "user", ...syns, "--expect", golden).exit;
    expect(same).toMatchObject({ code: 0, stderr: expect.stringContaining(`the packets are those of ${golden}`) });

    const bytes = readFileSync(golden);
    const thirdPacket = 24 + 2 * (16 + 60);
    bytes[thirdPacket + 16 + 33] = (bytes[thirdPacket + 16 + 33] ?? 0) ^ 1;
    const changed = join(directory, "changed.pcap");
    writeFileSync(changed, bytes);
    const different = replay(flood, "--engine", "user", ...syns, "--expect", changed, "--json");
    expect((await different.json<ReplayReport>()).mismatch).toMatchObject({ packet: 3, field: "data", offset: 33 });
    expect((await different.exit).code).toBe(4);

    writeFileSync(changed, readFileSync(golden).subarray(0, -(16 + 60)));
    const longer = replay(flood, "--engine", "user", ...syns, "--expect", changed, "--json");
    expect((await longer.json<ReplayReport>()).mismatch).toMatchObject({ packet: 1800, field: "surplus" });
    const shorter = replay(flood, "--engine", "user", ...syns, "-c", "1799", "--expect", golden, "--json");
    expect((await shorter.json<ReplayReport>()).mismatch).toMatchObject({ packet: 1800, field: "missing" });
  });

  test("reads link types that no program of the kernel meets, and tells why", async () => {
    const { code, stderr } = await replay("fixtures/wireless.pcap", "--port", "80", "-q").exit;
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const noted = await replay("fixtures/wireless.pcap", "--port", "80").exit;
    expect(noted.stderr).toContain(
      "the user engine decides: no program of the kernel meets packets of link-type IEEE802_11",
    );
    const refused = await replay("fixtures/wireless.pcap", "--port", "80", "--engine", "kernel").exit;
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--engine: no program of the kernel meets"),
    });
    const unknown = await replay("fixtures/user-link-type.pcap", "--port", "80").exit;
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot read packets of link-type") });
  });

  test("refuses what it cannot do, each with its exit code", async () => {
    const directory = temporaryDirectory();
    const copy = join(directory, "copy.pcap");
    copyFileSync(flood, copy);
    const outcomes = await Promise.all(
      [
        [join(directory, "none.pcap")],
        ["package.json"],
        [flood, "--expect", "package.json"],
        [copy, "-w", copy],
        [flood, "--engine", "magic"],
        [flood, "--hook", "xdp-native"],
        [flood, "--engine", "user", "--hook", "tc"],
        [flood, "--interface", "v0"],
        [flood, "tcp", "prot", "80"],
      ].map(async (args) => (await replay(...args).exit).code),
    );
    expect(outcomes).toEqual([3, 3, 3, 2, 2, 2, 2, 2, 2]);
    expect(readFileSync(copy).equals(readFileSync(flood))).toBe(true);
  });

  test("ends in order when it is stopped while a pipe is silent, with the packets that came", async () => {
    const running = replay("-", "--engine", "user");
    running.child.stdin.write(readFileSync("fixtures/compressed.pcapng.gz"));
    await once(running.child.stdout, "data");
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.exit;
    expect(code).toBe(0);
    expect(stdout.toString().trim().split("\n")).toHaveLength(16);
    expect(stderr).toContain("16 packets read\n16 packets matched\n");
  });

  test("writes the packets before one of another link type, names its interface, and ends with 3", async () => {
    const directory = temporaryDirectory();
    const mixed = join(directory, "mixed.pcapng");
    await runOrFail("mergecap", ["-a", "-w", mixed, "fixtures/nanoseconds.pcap", "fixtures/wireless.pcap"]);
    const out = join(directory, "out.pcap");
    const { code, stderr } = await replay(mixed, "--engine", "user", "-w", out).exit;
    expect(code).toBe(3);
    expect(stderr).toMatch(/packet 17 is of interface 1 .*IEEE802_11 .*a pcap file holds one link type/);
    expect(await readPcapWithEditcap(out)).toEqual(await readPcapWithEditcap("fixtures/nanoseconds.pcap"));
  });

  test("writes the packets before the fault of a broken file, and ends with 3", async () => {
    const directory = temporaryDirectory();
    const broken = join(directory, "broken.pcap");
    writeFileSync(broken, readFileSync(flood).subarray(0, -10));
    const out = join(directory, "out.pcap");
    const running = replay(broken, "--engine", "user", "-w", out, "--json");
    expect((await running.json<ReplayReport>()).packets).toMatchObject({ seen: 1999, written: 1999 });
    expect((await running.exit).code).toBe(3);
    expect(await readableByAll(out)).toEqual([]);
  });
});

describeWith([requirements.root, requirements.tools("setpriv")], "ringcap replay without privileges", () => {
  test("falls back to the user engine and says what would be needed; --engine kernel is refused", async () => {
    const { code, stderr } = await startRingcap(["replay", flood, ...syns, "--json"], { prefix: unprivileged }).exit;
    expect(code).toBe(0);
    expect(stderr).toMatch(/the user engine decides, because the kernel does not .*CAP_BPF/);
    const refused = await startRingcap(["replay", flood, "--engine", "kernel"], { prefix: unprivileged }).exit;
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/CAP_BPF/);
  });
});

describeWith([requirements.bpf, requirements.tools("cmp")], "ringcap replay by the kernel engine", () => {
  test.each(["xdp", "tc"])("writes at %s the file that the user engine writes", async (hook) => {
    const directory = temporaryDirectory();
    for (const [fixture, options] of [
      ["syn-flood-ipv4.pcap", syns],
      ["malformed.pcap", []],
      ["truncated.pcap", ["-s", "30"]],
      ["jumbo.pcap", ["--proto", "tcp"]],
      ["mixture.pcap", ["--port", "80", "-c", "7"]],
    ] as const) {
      const [kernel, user] = [join(directory, "kernel.pcap"), join(directory, "user.pcap")];
      const input = `fixtures/${fixture}`;
      const report = await replay(
        input,
        ...options,
        "--hook",
        hook,
        "--engine",
        "kernel",
        "-w",
        kernel,
        "--json",
      ).json<ReplayReport>();
      expect(report).toMatchObject({ engine: "kernel", hook });
      await replay(input, ...options, "--engine", "user", "-w", user).exit;
      expect(await run("cmp", [kernel, user])).toMatchObject({ code: 0, stdout: "" });
    }
  });

  test("counts the packets that no test run takes", async () => {
    const at = (hook: string) =>
      replay("fixtures/jumbo.pcap", "--hook", hook, "--engine", "kernel", "--json").json<ReplayReport>();
    const [xdp, tc] = [await at("xdp"), await at("tc")];
    expect(xdp.packets).toMatchObject({ seen: 17, matched: 17, written: 17 });
    expect(tc.packets).toEqual(xdp.packets);
    // What the limits are depends on the kernel: 100 kB are beyond each, 1554 bytes within.
    expect(xdp.decidedOnHost).toBeGreaterThan(0);
    expect(tc.decidedOnHost).toBeLessThan(17);
    expect(xdp.decidedOnHost).toBeLessThan(tc.decidedOnHost);
  });

  test("has raw IP at TC, and refuses it at XDP", async () => {
    const report = await replay(
      "fixtures/raw-ip.pcap",
      "--port",
      "80",
      "--engine",
      "kernel",
      "--json",
    ).json<ReplayReport>();
    expect(report).toMatchObject({ engine: "kernel", hook: "tc" });
    const { code, stderr } = await replay("fixtures/raw-ip.pcap", "--engine", "kernel", "--hook", "xdp").exit;
    expect(code).toBe(2);
    expect(stderr).toContain("XDP programs meet no packets of link-type RAW (Raw IP)");
  });
});
