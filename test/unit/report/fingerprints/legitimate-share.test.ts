import { describe, expect, it } from "vitest";
import { ackOf, synAckOf, synOf } from "../analysis/attempts.ts";
import type { TestPacket } from "../columns.ts";
import { reported } from "./reported.ts";

const shareOf = (packets: readonly TestPacket[]) => reported(packets).entries[0]?.legitimateShare;
const range = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("SYNs that look legitimate", () => {
  it("are those of connections that were finished", () => {
    const packets = range(20).flatMap((number) => {
      const syn = synOf({ number }, 1);
      return number < 5 ? [syn, synAckOf({ number }, 1.1), ackOf({ number }, 1.2)] : [syn, synAckOf({ number }, 1.1)];
    });
    expect(reported(packets).entries).toMatchObject([
      { packets: 20, legitimateShare: 0.25, legitimateError: 0, attempts: 20 },
    ]);
  });

  it("are none where the ACK acknowledges another number than the answer's", () => {
    const guessed = range(10).flatMap((number) => [
      synOf({ number }, 1),
      synAckOf({ number }, 1.1),
      ackOf({ number }, 1.2, 77),
    ]);
    expect(shareOf(guessed)).toBe(0);
  });

  it("are told from the ACK alone where the capture has no answers", () => {
    const packets = range(10).flatMap((number) =>
      number < 4 ? [synOf({ number }, 1), ackOf({ number }, 1.2)] : [synOf({ number }, 1)],
    );
    expect(shareOf(packets)).toBe(0.4);
  });

  it.each([
    [[0, 1], 1],
    [[0, 1, 3, 7], 1],
    [[0, 0.85], 1],
    [[0, 0.5], 0],
    [[0, 0.00001], 0],
    // A program that sends the same again and again.
    [range(13), 0],
    [range(12), 1],
  ])("are those that come again after %j s: %i", (seconds, share) => {
    expect(shareOf(seconds.map((second) => synOf({ number: 1 }, 100 + second)))).toBe(share);
  });

  it("count with all SYNs of their connection, whatever share of connections they are", () => {
    const packets = [
      synOf({ number: 1 }, 1),
      synOf({ number: 1 }, 2),
      synOf({ number: 1 }, 4),
      synOf({ number: 2 }, 4),
    ];
    expect(shareOf(packets)).toBe(0.75);
  });

  it("are told for each tuple", () => {
    const packets = range(10).flatMap((number) => {
      const connection = { number, window: number < 4 ? 500 : 600 };
      return number < 4
        ? [synOf(connection, 1), synAckOf(connection, 1), ackOf(connection, 1)]
        : [synOf(connection, 1)];
    });
    const shares = reported(packets).entries.map(({ fields, legitimateShare }) => [fields.window, legitimateShare]);
    expect(shares).toEqual([
      [600, 0],
      [500, 1],
    ]);
  });

  it("are not told apart by time where packets have none", () => {
    expect(shareOf([1, 5].map((second) => ({ ...synOf({ number: 1 }, second), hasTime: false })))).toBe(0);
  });
});
