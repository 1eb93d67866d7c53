/** What the programs count of packets, by kind and by key, against what tshark counts. */
import { cpus } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KernelCounts } from "../../src/capture/counts/kernel-counts.ts";
import { checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import { TRAFFIC_KEYS, type TrafficKey } from "../../src/packets/traffic-counts.ts";
import { ethernet, fragment, hopByHop, icmp, ipv4, ipv6, raw, tcp, udp } from "../support/frames.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const ACK = tcp({ flags: ["ack"], destinationPort: 443 });

/** Each kind of packet that the totals tell apart, as often as its number says. */
const mixture = [
  ethernet({ payload: ipv4({ payload: tcp({ flags: ["syn"] }) }) }),
  ethernet({ payload: ipv4({ source: "192.0.2.77", payload: tcp({ flags: ["syn", "ack"] }), options: [1, 1, 1, 0] }) }),
  ethernet({ payload: ipv6({ payload: tcp({ flags: ["rst", "ack"] }) }), vlans: [{ id: 5 }] }),
  ethernet({ payload: ipv4({ payload: tcp({ flags: ["fin", "ack"] }) }), vlans: [{ id: 7 }, { id: 8 }] }),
  ethernet({ payload: ipv6({ payload: ACK, extensions: [hopByHop(), fragment({ moreFragments: true })] }) }),
  ethernet({ payload: ipv4({ payload: tcp({ flags: ["psh"] }) }) }),
  ethernet({ payload: ipv6({ source: "2001:db8:1:2::3", payload: udp({ destinationPort: 53 }) }) }),
  ethernet({ payload: ipv4({ payload: icmp() }), minimumLength: 60 }),
  ethernet({ payload: ipv4({ payload: raw(47, new Uint8Array(30)) }) }),
  ethernet({ payload: ipv4({ payload: raw(6, new Uint8Array(64)), fragmentOffset: 64 }) }),
  ethernet({ payload: ipv6({ payload: raw(17, new Uint8Array(64)), extensions: [fragment({ offset: 64 })] }) }),
  ethernet({ payload: new Uint8Array(50), etherType: 0x88b5 }),
].flatMap((frame, index) => Array.from({ length: index + 1 }, () => frame));

/** Programs that only count. */
function load(keys: readonly TrafficKey[], entryPoint: EntryPoint) {
  const settings = checkOptions({ counts: { keys }, records: false });
  const rings = Rings.create(settings.ringSize);
  const counts = new KernelCounts(keys);
  const layout = { timeUnit: 1, withOrigin: false };
  const programs = CapturePrograms.load({ ...settings, ...layout, counts }, "ethernet", [entryPoint], rings);
  onTestFinished(() => {
    for (const part of [programs, counts, rings]) part.close();
  });
  const run = (frame: Uint8Array, repeat = 1) => programs.entryPoint(entryPoint).testRun(frame, { repeat });
  return { counts, programs, run };
}

function tally(values: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const value of values) if (value !== "") sums[value] = (sums[value] ?? 0) + 1;
  return sums;
}

/** By how many packets each key was counted; every count is exact. */
function exactly(counts: KernelCounts): Record<string, Record<string, number>> {
  const { tables } = counts.nextWindow(100);
  return Object.fromEntries(
    [...tables].map(([kind, { entries, ...doubts }]) => {
      const errors = entries.reduce((sum, { error, standardError }) => sum + error + standardError, 0);
      expect({ ...doubts, errors }).toEqual({ evicted: 0, missedAtMost: 0, oneIn: 1, errors: 0 });
      return [kind, Object.fromEntries(entries.map(({ key, packets }) => [key, packets]))];
    }),
  );
}

const needed = [requirements.bpf, requirements.tools("tshark")];

