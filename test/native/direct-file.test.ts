/** Floods into files on a disk: past the page cache, and through it where the disk falls behind or is full. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { CaptureOutput, PcapFileFormat } from "../../src/outputs/index.ts";
import type { PcapBatch } from "../../src/packets/pcap-batch.ts";
import { mountDisk } from "../support/frozen-disk.ts";
import { description, HEADER, noCounters, numberedBatch } from "../support/numbered-batches.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const LENGTH = 1500;
const RECORD = 16 + LENGTH;
/** Packets of a batch of some 500 kB. */
const COUNT = 333;
const BLOCK = 4 << 20;

async function opened(path: string): Promise<CaptureOutput> {
  const output = new CaptureOutput(path, new PcapFileFormat("micro"));
  output.prepare();
  await output.begin(description, noCounters);
  return output;
}

function batchAt(index: number): PcapBatch {
  return numberedBatch(index * COUNT, COUNT, 1_700_000_000, LENGTH);
}

/** Whether the file holds so many of the batches, and a part of the next one, each byte in its place. */
function holds(path: string, batches: number): boolean {
  const content = readFileSync(path);
  for (let index = 0, at = HEADER; index <= batches; index++) {
    const expected = batchAt(index).pack(Buffer.alloc(COUNT * RECORD), "micro");
    const found = content.subarray(at, at + expected.length);
    if (!found.equals(expected.subarray(0, found.length))) return false;
    at += expected.length;
  }
  return true;
}

/** Bytes of the file that are in the page cache. */
async function cached(path: string): Promise<number> {
  return Number((await runOrFail("fincore", ["--bytes", "--noheadings", "--output", "RES", path])).stdout);
}

afterEach(() => void vi.useRealTimers());

describeWith([requirements.root, requirements.tools("mkfs.ext4", "fincore")], "a flood into a file", () => {
  test("does not go through the page cache, and every byte of it is in its place", async () => {
    const path = join(mountDisk().directory, "x.pcap");
    const output = await opened(path);
    for (let index = 0; index < 60; index++) await output.write(batchAt(index));
    await output.close();
    const { size } = statSync(path);
    expect(await cached(path)).toBeLessThanOrEqual(size - BLOCK);
    expect(size).toBe(HEADER + 60 * COUNT * RECORD);
    expect(output).toMatchObject({ packetsWritten: 60 * COUNT, bytesWritten: size });
    expect(holds(path, 60)).toBe(true);
  });

  test("is on the disk up to a flush in the middle, and goes on behind it", async () => {
    const path = join(mountDisk().directory, "x.pcap");
    const output = await opened(path);
    for (let index = 0; index < 30; index++) {
      if (index === 11) output.flush();
      await output.write(batchAt(index));
      if (index === 11) expect(output.packetsWritten).toBe(12 * COUNT);
    }
    await output.close();
    expect(holds(path, 30)).toBe(true);
    expect(statSync(path).size).toBe(HEADER + 30 * COUNT * RECORD);
  });

  test("that fills the disk leaves whole records, counted", async () => {
    const path = join(mountDisk().directory, "x.pcap");
    const output = await opened(path);
    let batches = 0;
    const fill = async () => {
      for (; ; batches++) await output.write(batchAt(batches));
    };
    await expect(fill()).rejects.toMatchObject({ code: "OUTPUT", message: expect.stringContaining("ENOSPC") });
    await output.close();
    const { size } = statSync(path);
    expect(size).toBeGreaterThan(32 * 2 ** 20);
    expect(output).toMatchObject({ bytesWritten: size, packetsWritten: (size - HEADER) / RECORD });
    expect(holds(path, batches)).toBe(true);
  });

  test("goes through the page cache once the disk falls behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    // More than all blocks together.
    const disk = mountDisk(128);
    const path = join(disk.directory, "x.pcap");
    const output = await opened(path);
    await output.write(batchAt(0));
    await nextTurn();
    disk.freeze();
    let batches = 1;
    let written = output.write(batchAt(batches++));
    // No block is left when it wants to wait.
    while (written === undefined) written = output.write(batchAt(batches++));
    await vi.advanceTimersByTimeAsync(1000);
    disk.thaw();
    await written;
    await output.close();
    const { size } = statSync(path);
    expect(size).toBe(HEADER + batches * COUNT * RECORD);
    expect(await cached(path)).toBeGreaterThan(size - BLOCK - 8192);
    expect(holds(path, batches)).toBe(true);
  });
});
