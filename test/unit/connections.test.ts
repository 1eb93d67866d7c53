import { expect, test } from "vitest";
import { formatDuration, formatJsonLine, formatTableLine } from "../../src/cli/connection-line.ts";
import { countLines, lossWarning } from "../../src/cli/connections-command.ts";
import type { ConnectionEvent } from "../../src/connections/connection-event.ts";
import { checkConnectionsOptions } from "../../src/connections/options.ts";
import { containerIdOf } from "../../src/connections/process-details.ts";
import { ConnectionSummary } from "../../src/connections/summary.ts";

const event: ConnectionEvent = {
  ...{ type: "close", timestamp: 1_700_000_000_123_456_789n, pid: 42, tid: 43, uid: 1000, comm: "curl" },
  ...{ role: "client", family: 6, localAddress: "2001:db8::1", localPort: 50_000, remoteAddress: "2001:db8::2" },
  ...{ remotePort: 443, durationNs: 12_345_678, observedNs: 12_345_678, handshakeNs: 1000, bytesSent: 100 },
  ...{ bytesReceived: 2000, retransmits: 1, rttUs: 250, reason: "fin", closedBy: "local" },
  ...{ networkNamespace: 4_026_531_833, cookie: 0xffff_ffff_ffff_fff0n },
};

test("a line of JSON has the time to the nanosecond, and numbers that fit", () => {
  expect(JSON.parse(formatJsonLine(event))).toMatchObject({
    type: "close",
    time: "2023-11-14T22:13:20.123456789Z",
    cookie: "18446744073709551600",
    durationNs: 12_345_678,
  });
});

test("connections that ended unseen are counted by their name, and make the list incomplete", () => {
  const complete = {
    opened: 9,
    closed: 7,
    told: 7,
    lost: 0,
    overLimit: 0,
    lostEvents: 0,
    evicted: 0,
    missed: 0,
    open: 2,
  };
  expect(lossWarning(complete)).toBeUndefined();
  const incomplete = { ...complete, missed: 2, open: 0 };
  expect(countLines(incomplete)).toMatch(/^2 connections missed/m);
  expect(lossWarning(incomplete)).toMatch(/incomplete: 2 connections ended while no program could see it$/);
});

test("a line of the table shows an age where the start is not known, and no name steers the terminal", () => {
  const line = formatTableLine({ ...event, durationNs: null, comm: "a\u001b[31mb" }, { events: false, details: false });
  expect(line).toMatch(
    / 42 +1000 a\\u001b\[31mb +client \[2001:db8::1\]:50000 +\[2001:db8::2\]:443 +100 +2000 +1 +250us +>12\.3ms fin$/,
  );
});

test("a name that takes more places than its column takes them from the blanks behind it, and from nothing else", () => {
  const end = (comm: string) => formatTableLine({ ...event, comm }, { events: false, details: false }).slice(-50);
  const short = end("nginx");
  expect(end("\u001b\u001b\u001b")).toBe(short);
  // 15 bytes of UTF-8 in 10 places.
  const wide = formatTableLine({ ...event, comm: "漢字漢字漢" }, { events: false, details: false });
  expect(wide.replace(/漢字漢字漢 {5}/, "nginx          ")).toContain(short);
});

test.each([
  [999, "0.999us"],
  [12_345, "12.3us"],
  [1_500_000, "1.50ms"],
  [2_000_000_000, "2.00s"],
  [3_600_000_000_000, "3600s"],
])("%i ns are %s", (nanoseconds, text) => expect(formatDuration(nanoseconds)).toBe(text));

test("a summary has percentiles of durations, to one per cent, and the ends by their reason", () => {
  const summary = new ConnectionSummary("process");
  for (let i = 1; i <= 1000; i++) summary.add({ ...event, durationNs: i * 1_000_000 });
  summary.add({ ...event, durationNs: null, reason: "rst" });
  summary.add({ ...event, type: "established" });
  summary.add({ ...event, pid: 7, comm: "other" });
  const [first, second] = summary.groups();
  expect(first).toMatchObject({
    key: { pid: 42, comm: "curl", uid: 1000, role: "client" },
    ...{ connections: 1001, bytesSent: 100_100, retransmits: 1001, reasons: { fin: 1000, rst: 1 } },
  });
  expect(second).toMatchObject({ key: { pid: 7 }, connections: 1 });
  const { p50 = 0, p90 = 0, p99 = 0, max = 0 } = first?.durationNs ?? {};
  for (const [value, exact] of [
    [p50, 500e6],
    [p90, 900e6],
    [p99, 990e6],
  ] as const) {
    expect(value).toBeGreaterThanOrEqual(exact);
    expect(value).toBeLessThanOrEqual(exact * 1.01);
  }
  expect(max).toBe(1000e6);
});

test("a summary by remote puts a server's clients together whatever their ports, and ends at 10,000 groups", () => {
  const summary = new ConnectionSummary("remote");
  for (let port = 1; port <= 3; port++) summary.add({ ...event, role: "server", remotePort: port });
  for (let i = 0; i < 10_005; i++) summary.add({ ...event, remoteAddress: `2001:db8::${i.toString(16)}` });
  const groups = summary.groups();
  expect(groups[0]).toMatchObject({ key: { remoteAddress: "2001:db8::2", remotePort: null }, connections: 3 });
  expect(groups).toHaveLength(10_001);
  expect(groups.at(-1)).toMatchObject({ key: undefined, connections: 6 });
});

const id = "0123456789abcdef".repeat(4);
test.each([
  [`/system.slice/docker-${id}.scope`, id],
  [`/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, id],
  [`/machine.slice/libpod-${id}.scope/container`, id],
  [`/docker/${id}`, id],
  [`/docker/${id}0`, null],
  ["/user.slice/user-1000.slice", null],
  [null, null],
])("the container of the cgroup %s", (cgroup, expected) => expect(containerIdOf(cgroup)).toBe(expected));

test.each([
  [{ pid: "0" }, "pid: "],
  [{ pid: "1,x" }, "pid: "],
  [{ comm: "a-name-of-sixteen" }, "comm: "],
  [{ port: "0-70000" }, "port: "],
  [{ host: "example" }, "host: "],
  [{ network: "10.0.0.1/8" }, "network: "],
  [{ duration: -1 }, "duration: "],
  [{ count: 0 }, "count: "],
  [{ maxConnections: 10 }, "maxConnections: "],
  [{ bufferSize: 0 }, "bufferSize: "],
  [{ namespace: "other" as "own" }, "namespace: "],
  [{ ports: 80 } as object, "ports: there is no such option"],
])("the option %j is refused by its name", (options, message) => {
  expect(() => checkConnectionsOptions(options)).toThrow(message);
});
