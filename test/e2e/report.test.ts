/** `ringcap report` as it is typed: files and expressions, outputs, signals, rights, and files that are broken. */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Report } from "../../src/report/index.ts";
import { startRingcap } from "../support/cli.ts";
import { mmdbFile } from "../support/mmdb.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));

async function tcpdumpCount(file: string, expression: string): Promise<number> {
  const { stdout } = await run("tcpdump", ["-nr", file, "--count", expression]);
  return Number(/^(\d+) packet/m.exec(stdout)?.[1]);
}

describeWith([requirements.tools("tcpdump")], "a report", () => {
  test("is of several files, an expression and owners, as page, data and text, with what is broken", async () => {
    const directory = temporaryDirectory();
    const at = (name: string) => join(directory, name);
    writeFileSync(at("flood.pcap.gz"), gzipSync(fixture("syn-flood-ipv4.pcap")));
    writeFileSync(at("mixture.pcap"), fixture("mixture.pcap"));
    writeFileSync(at("cut.pcap"), fixture("mixture.pcap").subarray(0, -5));
    writeFileSync(at("owners.mmdb"), mmdbFile({ "0.0.0.0/1": { asn: "AS64500", country: "DE" } }));
    writeFileSync(at("x.html"), "old");
    const words = ["flood.pcap.gz", "mixture.pcap", "cut.pcap", "-o", "x.html", "-o", "x.json", "-o", "x.txt"];
    const ringcap = startRingcap(["report", ...words, "--mmdb", "owners.mmdb", "tcp", "port", "80"], {
      cwd: directory,
    });
    const { code, stdout, stderr } = await ringcap.exit;
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^ringcap: error: read cut\.pcap: byte \d+: the file is cut off at byte \d+/m);
    expect(readdirSync(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
    for (const name of ["x.html", "x.json", "x.txt"]) expect(statSync(at(name)).mode & 0o7777).toBe(0o600);
    expect(readFileSync(at("x.html"), "utf8")).toMatch(/^<!doctype html>/);
    const report: Report = JSON.parse(readFileSync(at("x.json"), "utf8"));
    for (const { name, sha256, compression, fault } of report.files) {
      expect(sha256).toBe(
        createHash("sha256")
          .update(readFileSync(at(name)))
          .digest("hex"),
      );
      expect(compression).toBe(name.endsWith(".gz") ? "gzip" : null);
      expect(fault === null).toBe(name !== "cut.pcap");
    }
    writeFileSync(at("flood.pcap"), fixture("syn-flood-ipv4.pcap"));
    const counts = await Promise.all(
      ["flood.pcap", "mixture.pcap", "cut.pcap"].map((name) => tcpdumpCount(at(name), "tcp port 80").catch(() => 0)),
    );
    const [flood = 0, mixture = 0] = counts;
    expect(report.filter).toBe("tcp port 80");
    const matched = report.packets.matched;
    expect([flood + 2 * mixture, flood + 2 * mixture - 1]).toContain(matched);
    const sources = report.top.sources.entries.filter(({ key }) => /^\d/.test(key) && Number.parseInt(key, 10) < 128);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toMatchObject({ asn: "AS64500", country: "DE" });
  });

  test("refuses what it reads as an output, and leaves nothing behind when it fails", async () => {
    const directory = temporaryDirectory();
    copyFileSync(new URL("../../fixtures/mixture.pcap", import.meta.url), join(directory, "x.html"));
    writeFileSync(join(directory, "text.pcap"), "no capture");
    const rows = [
      ["x.html -o x.html", 2, '--output: "x.html" is a file that is read'],
      ["text.pcap -o new.html", 3, "read text.pcap: byte 0: 0x6e6f2063 is not the magic number"],
      ["missing.pcap", 3, "read missing.pcap: ENOENT"],
      ["x.html --mmdb text.pcap", 3, "read text.pcap: "],
      ["x.html tcp prot 80", 2, "compile the expression: "],
    ] as const;
    for (const [words, code, message] of rows) {
      const ended = await startRingcap(["report", ...words.split(" ")], { cwd: directory }).exit;
      expect({ words, code: ended.code }).toEqual({ words, code });
      expect(ended.stderr).toContain(`ringcap: error: ${message}`);
      expect(ended.stderr).not.toMatch(/\n {4}at /);
    }
    expect(readdirSync(directory).sort()).toEqual(["text.pcap", "x.html"]);
    expect(readFileSync(join(directory, "x.html")).equals(fixture("mixture.pcap"))).toBe(true);
  });

  test("is of what was read of a pipe when it is stopped, and says so", async () => {
    const ringcap = startRingcap(["report", "-", "--json"]);
    const bytes = fixture("syn-flood-ipv4.pcap");
    const half = Math.floor(bytes.length / 2);
    ringcap.child.stdin.write(bytes.subarray(0, half));
    // A SIGUSR1 before the first instruction would open the inspector of Node.js, which the command refuses to run with.
    await expect.poll(() => catchesHangUp(ringcap.child.pid)).toBe(true);
    const isRead = () => {
      ringcap.child.kill("SIGUSR1");
      return ringcap.stderr().includes(`${half.toLocaleString("en")} bytes read`);
    };
    await expect.poll(isRead).toBe(true);
    ringcap.child.kill("SIGINT");
    const report = await ringcap.json<Report>();
    expect((await ringcap.exit).code).toBe(0);
    expect(report.files).toMatchObject([{ name: "standard input", sha256: null, fault: "the reading was stopped" }]);
    expect(ringcap.stderr()).toMatch(/^ringcap: stopped: the report is of \d+ packets? that were read$/m);
  });
});

/** Whether the process handles SIGHUP, signal 1 (proc_pid_status(5)), which it does when it begins to read. */
function catchesHangUp(pid: number | undefined): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${caught}`) & 1n) !== 0n;
}

describeWith([requirements.root], "a report by root", () => {
  test("reads what only root may read, and parses it without any rights", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "x.pcap");
    writeFileSync(file, fixture("mixture.pcap"), { mode: 0o600 });
    chmodSync(directory, 0o700);
    const ringcap = startRingcap(["report", file, "-", "--user", "nobody", "--json"]);
    const status = () => readFileSync(`/proc/${ringcap.child.pid}/status`, "utf8");
    await expect.poll(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$[\s\S]*^CapPrm:\t0{16}$/m);
    ringcap.child.stdin.end(fixture("backscatter.pcap"));
    const report = await ringcap.json<Report>();
    expect(report.files.map(({ name, fault }) => [name, fault])).toEqual([
      [file, null],
      ["standard input", null],
    ]);
    const ended = await startRingcap(["report", file, "--user", "nobody", "-o", join(directory, "x.html")]).exit;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("the user that the capture becomes (uid 65534) cannot make files in");
  });
});
