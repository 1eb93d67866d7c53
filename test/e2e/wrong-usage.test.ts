import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { startRingcap } from "../support/cli.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "bpftool")];

/** Words that cannot be honoured, and what the message names. */
const rows: readonly (readonly [words: string, named: string])[] = [
  ["--port 65536", "--port: "],
  ["--port 80-", "--port: "],
  ["--port 8100-8000", "--port: "],
  ["--port http", "--port: "],
  ["--src-port 1,,2", "--src-port: "],
  ["--dst-port -1", "--dst-port: "],
  ["--port @missing-list", "--port: "],
  ["--tcp-flags sin", "--tcp-flags: "],
  ["--tcp-flags syn,!syn", "--tcp-flags: "],
  ["--tcp-flags syn/ack", "--tcp-flags: "],
  ["--proto tpc", "--proto: "],
  ["--proto 256", "--proto: "],
  ["--host 192.0.2.256", "--host: "],
  ["--net 192.0.2.0/33", "--net: "],
  ["--src-net 2001:db8::/129", "--src-net: "],
  ["--dst-net example", "--dst-net: "],
  ["--vlan 4096", "--vlan: "],
  ["--vlan blue", "--vlan: "],
  ["-4 -6", "-4: excludes -6"],
  ["-s 262145", "--snapshot-length: "],
  ["-s 12.5", "--snapshot-length: "],
  ["-s long", "--snapshot-length: "],
  ["-c 0", "--count: "],
  ["--sample 0", "--sample: "],
  ["--rate-limit 1k", "--rate-limit: "],
  ["--duration 0", "--duration: "],
  ["-B 0", "--buffer-size: "],
  ["-B 1025", "--buffer-size: "],
  ["-Q both", "--direction: "],
  ["--hook kprobe", "--hook: "],
  ["--hook xdp -Q out", "--hook: XDP sees only packets that come in"],
  ["--hook xdp-generic --pid 1", "--pid: an XDP program cannot tell whose a packet is"],
  ["--hook packet --action drop", "--action: libpcap has copies of packets only"],
  ["--hook packet --pid 1", "--pid: libpcap cannot tell whose a packet is"],
  ["--hook packet --comm curl", "--comm: libpcap cannot tell whose a packet is"],
  ["--process", "--process: a pcap file has no place for processes"],
  ["--comm sixteen-bytes-it", "--comm: "],
  ["--action reject", "--action: "],
  ["--action drop -Q inout", "--action: "],
  ["-i v0", "--interface: "],
  ["--time-stamp-precision pico", "--time-stamp-precision: "],
  ["--format cap", "--format: "],
  ["-w other.pcap", '--write: it takes one value, and is given "out.pcap" and "other.pcap"'],
  ["--tcp-flags syn --proto udp", "--tcp-flags: no protocol of --proto has TCP flags"],
  ["-4 --host ::1", "--host: asks for IPv6 and -4 for IPv4"],
  ["--comment text", "--comment: "],
  ["-C ten", "--rotate-size: "],
  ["-W 5", "--keep-files: "],
  ["-B 4096", '--buffer-size: "4096" is not a whole number of MiB from 1 to 256'],
  ["-i any", "--interface: v0 is given twice"],
  ["-r x.pcap", "--interface: does not go with -r"],
  ["--duration 5d", "--duration: "],
  ["--colour", "unknown option '--colour'"],
  ["--promiscuous=yes", "unknown option '--promiscuous=yes'"],
  ["--port", "option '--port <list>' argument missing"],
  ["tcp prot 80", "compile the expression: "],
  ["ether[70000] = 1", "compile the expression: instruction "],
  ["--hook xdp inbound", "expression: the type of a packet (inbound, outbound; pkttype) cannot be told at XDP"],
];

describeWith(needed, "an option that cannot be honoured", () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await TestNetwork.create();
  });
  afterAll(() => network.destroy());

  test.each(rows)("%s is refused by name, and nothing is done", async (words, named) => {
    const directory = temporaryDirectory();
    const options = ["-i", "v0", "-w", "out.pcap", ...words.split(" ")];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b"), cwd: directory });
    const { code, stdout, stderr } = await ringcap.exit;
    expect(stderr.slice(0, `ringcap: error: ${named}`.length)).toBe(`ringcap: error: ${named}`);
    // The message, the place in an expression, and what to do.
    expect(stderr).toMatch(/^ringcap: .*\n( .*\n){0,2}(ringcap: .*\n)?$/);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: "" });
    expect(readdirSync(directory)).toEqual([]);
    await expectNothingAttached(network);
  });

  test("--format without -w is refused by name", async () => {
    const ringcap = startRingcap(["-i", "v0", "--format", "pcap"], { prefix: network.commandIn("b") });
    expect(await ringcap.exit).toMatchObject({ code: 2, stderr: expect.stringMatching(/^ringcap: error: --format: /) });
  });
});

describe("words of other tools and commands", () => {
  test.each([
    ["lo", "lo: this is the name of an interface, which begins no expression", "type -i lo"],
    [
      "-w out.pcap tcpdump -nn",
      "tcpdump: no expression begins with it, and there is no such command",
      "leave it out: ",
    ],
    ["SEND x.pcap", "SEND: there is no such command", 'did you mean "ringcap send"?'],
    ["-i lo http", "compile the expression: can't parse filter expression: syntax error", "type tcp port 80"],
    ["--interface= tcp", "--interface: the name is empty", "name one, or leave the option out"],
    ["replay -r x.pcap", "-r, --read: the file has no letter", "type ringcap replay <file>"],
    ["send --topsped x.pcap", "unknown option '--topsped'", "did you mean --topspeed?"],
    ["doctor -D", "unknown option '-D'", "-D is an option of ringcap capture; "],
  ])("%s is answered with what to type", async (words, message, hint) => {
    const { code, stderr } = await startRingcap(words.split(" "), { cwd: temporaryDirectory() }).exit;
    const lines = stderr.trimEnd().split("\n");
    expect({ code, message: lines[0] }).toEqual({ code: 2, message: `ringcap: error: ${message}` });
    expect(lines.at(-1)?.slice(0, `ringcap: ${hint}`.length)).toBe(`ringcap: ${hint}`);
  });
});