describeWith(needed, "the counts of a capture", () => {
  test.each(["capture_xdp", "capture_tc_ingress"] as const)("are what tshark counts, in %s", async (entryPoint) => {
    const path = join(temporaryDirectory(), "mixture.pcap");
    writePcap(
      path,
      mixture.map((data) => ({ data })),
    );
    const { counts, run, programs } = load(TRAFFIC_KEYS, entryPoint);
    for (const frame of mixture) run(frame);

    const count = async (filter: string) => (await tsharkFields(path, ["frame.number"], { filter })).length;
    const later = "(ip.frag_offset > 0 || ipv6.fraghdr.offset > 0)";
    const filters = {
      ...{ packets: "frame", ipv4: "ip", ipv6: "ipv6", udp: "ip.proto == 17 || ipv6.fraghdr.nxt == 17 || udp" },
      ...{ tcp: "ip.proto == 6 || tcp", icmp: "icmp", otherProtocol: "gre || !(ip || ipv6)", fragments: later },
      ...{ syn: "tcp.flags.syn == 1 && tcp.flags.ack == 0", synAck: "tcp.flags.syn == 1 && tcp.flags.ack == 1" },
      ...{ rst: "tcp.flags.reset == 1", fin: "tcp.flags.fin == 1", otherTcp: "tcp.flags == 8" },
      ack: "tcp.flags == 0x10",
    };
    const judged = Object.fromEntries(
      await Promise.all(Object.entries(filters).map(async ([name, filter]) => [name, await count(filter)] as const)),
    );
    const bytes = mixture.reduce((sum, { length }) => sum + length, 0);
    expect(counts.totals()).toEqual({ ...judged, bytes });

    const fields = ["ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.dstport", "udp.dstport"] as const;
    const rows = await tsharkFields(path, fields);
    const port = (row: (typeof rows)[number]) => row["tcp.dstport"] || row["udp.dstport"];
    const end = (row: (typeof rows)[number]) => row["ip.dst"] || (row["ipv6.dst"] && `[${row["ipv6.dst"]}]`);
    const network = (row: (typeof rows)[number]) =>
      row["ip.src"].replace(/\d+$/, "0/24") ||
      row["ipv6.src"].replace(/^2001:db8:1:.*/, "2001:db8:1::/48").replace(/^2001:db8::\d+$/, "2001:db8::/48");
    const expected = {
      src: tally(rows.map((row) => row["ip.src"] || row["ipv6.src"])),
      "src-net": tally(rows.map(network)),
      dst: tally(rows.map((row) => row["ip.dst"] || row["ipv6.dst"])),
      "dst-port": tally(rows.map(port)),
      "dst+port": tally(rows.map((row) => port(row) && `${end(row)}:${port(row)}`)),
    };
    expect(exactly(counts)).toEqual(expected);
    // What no record is made of is matched all the same.
    expect(programs.counters()).toMatchObject({ matched: mixture.length, submitted: 0, ringFull: 0, copyFailed: 0 });
  });

  test("belong to their window", () => {
    const { counts, run } = load(["dst-port"], "capture_xdp");
    const frame = (destinationPort: number) => ethernet({ payload: ipv4({ payload: tcp({ destinationPort }) }) });
    const seen: unknown[] = [];
    for (let window = 1; window <= 4; window++) {
      run(frame(80), window);
      if (window % 2 === 0) run(frame(443));
      const [[, running] = []] = counts.window(9).tables;
      const [[, ended] = []] = counts.nextWindow(9).tables;
      expect(running).toEqual(ended);
      seen.push(ended?.entries.map(({ key, packets, bytes, syns }) => [key, packets, bytes, syns]));
    }
    const row = (key: string, packets: number) => [key, packets, packets * 54, packets];
    expect(seen).toEqual([
      [row("80", 1)],
      [row("80", 2), row("443", 1)],
      [row("80", 3)],
      [row("80", 4), row("443", 1)],
    ]);
    expect(counts.totals().packets).toBe(12);
  });

  test("find the heavy sources in a flood of random ones, and say how far they may be wrong", () => {
    const HEAVY = 20;
    const FLOOD = 20_000;
    const { counts, run } = load(["src"], "capture_xdp");
    const truth: Record<string, number> = {};
    const frame = ethernet({ payload: ipv4({ payload: tcp() }) });
    const view = new DataView(frame.buffer, frame.byteOffset);
    const send = (first: number, rest: number) => {
      view.setUint32(26, (first << 24) + rest);
      const source = [first, rest >> 16, (rest >> 8) & 255, rest & 255].join(".");
      truth[source] = (truth[source] ?? 0) + 1;
      run(frame);
    };
    // Between two packets of the same heavy source, 140 random sources come.
    for (let number = 0; number < FLOOD; number++) {
      send(10, number * 7);
      if (number % 7 === 0) send(11, (number / 7) % HEAVY);
    }
    const whole = counts.window(1e6).tables.get("src");
    const counted = whole?.entries.reduce((sum, { packets }) => sum + packets, 0) ?? 0;
    expect(counted + (whole?.evicted ?? 0)).toBe(counts.totals().packets);
    for (const { key, packets, error } of whole?.entries ?? []) {
      expect(packets).toBeLessThanOrEqual(truth[key] ?? 0);
      expect(packets + error).toBeGreaterThanOrEqual(truth[key] ?? 0);
    }
    const { entries = [], missedAtMost = 0 } = counts.nextWindow(HEAVY).tables.get("src") ?? {};
    expect(entries.filter(({ key }) => key.startsWith("11.")).length).toBeGreaterThanOrEqual(HEAVY - 1);
    const listed = new Set(entries.map(({ key }) => key));
    expect(missedAtMost).toBeGreaterThanOrEqual(
      Math.max(...Object.keys(truth).map((key) => (listed.has(key) ? 0 : (truth[key] ?? 0)))),
    );
  });
});

