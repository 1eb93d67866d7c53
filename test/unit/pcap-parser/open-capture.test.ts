import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { everyBlock, pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { randomNumbers } from "../../../scripts/lib/parser-fuzz.mjs";
import { RingcapError } from "../../../src/errors.ts";
import { openCapture } from "../../../src/pcap-parser/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { linesOf, readBytes, readInput } from "./read-capture.ts";

const random = randomNumbers(1);
/** Bytes that compress to half of their length, so that compressed files have some. */
const RECORDS = Array.from({ length: 3000 }, (_, index) => ({
  fraction: index,
  data: Uint8Array.from({ length: index % 200 }, () => random() & 15),
}));
const PCAP = pcapFile({}, RECORDS);
const PCAPNG = everyBlock(RECORDS.slice(0, 300).map(({ data }) => data));

function chunked(bytes: Uint8Array, size: number): Readable {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return Readable.from(chunks, { objectMode: false });
}

/**
 * One byte at a time where the file begins, and where it ends, with the last full piece of what zlib gives; each byte
 * costs zlib a turn of its own.
 */
function singleBytes(bytes: Uint8Array): Readable {
  const [begin, end] = [bytes.subarray(0, 4000), bytes.subarray(Math.max(4000, bytes.length - 12_000))];
  const between = bytes.subarray(begin.length, bytes.length - end.length);
  const single = (part: Uint8Array) => Array.from(part, (byte) => Uint8Array.of(byte));
  return Readable.from([...single(begin), between, ...single(end)].filter(({ length }) => length > 0));
}

describe.each([
  ["pcap", PCAP],
  ["pcapng", PCAPNG],
  ["pcap in gzip", gzipSync(PCAP)],
  ["pcapng in gzip", gzipSync(PCAPNG)],
  ["pcap in two members of gzip", Buffer.concat([gzipSync(PCAP.subarray(0, 1000)), gzipSync(PCAP.subarray(1000))])],
])("a capture as %s", (name, bytes) => {
  const expected = readBytes(name.startsWith("pcapng") ? PCAPNG : PCAP);
  const expectedLines = linesOf(expected.packets);

  it("is the same from a file, a stream, pieces of any size and memory", async () => {
    const path = join(temporaryDirectory(), "capture");
    writeFileSync(path, bytes);
    const inputs = [
      path,
      createReadStream(path),
      bytes,
      singleBytes(bytes),
      chunked(bytes, 1000),
      chunked(bytes, 70_000),
    ];
    for (const input of inputs) {
      const { packets, kinds, error } = await readInput(input);
      expect(error).toBeUndefined();
      expect(kinds).toEqual(expected.kinds);
      expect(linesOf(packets)).toEqual(expectedLines);
    }
  });

  it("is read from stdin", async () => {
    const program = `import { openCapture } from "ringcap/pcap-parser";
      let count = 0;
      for await (const batch of await openCapture("-")) count += batch.count;
      console.log(count);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stdin.end(bytes);
    await once(child, "close");
    expect(Number(output)).toBe(expected.packets.length);
  });
});

it("tells the format, and whether the file is compressed, before any packet is read", async () => {
  const capture = await openCapture(gzipSync(PCAP));
  expect(capture).toMatchObject({ compressed: true, format: { type: "pcap", precision: "micro", linkType: 1 } });
  await capture.close();
  await expect(openCapture(PCAPNG)).resolves.toMatchObject({ compressed: false, format: { type: "pcapng" } });
});

it("packets come one by one if asked for so", async () => {
  let count = 0;
  for await (const packet of (await openCapture(PCAP)).packets()) expect(packet.number).toBe(++count);
  expect(count).toBe(RECORDS.length);
});

it("gives packets as they arrive, before the stream ends", async () => {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield PCAP.subarray(0, 10_000);
    await new Promise(() => undefined);
  }
  for await (const batch of await openCapture(stream())) {
    expect(batch.count).toBeGreaterThan(50);
    break;
  }
}, 5000);

it("leaving the loop, and close(), end the stream", async () => {
  for (const leave of [true, false]) {
    const stream = chunked(PCAP, 5000);
    const capture = await openCapture(stream);
    if (leave) for await (const _ of capture) break;
    else await capture.close();
    expect(stream.destroyed).toBe(true);
  }
});

describe("a capture in gzip that is cut off", () => {
  it("yields every packet that can be inflated, then says that it is truncated", async () => {
    const whole = gzipSync(PCAP);
    const lines = linesOf(readBytes(PCAP).packets);
    for (const length of [3, 11, 100, 70_000, Math.floor(whole.length / 2), whole.length - 9, whole.length - 1]) {
      const { packets, error } = await readInput(whole.subarray(0, length));
      expect(error).toMatchObject({ code: "INPUT", reason: "truncated", offset: length });
      expect(linesOf(packets)).toEqual(lines.slice(0, packets.length));
      // zlib itself, told to be content with what there is.
      const inflated =
        length < 20 ? Buffer.alloc(0) : gunzipSync(whole.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH });
      expect(packets).toHaveLength(readBytes(inflated).packets.length);
    }
  });

  it("says of the packets inside that they are cut off, with the inflated offset", async () => {
    const { error } = await readInput(gzipSync(PCAP.subarray(0, -1)));
    expect(error).toMatchObject({ reason: "truncated", message: expect.stringContaining("inflated byte") });
  });
});

it("broken gzip data is told from truncation, and packets before it come first", async () => {
  const broken = gzipSync(PCAP);
  broken.fill(0xff, 150_000, 150_100);
  const { packets, error } = await readInput(broken);
  expect(error).toMatchObject({ code: "INPUT", reason: "corrupt" });
  expect(packets.length).toBeGreaterThan(1000);
  expect(linesOf(packets.slice(0, 1000))).toEqual(linesOf(readBytes(PCAP).packets.slice(0, 1000)));
});

it("zeros behind gzip data, as tapes leave them, do no harm", async () => {
  const { packets, error } = await readInput(Buffer.concat([gzipSync(PCAP), Buffer.alloc(200_000)]));
  expect(error).toBeUndefined();
  expect(packets).toHaveLength(RECORDS.length);
});

it("a small file that inflates to much is read in constant memory", async () => {
  const zeros = { data: new Uint8Array(200_000) };
  const bomb = gzipSync(pcapFile({}, new Array(1000).fill(zeros)));
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let packets = 0;
  for await (const batch of await openCapture(bomb)) {
    packets += batch.count;
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(packets).toBe(1000);
  expect(most).toBeLessThan(64 << 20);
});

describe("an input that cannot be read", () => {
  it("is named in the error, control characters escaped", async () => {
    const { error } = await readInput("/nonexistent/\x1b[2Jx");
    expect(error).toBeInstanceOf(RingcapError);
    expect(error).toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(/^read \/nonexistent\/\\x1b\[2Jx: ENOENT: no such file or directory$/),
    });
    expect(error?.message).not.toContain("\x1b");
  });

  it("may be a directory, or a stream that fails", async () => {
    expect((await readInput(temporaryDirectory())).error).toMatchObject({ code: "INPUT" });
    const failing = new Readable({ read: (): void => void failing.destroy(new Error("lost\nit")) });
    expect((await readInput(failing)).error).toMatchObject({ code: "INPUT", message: "read the capture: lost\\nit" });
  });

  it("may give text instead of bytes, which is a mistake in the program", async () => {
    expect((await readInput(chunked(PCAP, 100).setEncoding("latin1"))).error).toMatchObject({ code: "USAGE" });
  });

  it("may be no capture", async () => {
    expect((await readInput(Buffer.from("hello"))).error).toMatchObject({ code: "INPUT", reason: "unsupported" });
    expect((await readInput(gzipSync("hello"))).error).toMatchObject({ code: "INPUT", reason: "unsupported" });
    expect((await readInput(Buffer.alloc(0))).error).toMatchObject({ code: "INPUT", reason: "truncated" });
    expect((await readInput(Buffer.of(0x1f))).error).toMatchObject({ code: "INPUT", reason: "truncated" });
  });
});
