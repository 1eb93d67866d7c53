import { describe, expect, it } from "vitest";
import { ethernet, ipv4, tcp, tcpOption, u16 } from "../../../support/frames.ts";
import { reported } from "./reported.ts";

const template = ethernet({
  payload: ipv4({ identification: 1, payload: tcp({ sequence: 1, options: tcpOption.maximumSegmentSize(0) }) }),
});
const TCP_HEADER = 14 + 20;

function synOf(window: number, segmentSize: number) {
  const data = Uint8Array.from(template);
  data.set(u16(window), TCP_HEADER + 14);
  data.set(u16(segmentSize), TCP_HEADER + 22);
  return { data };
}

describe("more tuples than are kept", () => {
  it("keep the counts of common ones, and say how many packets these may lack", () => {
    const packets = Array.from({ length: 100_000 }, (_, number) =>
      synOf(number % 50_000, 1400 + Math.floor(number / 50_000)),
    );
    // The tuple that comes last, and the one that comes all the time, are the commonest.
    const common = packets.flatMap((packet, number) => (number % 100 === 0 ? [packet, synOf(64_240, 1460)] : [packet]));
    const last = Array.from({ length: 500 }, () => synOf(64_241, 1460));
    const report = reported([...common, ...last]);
    expect(report).toMatchObject({ packets: 101_500, isExact: false });
    expect(report.distinct).toBeLessThanOrEqual(65_536);
    const [first, second] = report.entries;
    expect(first).toMatchObject({ packets: 1000, error: 0, fields: { window: 64_240 } });
    expect(second).toMatchObject({ packets: 500, fields: { window: 64_241 } });
    expect(second?.error).toBeLessThan(10);
  });
});

describe("entries", () => {
  it("have bytes, shares and the TTLs that were seen", () => {
    const packet = (timeToLive: number) => ({
      data: ethernet({ payload: ipv4({ timeToLive, payload: tcp({ sequence: 1 }) }) }),
    });
    const report = reported([packet(60), packet(44), packet(51), packet(65)]);
    expect(report.entries).toMatchObject([
      { packets: 3, bytes: 162, share: 0.75, fields: { ttl: 64, lowestTtl: 44, highestTtl: 60 } },
      { packets: 1, bytes: 54, share: 0.25, fields: { ttl: 128, lowestTtl: 65, highestTtl: 65 } },
    ]);
    expect(report.entries[0]?.filters?.expression).toContain("ip[8] >= 44 and ip[8] <= 60");
  });

  it("are empty without a SYN", () => {
    expect(reported([])).toEqual({ packets: 0, unreadable: 0, distinct: 0, isExact: true, entries: [] });
  });
});
