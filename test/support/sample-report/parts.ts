/** What the reports of tests are made of. */
import type { FileFacts } from "../../../src/report/completeness/completeness.ts";
import type { FingerprintEntry } from "../../../src/report/fingerprints/fingerprint-report.ts";
import type { TopEntry, TopList } from "../../../src/report/report.ts";
import { type Amount, PACKET_CLASSES, type PacketClass } from "../../../src/report/values.ts";

export const BEGINS = "2026-11-28T07:40:02.000000000+01:00";
export const TARGET = "203.0.113.7";
export const LARGEST = Number.MAX_SAFE_INTEGER;

export function second(index: number): string {
  const at = new Date(Date.parse("2026-11-28T07:40:02Z") + index * 1000);
  return `${at.toISOString().slice(0, -1)}000000+01:00`;
}

export function amount(packets: number, bytesEach: number): Amount {
  return { packets, bytes: packets * bytesEach };
}

export function byClass(amounts: Partial<Record<PacketClass, Amount>>): Record<PacketClass, Amount> {
  const empty = PACKET_CLASSES.map((name) => [name, { packets: 0, bytes: 0 }]);
  return { ...Object.fromEntries(empty), ...amounts };
}

export function topList(keys: readonly string[], total: number, share: (index: number) => number): TopList {
  const entries = keys.map((key, index): TopEntry => {
    const packets = Math.round(total * share(index));
    return { key, packets, bytes: packets * 60, share: share(index) };
  });
  const first = entries[0]?.share ?? 0;
  return { entries, error: 0, distinct: { value: keys.length, error: 0 }, hasDominant: first > 0.05 };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export function captureFile(): FileFacts {
  return {
    name: "/var/lib/ringcap/20261128T064009Z-20000-s/capture.pcapng",
    bytes: 812_345_678,
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    format: "pcapng",
    compression: null,
    packets: 9_184_220,
    first: BEGINS,
    last: second(299),
    hardware: "x86_64",
    os: "Linux 6.12.9",
    application: "ringcap 0.1.0",
    comments: ["watch: 20000/s on eth0"],
    interfaces: [
      {
        name: "eth0",
        description: "xdp-native in",
        filter: "tcp",
        linkType: 1,
        linkTypeName: "EN10MB",
        snapshotLength: 128,
        received: 80_101_233,
        dropped: null,
        filterAccepted: 79_003_117,
        osDropped: 41_204,
        delivered: 9_184_220,
      },
    ],
    fault: null,
  };
}

export function fingerprint(window: number, share: number, total: number, label: string | null): FingerprintEntry {
  const packets = Math.round(total * share);
  const filter = `tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn and ip[8] <= 64 and tcp[14:2] = ${window} and tcp[12] & 0xf0 = 0x60`;
  return {
    tuple: `4:64:0:1460:${window},0:mss:df:0`,
    packets,
    error: 0,
    bytes: packets * 58,
    share,
    fields: {
      ipVersion: 4,
      ttl: 64,
      lowestTtl: 41,
      highestTtl: 63,
      window,
      mss: 1460,
      scale: label === null ? null : 7,
      options: label === null ? ["mss"] : ["mss", "sok", "ts", "nop", "ws"],
      isCut: false,
      vlanTags: 0,
      dontFragment: true,
      quirks: ["df"],
    },
    label,
    legitimateShare: label === null ? 0.0004 : 0.97,
    legitimateError: 0.003,
    attempts: 2048,
    filters: {
      ringcap: `--tcp-flags syn,!ack '${filter}'`,
      expression: filter,
      displayFilter: `tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.ttl <= 64 && tcp.window_size_value == ${window} && tcp.options.mss_val == 1460`,
    },
  };
}
