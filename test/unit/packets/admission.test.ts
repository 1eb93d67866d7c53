import { expect, test } from "vitest";
import { BATCH_RECORD } from "../../../src/generated/layouts.ts";
import { Admission, type AdmissionOptions, checkAdmission } from "../../../src/packets/admission.ts";
import { AlignedBatch } from "../../../src/packets/aligned-batch.ts";

interface Packet {
  second?: number;
  index?: number;
}

/** Records of four bytes, numbered from 1, whose first byte is their number. */
function batchOf(packets: readonly Packet[]) {
  const bytes = new Uint8Array(packets.length * (BATCH_RECORD.size + 8));
  const words = new Uint32Array(bytes.buffer);
  for (const [at, { second = 7, index = 1 }] of packets.entries()) {
    const record = (at * bytes.length) / packets.length;
    words[(record + BATCH_RECORD.seconds) / 4] = second;
    words[(record + BATCH_RECORD.capturedLength) / 4] = 4;
    words[(record + BATCH_RECORD.interfaceIndex) / 4] = index;
    words[(record + BATCH_RECORD.number) / 4] = at + 1;
    bytes[record + BATCH_RECORD.size] = at + 1;
  }
  return { bytes, words };
}

const packetsOf = (count: number, packet: Packet = {}): Packet[] => Array.from({ length: count }, () => packet);

/** The numbers of the packets that are left, and how many of their interface each says were left out before it. */
function thinned(admission: Admission, packets: readonly Packet[]): [number, number][] {
  const { bytes, words } = batchOf(packets);
  const { admitted } = admission.thin(bytes, words, packets.length);
  return [...new AlignedBatch(bytes, words, admitted)].map(({ data }, at) => [
    data[0] ?? 0,
    words[(at * (BATCH_RECORD.size + 8) + BATCH_RECORD.lost) / 4] ?? 0,
  ]);
}

const admissionOf = (options: AdmissionOptions, random = 0) => new Admission(checkAdmission(options), () => random);

test("one packet in so many is taken, from a packet that chance chooses, over all batches", () => {
  const admission = admissionOf({ sample: 4 }, 0.5);
  const taken = [3, 7, 10].flatMap((count) => thinned(admission, packetsOf(count)).map(([number]) => number));
  expect(taken).toEqual([3, 4, 1, 5, 9]);
  expect(admission).toMatchObject({ sampledOut: 15, rateLimited: 0 });
});

test("the packets of a second are limited, and a late packet of the second before counts as one of the present", () => {
  const admission = admissionOf({ rateLimit: 2 });
  const seconds = [5, 5, 5, 6, 5, 6, 9, 2, 2, 2];
  const taken = thinned(
    admission,
    seconds.map((second) => ({ second })),
  ).map(([number]) => number);
  expect(taken).toEqual([1, 2, 4, 5, 7, 8, 9]);
  expect(admission.rateLimited).toBe(3);
});

test("what sampling leaves out uses nothing of the limit", () => {
  const admission = admissionOf({ sample: 3, rateLimit: 2 });
  expect(thinned(admission, packetsOf(10)).map(([number]) => number)).toEqual([1, 4]);
  expect(admission).toMatchObject({ sampledOut: 6, rateLimited: 2 });
});

test("a packet says how many of its interface were left out before it, also in batches before", () => {
  const admission = admissionOf({ sample: 2 }, 0.9);
  expect(thinned(admission, [{ index: 1 }, { index: 2 }, { index: 1 }])).toEqual([[2, 0]]);
  expect(thinned(admission, [{ index: 1 }, { index: 1 }, { index: 1 }])).toEqual([
    [1, 2],
    [3, 1],
  ]);
});

test("a changed factor counts from the next packet on", () => {
  const admission = admissionOf({});
  expect(thinned(admission, packetsOf(2))).toHaveLength(2);
  admission.setSampling(5);
  expect(thinned(admission, packetsOf(11)).map(([number]) => number)).toEqual([1, 6, 11]);
  admission.setSampling(1);
  expect(thinned(admission, packetsOf(3))).toHaveLength(3);
});

test("ends once so many are admitted, and says which packet was the last", () => {
  const { bytes, words } = batchOf(packetsOf(9));
  const result = admissionOf({ sample: 2 }).thin(bytes, words, 9, 3);
  expect(result).toEqual({ records: 5, admitted: 3, lastNumber: 5 });
});

test.each([{ sample: 0 }, { sample: 1.5 }, { rateLimit: 0 }, { rateLimit: 2e9 }])(
  "%o is refused by name",
  (options) => {
    expect(() => checkAdmission(options)).toThrow(Object.keys(options)[0]);
  },
);
