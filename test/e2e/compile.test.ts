/** `ringcap compile`, judged by `tcpdump -d`. */
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

async function compile(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await startRingcap(["compile", ...words]).exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.toString();
}

async function tcpdump(...words: string[]): Promise<string> {
  return (await runOrFail("tcpdump", words)).stdout;
}

describeWith(requirements.tools("tcpdump"), "compile", () => {
  test.each([
    ["-d", "EN10MB", "tcp dst port 443 and (net 10.0.0.0/8 or ip6)"],
    ["-dd", "RAW", "udp port 53"],
    ["-ddd", "LINUX_SLL", "ip"],
    ["-d", "EN10MB", ""],
    ["-dO", "EN10MB", "tcp port 80"],
  ])("%s prints for %s what tcpdump does: %s", async (option, linkType, expression) => {
    expect(await compile(option, "-y", linkType, expression)).toBe(await tcpdump(option, "-y", linkType, expression));
  });

  test("joins the words of an expression with blanks", async () => {
    expect(await compile("-d", "tcp", "dst", "port", "80")).toBe(
      await tcpdump("-d", "-y", "EN10MB", "tcp dst port 80"),
    );
  });

  test("shows the plan, the expression in both machines' instructions, and their sizes", async () => {
    const text = await compile("--tcp-flags", "syn", "--port", "80,443", "tcp", "and", "ip");
    expect(text).toMatch(
      /^link-type EN10MB \(Ethernet\), hook xdp\nA packet matches when\n1\. .*: tcp and ip\n2\. .*syn/,
    );
    expect(text).toContain("3. the source or destination port is 80 or 443 (--port; 2 of 65536 bits of a set)\n");
    const classic = (await tcpdump("-d", "-y", "EN10MB", "tcp and ip")).trimEnd();
    expect(text).toContain(`classic BPF, ${classic.split("\n").length} instructions:\n${classic}\n`);
    expect(text).toMatch(/as eBPF, \d+ instructions, \d+ bytes.*:\n +0: r6 = r1\n/);
  });

  test("shows an expression of several lines on one", async () => {
    expect(await compile("tcp\r\n\tand ip")).toContain("1. the expression matches: tcp and ip\n");
  });

  test("needs no expression to explain the options", async () => {
    expect(await compile("--port", "80", "--tcp-flags", "syn")).toBe(
      [
        "link-type EN10MB (Ethernet), hook xdp",
        "A packet matches when",
        "1. the TCP flags & 0x02 are 0x02 (syn) (--tcp-flags)",
        "2. the source or destination port is 80 (--port; 1 of 65536 bits of a set)",
        "",
      ].join("\n"),
    );
    expect(await compile()).toBe("link-type EN10MB (Ethernet), hook xdp\nEvery packet matches.\n");
  });

  test("goes to TC by itself for what XDP cannot tell, and to no hook for what no program meets", async () => {
    expect(JSON.parse(await compile("--json", "inbound"))).toMatchObject({ hook: "tc", linkType: 1 });
    const loopback = JSON.parse(await compile("--json", "-y", "NULL", "ip"));
    expect(loopback).toMatchObject({
      version: 1,
      hook: null,
      linkType: 0,
      expression: { ebpf: [] },
      checks: [],
      verdict: null,
    });
  });

  test.each([
    [["tcp", "prt"], /^ringcap: error: compile the expression: .*\n {2}tcp prt\n {6}\^~~\nringcap: type port\n$/],
    [["--hook", "xdp", "inbound"], /cannot be told at XDP\nringcap: use --hook tc\n$/],
    [["--hook", "xdp", "-y", "RAW", "ip"], /^ringcap: error: --hook: /],
    [["--hook", "tc", "-y", "NULL", "ip"], /^ringcap: error: --hook: /],
    [["-y", "FOO", "ip"], /^ringcap: error: --link-type: "FOO" /],
    [["-d", "--port", "80"], /^ringcap: error: --dump: /],
    [["-d", "--json", "ip"], /^ringcap: error: --dump: /],
    [["-v", "-y", "NULL", "ip"], /^ringcap: error: --link-type: /],
    [["--port", "80x"], /^ringcap: error: --port: /],
  ])("ends with 2 and the option's name: %j", async (words, message) => {
    const { code, stdout, stderr } = await startRingcap(["compile", ...words]).exit;
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

describeWith([requirements.bpf, requirements.tools("tcpdump")], "compile -v", () => {
  test.each([
    ["--hook", "xdp"],
    ["--hook", "tc"],
    ["-y", "RAW"],
  ])("has the verifier's word for both programs: %s %s", async (...options) => {
    const text = await compile("-v", ...options, "--port", "80", "tcp port 80 or udp");
    const verdict =
      /\nThe verifier accepts it, after (\d+) instructions of the expression and (\d+) instructions of the capture/.exec(
        text,
      );
    expect(Number(verdict?.[1])).toBeGreaterThan(20);
    expect(Number(verdict?.[2])).toBeGreaterThan(100);
    const { verdict: withoutExpression } = JSON.parse(await compile("-v", "--json", ...options, "--port", "80"));
    expect(withoutExpression).toEqual({ capture: expect.any(Number), expression: null });
  });
});

describeWith([requirements.root, requirements.tools("setpriv", "tcpdump")], "compile -v without privileges", () => {
  test("says what it tried, and what is missing", async () => {
    const prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const { code, stderr } = await startRingcap(["compile", "-v", "tcp"], { prefix }).exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: create a ring buffer of 1 MiB: .*EPERM.*\nringcap: run it as root/);
  });
});
