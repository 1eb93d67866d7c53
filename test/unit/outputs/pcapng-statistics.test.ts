import { expect, test } from "vitest";
import { FileStatistics } from "../../../src/outputs/pcapng-statistics.ts";
import type { CaptureCounters, InterfaceCounters, PacketOrigin } from "../../../src/packets/captured.ts";

const link = { linkType: 1, name: "EN10MB", description: "Ethernet" };
const origins: PacketOrigin[] = [7, 9].map((index) => ({ name: `v${index}`, index, direction: "in", link }));
const NO_COUNTERS: CaptureCounters = {
  seen: 0,
  matched: 0,
  sampledOut: 0,
  rateLimited: 0,
  ringDropped: 0,
  overLimit: 0,
  delivered: 0,
};

function counted(...pairs: [number, number, number, number?][]): Map<number, InterfaceCounters> {
  const indexes = origins.map(({ index }) => index);
  return new Map(
    pairs.map(([seen, matched, ringDropped, interfaceDropped], place) => [
      indexes[place] ?? 0,
      { seen, matched, ringDropped, interfaceDropped },
    ]),
  );
}

test("each file tells of what happened since the file before", () => {
  const statistics = new FileStatistics();
  let now = counted([10, 5, 2, 1], [3, 3, 0]);
  const description = { origins, snapshotLength: 128, interfaceCounters: () => now };
  const first = statistics.next(description, NO_COUNTERS, [3, 3]);
  expect(first.get(0)).toMatchObject({ received: 10, accepted: 5, osDropped: 2, interfaceDropped: 1, delivered: 3 });
  expect(first.get(1)).toMatchObject({ received: 3, accepted: 3, osDropped: 0, delivered: 3 });
  expect(first.get(1)?.interfaceDropped).toBeUndefined();
  now = counted([25, 9, 3, 1], [3, 3, 0]);
  const second = statistics.next(description, NO_COUNTERS, [3, 0]);
  expect(second.get(0)).toMatchObject({ received: 15, accepted: 4, osDropped: 1, interfaceDropped: 0, delivered: 3 });
  expect(second.get(1)).toMatchObject({ received: 0, accepted: 0, osDropped: 0, delivered: 0 });
  expect(second.get(0)?.start).toBe(first.get(0)?.end);
});

test("what was left out on purpose is said once, at the first interface", () => {
  const statistics = new FileStatistics();
  const description = { origins, snapshotLength: 128 };
  const counters = { ...NO_COUNTERS, sampledOut: 4, overLimit: 1 };
  const first = statistics.next(description, counters, [0, 0]);
  expect(first.get(0)?.comment).toBe("of all interfaces: 4 sampled out, 1 beyond the wanted number");
  expect(first.get(1)?.comment).toBeUndefined();
  const second = statistics.next(description, { ...counters, rateLimited: 2 }, [0, 0]);
  expect(second.get(0)?.comment).toBe("of all interfaces: 2 beyond the rate limit");
  expect(statistics.next(description, { ...counters, rateLimited: 2 }, [0, 0]).get(0)?.comment).toBeUndefined();
});

test("where the kernel does not tell the counters, the packets in the file are told all the same", () => {
  const description = {
    origins,
    snapshotLength: 128,
    interfaceCounters: () => {
      throw new Error("gone");
    },
  };
  const fields = new FileStatistics().next(description, undefined, [2, 1]);
  expect(fields.get(0)?.delivered).toBe(2);
  expect(fields.get(0)).not.toHaveProperty("received");
});

test("the counters of a source with one origin are those of the origin", () => {
  const description = { origins: origins.slice(0, 1), snapshotLength: 128 };
  const counters = { ...NO_COUNTERS, seen: 6, matched: 4, ringDropped: 1 };
  expect(new FileStatistics().next(description, counters, [3]).get(0)).toMatchObject({
    received: 6,
    accepted: 4,
    osDropped: 1,
    delivered: 3,
  });
});