describeWith([requirements.bpf], "the counts of a flood", () => {
  const EXACT = 50_000;
  const FLOOD = (cpus().length + 2) * EXACT;
  const frameFrom = (source: string) => ethernet({ payload: ipv4({ source, payload: tcp({ flags: ["syn"] }) }) });

  test("are of every packet until the window has many, and then of one in eight", () => {
    const { counts, run } = load(["src", "dst-port"], "capture_xdp");
    const frame = frameFrom("192.0.2.1");
    const flood = (packets: number) => {
      run(frame, packets);
      const { tables } = counts.nextWindow(9);
      return [...tables.values()].map(({ entries: [entry], evicted, missedAtMost, oneIn }) => {
        expect({ evicted, missedAtMost }).toEqual({ evicted: 0, missedAtMost: 0 });
        expect(entry).toMatchObject({ bytes: 54 * (entry?.packets ?? 0), syns: entry?.packets, error: 0 });
        return { packets: entry?.packets ?? 0, standardError: entry?.standardError, oneIn };
      });
    };
    const exact = { packets: EXACT, standardError: 0, oneIn: 1 };
    expect(flood(EXACT)).toEqual([exact, exact]);
    // Of eight packets that follow one another on a CPU, one is counted: a lone key is wrong by less than eight there.
    for (const { packets, ...doubts } of flood(FLOOD)) {
      expect(Math.abs(packets - FLOOD)).toBeLessThan(8 * cpus().length);
      expect(doubts).toEqual({ standardError: Math.round(Math.sqrt(7 * packets)), oneIn: 8 });
    }
    // Each window begins anew.
    expect(flood(EXACT)).toEqual([exact, exact]);
    const all = 2 * EXACT + FLOOD;
    expect(counts.totals()).toMatchObject({ packets: all, bytes: 54 * all, syn: all });
  });

  test("favour no key, whatever the order of the packets", () => {
    const { counts, run } = load(["src"], "capture_xdp");
    const TIMES = 2000;
    // A run may go on at another CPU.
    run(frameFrom("192.0.2.1"), FLOOD);
    // Each source comes with every eighth packet.
    const frames = [2, 3, 4, 5, 6, 7, 8, 9].map((host) => frameFrom(`192.0.2.${host}`));
    for (let time = 0; time < TIMES; time++) for (const frame of frames) run(frame);
    const { entries = [], evicted, oneIn } = counts.nextWindow(9).tables.get("src") ?? {};
    expect(entries).toHaveLength(9);
    // Chance exceeds six standard errors once in 500 million times.
    for (const { packets, standardError } of entries.slice(1))
      expect(Math.abs(packets - TIMES)).toBeLessThanOrEqual(6 * standardError);
    const sum = entries.reduce((all, { packets }) => all + packets, evicted ?? 0);
    expect(Math.abs(sum - counts.totals().packets)).toBeLessThan(8 * cpus().length);
    expect(oneIn).toBe(8);
  });
});
