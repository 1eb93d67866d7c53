import { createHash } from "node:crypto";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ETHERNET } from "../../../src/packets/link-types.ts";
import { VerifyingSink } from "../../../src/replay/verifying-sink.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { batchOf, FILE_HEADER, recordsOf } from "../outputs/batches.ts";

const session = { link: ETHERNET, snapshotLength: 128, precision: "micro", fcsLength: undefined } as const;

test("what is hashed is what is written, header included", async () => {
  const name = join(temporaryDirectory(), "golden.pcap");
  const sink = new VerifyingSink(session, undefined, { fd: openSync(name, "w"), name });
  await sink.write(batchOf(60, 3));
  await sink.write(batchOf(1));
  sink.close();
  const file = readFileSync(name);
  expect(file).toEqual(Buffer.concat([FILE_HEADER, recordsOf([60, 3]), recordsOf([1])]));
  expect(sink.sha256).toBe(createHash("sha256").update(file).digest("hex"));
  expect([sink.packetsWritten, sink.bytesWritten]).toEqual([3, 76 + 19 + 17]);
});

test("every batch is compared before it is counted, and a comparison that fails ends the write", async () => {
  const compared: number[] = [];
  const error = new Error("the golden file ends");
  const add = async ({ count }: { count: number }) => {
    compared.push(count);
    if (compared.length === 2) throw error;
  };
  const sink = new VerifyingSink(session, { add }, undefined);
  await sink.write(batchOf(1, 1));
  await expect(sink.write(batchOf(1))).rejects.toBe(error);
  expect(compared).toEqual([2, 1]);
  expect(sink.packetsWritten).toBe(2);
});

test("a disk that is full at the header leaves no sink", () => {
  const output = { fd: openSync("/dev/full", "w"), name: "/dev/full" };
  expect(() => new VerifyingSink(session, undefined, output)).toThrow(expect.objectContaining({ code: "OUTPUT" }));
});
