import { once } from "node:events";
import { expect, test } from "vitest";
import { handOver } from "../../../src/cap/hand-over.ts";
import type { PacketCursor } from "../../../src/packets/packet-batch.ts";
import { numberedBatch } from "../../support/numbered-batches.ts";

const numberOf = ({ bytes, start }: PacketCursor) => Buffer.from(bytes).readUInt32BE(start);

test("between two packets, what the program has put off has its turn", async () => {
  const events: string[] = [];
  await handOver(numberedBatch(1, 2), (cursor) => {
    const number = numberOf(cursor);
    events.push(`packet ${number}`);
    process.nextTick(() => events.push(`tick ${number}`));
    void Promise.resolve()
      .then(() => events.push(`promise ${number}`))
      .then(() => events.push(`promise behind it ${number}`));
    return true;
  });
  const of = (number: number) =>
    ["packet", "tick", "promise", "promise behind it"].map((event) => `${event} ${number}`);
  expect(events).toEqual([...of(1), ...of(2)]);
});

test("a packet that is not wanted any more ends it", async () => {
  const numbers: number[] = [];
  await handOver(numberedBatch(1, 10), (cursor) => numbers.push(numberOf(cursor)) < 3);
  expect(numbers).toEqual([1, 2, 3]);
});

test("timers have their turn before the end of a large batch", async () => {
  let delivered = 0;
  let before = -1;
  setImmediate(() => {
    before = delivered;
  });
  await handOver(numberedBatch(1, 1000), () => ++delivered > 0);
  expect(delivered).toBe(1000);
  expect(before).toBeLessThan(1000);
});

test("an error of the program is an uncaught exception, and the next packet follows", async () => {
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const thrown = once(process, "uncaughtException");
  const numbers: number[] = [];
  try {
    await handOver(numberedBatch(1, 3), (cursor) => {
      numbers.push(numberOf(cursor));
      if (numbers.length === 1) throw new Error("of the program");
      return true;
    });
    expect(await thrown).toEqual([new Error("of the program"), "uncaughtException"]);
  } finally {
    for (const listener of others) process.on("uncaughtException", listener);
  }
  expect(numbers).toEqual([1, 2, 3]);
});
