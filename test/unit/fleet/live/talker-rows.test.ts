import { expect, test } from "vitest";
import { TalkerRows } from "../../../../src/fleet/live/talker-rows.ts";
import type { TrafficEntry, TrafficKey, TrafficTable, TrafficWindow } from "../../../../src/packets/traffic-counts.ts";

const none = { bytes: 0, syns: 0, error: 0, standardError: 0 };

function table(entries: readonly (Partial<TrafficEntry> & { key: string; packets: number })[], missedAtMost = 0) {
  return { entries: entries.map((entry) => ({ ...none, ...entry })), evicted: 0, missedAtMost, oneIn: 1 };
}

function windowAt(seconds: number, tables: readonly (readonly [TrafficKey, TrafficTable])[]): TrafficWindow {
  return { beganAt: BigInt(seconds) * 1_000_000_000n, seconds: 1, tables: new Map(tables) };
}

const mapped = (...last: number[]) => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...last]);

test("the windows of a minute are rows of each key, with its parts", () => {
  const rows = new TalkerRows();
  const first = windowAt(119, [["src", table([{ key: "192.0.2.1", packets: 5, bytes: 300, syns: 5 }], 2)]]);
  expect(rows.add(first)).toEqual([]);
  const second = windowAt(120, [["src", table([{ key: "192.0.2.1", packets: 1 }])]]);
  const time = { seconds: 60, nanoseconds: 0 };
  const counts = { packets: 5, bytes: 300, syns: 5, error: 0, standard_error: 0 };
  expect(rows.add(second)).toEqual([{ time, kind: "src", address: mapped(192, 0, 2, 1), ...counts }]);
  const third = windowAt(130, [
    ["src", table([{ key: "2001:db8::1", packets: 7.6, error: 0.2, standardError: 1.6 }], 3)],
    ["src-net", table([{ key: "192.0.2.0/24", packets: 1 }])],
    ["dst-port", table([{ key: "443", packets: 1 }])],
    [
      "dst+port",
      table([
        { key: "[2001:db8::1]:443", packets: 1 },
        { key: "192.0.2.1:80", packets: 1 },
      ]),
    ],
  ]);
  rows.add(third);
  expect(rows.rest(179_000_000_000n)).toEqual([]);
  const ipv6 = Uint8Array.from([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(rows.rest(180_000_000_000n)).toMatchObject([
    // Nobody knows how many packets a key had in the windows that it was not listed in.
    { time: { seconds: 120 }, kind: "src", address: ipv6, packets: 8, error: 1, standard_error: 2 },
    { kind: "src", address: mapped(192, 0, 2, 1), packets: 1, error: 3 },
    { kind: "src-net", address: mapped(192, 0, 2, 0), prefix: 24 },
    { kind: "dst-port", port: 443 },
    { kind: "dst+port", address: ipv6, port: 443 },
    { kind: "dst+port", address: mapped(192, 0, 2, 1), port: 80 },
  ]);
  expect(rows.close()).toEqual([]);
});

test("of far more keys than a minute has rows of, the heaviest are told", () => {
  const rows = new TalkerRows();
  let key = 0;
  const entry = () => ({ key: `10.${key >> 16}.${(key >> 8) & 255}.${key++ & 255}`, packets: 1 });
  for (let second = 0; second < 60; second++) {
    const entries = Array.from({ length: 500 }, entry);
    rows.add(windowAt(second, [["src", table([{ key: "192.0.2.1", packets: 50 }, ...entries], 1)]]));
  }
  const found = rows.close();
  expect(found).toHaveLength(100);
  expect(found[0]).toMatchObject({ address: mapped(192, 0, 2, 1), packets: 3000, error: 0 });
});
