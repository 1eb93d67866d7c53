/** Captures that go on in other files, on real file systems with batches that no kernel made. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { PcapFileFormat, RotatingOutput } from "../../src/outputs/index.ts";
import type { RotatingOptions } from "../../src/outputs/rotating-output.ts";
import { description, HEADER, noCounters, numberedBatch, RECORD } from "../support/numbered-batches.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const SECOND = 1_700_000_000;

interface Rotating {
  readonly directory: string;
  readonly output: RotatingOutput;
  readonly messages: string[];
  /** Sets the clock, seconds since the epoch. */
  readonly setTime: (second: number) => void;
  /** Numbers of the packets in each finished file. */
  readonly numbers: () => Promise<Record<string, number[]>>;
}

async function rotating(
  options: RotatingOptions,
  name = "x.pcap",
  directory = temporaryDirectory(),
): Promise<Rotating> {
  let now = SECOND * 1000;
  const messages: string[] = [];
  const tell = (text: string) => messages.push(text);
  const path = join(directory, name);
  const format = new PcapFileFormat("micro");
  const output = new RotatingOutput(path, format, { onNote: tell, onWarning: tell, now: () => now, ...options });
  output.prepare();
  await output.begin(description, noCounters);
  return {
    directory,
    output,
    messages,
    setTime: (second) => {
      now = second * 1000;
    },
    numbers: async () => {
      const files = readdirSync(directory).filter((file) => !file.endsWith(".partial"));
      const entries = files.map(async (file) => {
        const packets = await readPcapWithEditcap(join(directory, file));
        return [file, packets.map(({ data }) => Buffer.from(data).readUInt32BE(0))] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
  };
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe("a rotated capture", () => {
  test("parts batches where a file has its packets", async () => {
    const { output, numbers, directory } = await rotating({ rotatePackets: 10 });
    await output.write(numberedBatch(0, 25));
    await output.write(numberedBatch(25, 4));
    await output.write(numberedBatch(29, 1));
    await output.write(numberedBatch(30, 3));
    await output.close();
    expect(await numbers()).toEqual({
      "x_00001.pcap": range(0, 10),
      "x_00002.pcap": range(10, 10),
      "x_00003.pcap": range(20, 10),
      "x_00004.pcap": range(30, 3),
    });
    expect(output.files.map((file) => basename(file)).sort()).toEqual(readdirSync(directory).sort());
    expect(output).toMatchObject({ packetsWritten: 33, bytesWritten: 4 * HEADER + 33 * RECORD });
    expect(output.rotation).toEqual({ written: 4, removed: 0, onFileFailed: 0 });
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  });

  test("has no file larger than it may be, but for a packet that alone is", async () => {
    const { output, numbers, directory } = await rotating({ rotateSize: HEADER + 3 * RECORD });
    await output.write(numberedBatch(0, 7));
    await output.write(numberedBatch(7, 2, SECOND, 1000));
    await output.write(numberedBatch(9, 1));
    await output.close();
    expect(Object.values(await numbers())).toEqual([[0, 1, 2], [3, 4, 5], [6], [7], [8], [9]]);
    const sizes = readdirSync(directory).map((file) => statSync(join(directory, file)).size);
    expect(sizes.slice(0, 2)).toEqual([HEADER + 3 * RECORD, HEADER + 3 * RECORD]);
  });

  test("by the clock parts a batch at the time of its packets", async () => {
    const { output, numbers, setTime } = await rotating({ rotateEvery: 60 }, "x-%s.pcap");
    const seam = Math.ceil(SECOND / 60) * 60;
    await output.write(numberedBatch(0, 5));
    setTime(seam + 0.05);
    await output.write(numberedBatch(5, 4, seam - 1));
    await output.write(numberedBatch(9, 4, (number) => (number < 11 ? seam - 1 : seam)));
    setTime(seam + 61);
    await output.write(numberedBatch(13, 1, seam + 60));
    await output.close();
    expect(await numbers()).toEqual({
      [`x-${SECOND}.pcap`]: range(0, 11),
      [`x-${seam}.pcap`]: [11, 12],
      [`x-${seam + 60}.pcap`]: [13],
    });
  });

  test("goes on in another file when it is told to, also by the clock of the same second", async () => {
    const { output, numbers } = await rotating({ rotateEvery: 3600 }, "x-%s.pcap");
    await output.write(numberedBatch(0, 2));
    output.rotate();
    await output.write(numberedBatch(2, 2));
    await output.close();
    expect(await numbers()).toEqual({
      [`x-${SECOND}.pcap`]: [0, 1],
      [`x-${SECOND}_00002.pcap`]: [2, 3],
    });
  });

  test("shows whole files only, and what is being written as partial", async () => {
    const { output, directory } = await rotating({ rotatePackets: 2 });
    await output.write(numberedBatch(0, 3));
    await expect.poll(() => readdirSync(directory).sort()).toEqual(["x_00001.pcap", "x_00002.pcap.partial"]);
    expect(statSync(join(directory, "x_00002.pcap.partial")).size).toBe(HEADER + RECORD);
    await output.close();
    expect(readdirSync(directory).sort()).toEqual(["x_00001.pcap", "x_00002.pcap"]);
  });

  test("leaves no file where it never begins", () => {
    const directory = temporaryDirectory();
    const output = new RotatingOutput(join(directory, "x.pcap"), new PcapFileFormat("micro"), { rotatePackets: 1 });
    output.prepare();
    expect(readdirSync(directory)).toEqual(["x_00001.pcap.partial"]);
    output.discard();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("what is in the directory already", () => {
  test("is gone on behind, and what a killed capture left is told of and stays", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "x_00041.pcap.partial"), "left");
    writeFileSync(join(directory, "x_00007.pcap"), "finished");
    const { output, messages } = await rotating({ rotatePackets: 1 }, "x.pcap", directory);
    await output.write(numberedBatch(0, 1));
    await output.close();
    expect(readdirSync(directory).sort()).toEqual(["x_00007.pcap", "x_00041.pcap.partial", "x_00042.pcap"]);
    expect(readFileSync(join(directory, "x_00041.pcap.partial"), "utf8")).toBe("left");
    expect(messages).toEqual([
      expect.stringMatching(/x_00041\.pcap\.partial is of a capture that has not ended in order/),
    ]);
  });

  test("under the name of the clock leaves this capture another one", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "x-2023.pcap.partial"), "left");
    const first = await rotating({ rotateEvery: 60 }, "x-%Y.pcap", directory);
    await first.output.close();
    const second = await rotating({ rotateEvery: 60 }, "x-%Y.pcap", directory);
    await second.output.close();
    expect(readdirSync(directory).sort()).toEqual(["x-2023.pcap", "x-2023.pcap.partial", "x-2023_00002.pcap"]);
    expect(readFileSync(join(directory, "x-2023.pcap.partial"), "utf8")).toBe("left");
    expect(second.messages).toContainEqual(expect.stringMatching(/there is a file of the name already/));
  });

  test("under the name of the clock, since the capture began, leaves the next file another one", async () => {
    const { output, directory, numbers } = await rotating({ rotateEvery: 3600 }, "x-%s.pcap");
    await output.write(numberedBatch(0, 1));
    writeFileSync(join(directory, `x-${SECOND}_00002.pcap`), "precious");
    output.rotate();
    await output.write(numberedBatch(1, 1));
    await output.close();
    expect(readFileSync(join(directory, `x-${SECOND}_00002.pcap`), "utf8")).toBe("precious");
    rmSync(join(directory, `x-${SECOND}_00002.pcap`));
    expect(await numbers()).toEqual({ [`x-${SECOND}.pcap`]: [0], [`x-${SECOND}_00003.pcap`]: [1] });
  });

  test("under the next name ends the capture, and is not touched", async () => {
    const { output, directory } = await rotating({ rotatePackets: 2 });
    symlinkSync("/nonexistent", join(directory, "x_00002.pcap"));
    await expect(async () => output.write(numberedBatch(0, 5))).rejects.toMatchObject({
      code: "OUTPUT",
      message: expect.stringMatching(/x_00002\.pcap: there is a file of that name/),
    });
    await output.close();
    expect(output.packetsWritten).toBe(2);
    expect((await readPcapWithEditcap(join(directory, "x_00001.pcap"))).length).toBe(2);
    expect(readdirSync(directory).sort()).toEqual(["x_00001.pcap", "x_00002.pcap"]);
    expect(existsSync("/nonexistent")).toBe(false);
  });

  test("under the name of a file that is finished keeps it partial, and its packets count", async () => {
    const { output, directory } = await rotating({ rotatePackets: 100 });
    await output.write(numberedBatch(0, 5));
    writeFileSync(join(directory, "x_00001.pcap"), "precious");
    await expect(output.close()).rejects.toMatchObject({
      message: expect.stringMatching(/there is a file of that name/),
    });
    expect(readFileSync(join(directory, "x_00001.pcap"), "utf8")).toBe("precious");
    expect(output.packetsWritten).toBe(5);
    expect(output.files.map((file) => basename(file))).toEqual(["x_00001.pcap.partial"]);
    expect((await readPcapWithEditcap(join(directory, "x_00001.pcap.partial"))).length).toBe(5);
  });
});

describe("a file that somebody moves while it is written", () => {
  test("is told of, keeps its name, and its packets count", async () => {
    const { output, directory, messages } = await rotating({ rotatePackets: 100 });
    await output.write(numberedBatch(0, 5));
    renameSync(join(directory, "x_00001.pcap.partial"), join(directory, "moved"));
    await output.write(numberedBatch(5, 2));
    await output.close();
    const moved = join(directory, "moved");
    expect(readdirSync(directory)).toEqual(["moved"]);
    expect((await readPcapWithEditcap(moved)).length).toBe(7);
    expect(output).toMatchObject({ packetsWritten: 7, files: [moved] });
    expect(messages).toEqual([`${join(directory, "x_00001.pcap.partial")} was moved: its packets are in ${moved}`]);
  });
});

describe("what fails beside the capture", () => {
  test("is told at the end where no write comes any more", async () => {
    const { output, directory } = await rotating({ rotatePackets: 100 });
    await output.write(numberedBatch(0, 5));
    writeFileSync(join(directory, "x_00001.pcap"), "precious");
    output.rotate();
    await expect.poll(() => output.rotation.written).toBe(1);
    await expect(output.close()).rejects.toMatchObject({
      message: expect.stringMatching(/there is a file of that name/),
    });
    expect(output.packetsWritten).toBe(5);
  });

  test("is not told again where a write has thrown it", async () => {
    const { output, directory } = await rotating({ rotatePackets: 100 });
    await output.write(numberedBatch(0, 5));
    writeFileSync(join(directory, "x_00001.pcap"), "precious");
    output.rotate();
    await expect.poll(() => output.rotation.written).toBe(1);
    await expect(async () => output.write(numberedBatch(5, 1))).rejects.toMatchObject({ code: "OUTPUT" });
    await output.close();
  });
});

describe("a directory that is removed", () => {
  test("ends the capture at the next seam, and what went with it does not count", async () => {
    const { output, directory } = await rotating({ rotatePackets: 2 });
    await output.write(numberedBatch(0, 1));
    rmSync(directory, { recursive: true });
    await expect(async () => output.write(numberedBatch(1, 5))).rejects.toMatchObject({ code: "OUTPUT" });
    await output.close().catch(() => {});
    expect(output.packetsWritten).toBe(0);
    expect(output.files).toEqual([]);
  });
});

test.each(["/dev/null", tmpdir()])("%s is not parted into files", (name) => {
  const output = new RotatingOutput(name, new PcapFileFormat("micro"), { rotatePackets: 1 });
  expect(() => output.prepare()).toThrow(expect.objectContaining({ code: "USAGE" }));
});

describe("a budget", () => {
  test("of files keeps that many, the newest", async () => {
    const { output, directory } = await rotating({ rotatePackets: 1, keepFiles: 3 });
    for (let number = 0; number < 10; number++) await output.write(numberedBatch(number, 1));
    await output.close();
    expect(readdirSync(directory).sort()).toEqual(["x_00008.pcap", "x_00009.pcap", "x_00010.pcap"]);
    expect(output.rotation).toEqual({ written: 10, removed: 7, onFileFailed: 0 });
    expect(output.packetsWritten).toBe(10);
  });

  test("of bytes counts the files of an earlier capture, and takes nothing that is not its own", async () => {
    const directory = temporaryDirectory();
    const earlier = await rotating({ rotatePackets: 10 }, "x.pcap", directory);
    await earlier.output.write(numberedBatch(0, 30));
    await earlier.output.close();
    writeFileSync(join(directory, "x_old.pcap"), "other name", { mode: 0o600 });
    writeFileSync(join(directory, "x_00000.pcap"), "no capture", { mode: 0o600 });
    writeFileSync(join(directory, "target"), "\xd4\xc3\xb2\xa1", { encoding: "latin1", mode: 0o600 });
    symlinkSync("target", join(directory, "x_00010.pcap"));
    writeFileSync(join(directory, "x_00011.pcap"), "\xd4\xc3\xb2\xa1", { encoding: "latin1", mode: 0o644 });
    chmodSync(join(directory, "x_00011.pcap"), 0o644);
    linkSync(join(directory, "target"), join(directory, "x_00012.pcap"));
    const before = readdirSync(directory);
    const file = HEADER + 10 * RECORD;
    const { output } = await rotating({ rotateSize: file, keepSize: 2 * file }, "x.pcap", directory);
    for (let number = 0; number < 40; number++) await output.write(numberedBatch(number, 1));
    await output.close();
    const left = readdirSync(directory);
    const strangers = ["x_old.pcap", "x_00000.pcap", "target", "x_00010.pcap", "x_00011.pcap", "x_00012.pcap"];
    expect(left).toEqual(expect.arrayContaining(strangers));
    expect(before).toEqual(expect.arrayContaining(["x_00001.pcap", "x_00002.pcap", "x_00003.pcap"]));
    expect(left.filter((name) => !strangers.includes(name)).sort()).toEqual(["x_00015.pcap", "x_00016.pcap"]);
  });

  test("of bytes is never exceeded, but by a file's header for a moment", async () => {
    const file = HEADER + 10 * RECORD;
    const { output, directory } = await rotating({ rotateSize: file, keepSize: 2 * file });
    const sizes: number[] = [];
    for (let number = 0; number < 400; number += 9) {
      await output.write(numberedBatch(number, 9));
      const files = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
      sizes.push(files.reduce((sum, size) => sum + size, 0));
    }
    await output.close();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * file + HEADER);
    expect(Math.max(...sizes)).toBeGreaterThan(file);
  });

  test("of more free space than there is in all is refused, and no file is made", () => {
    const directory = temporaryDirectory();
    const options = { rotatePackets: 1, keepFree: Number.MAX_SAFE_INTEGER };
    const output = new RotatingOutput(join(directory, "x.pcap"), new PcapFileFormat("micro"), options);
    expect(() => output.prepare()).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringMatching(/^keepFree: .* has \d+ bytes in all/) }),
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  test("of free space that cannot be kept ends the capture, whose last file stays", async () => {
    const directory = temporaryDirectory();
    const earlier = await rotating({ rotatePackets: 1 }, "x.pcap", directory);
    await earlier.output.write(numberedBatch(0, 2));
    await earlier.output.close();
    const { blocks, bsize } = statfsSync(directory);
    const { output } = await rotating({ rotatePackets: 1, keepFree: blocks * bsize - 1 }, "x.pcap", directory);
    const writing = async () => {
      for (let number = 0; ; number++) await output.write(numberedBatch(number, 1));
    };
    await expect(writing()).rejects.toMatchObject({ message: expect.stringMatching(/less than --keep-free is free/) });
    await output.close();
    expect(readdirSync(directory)).toEqual(["x_00003.pcap"]);
    expect(output.rotation).toEqual({ written: 1, removed: 2, onFileFailed: 0 });
  });
});

describe("a program for finished files", () => {
  test("is run for each of them, the last one included, and its failures are counted", async () => {
    const directory = temporaryDirectory();
    const program = join(directory, "program");
    writeFileSync(program, `#!/bin/sh\ncase "$1" in *00002.pcap) exit 3;; esac\necho "$1" >>"${directory}/seen"\n`);
    chmodSync(program, 0o755);
    const { output, messages } = await rotating(
      { rotatePackets: 1, onFile: program },
      "x y;$(touch z).pcap",
      directory,
    );
    for (let number = 0; number < 5; number++) await output.write(numberedBatch(number, 1));
    await output.close();
    const seen = readFileSync(join(directory, "seen"), "utf8").trimEnd().split("\n");
    expect(seen.sort()).toEqual([1, 3, 4, 5].map((number) => join(directory, `x y;$(touch z)_0000${number}.pcap`)));
    expect(output.rotation).toEqual({ written: 5, removed: 0, onFileFailed: 1 });
    expect(messages).toEqual([expect.stringMatching(/--on-file .* failed for .*_00002\.pcap: exit code 3/)]);
  });

  test("runs twice at the same time at most, and is not waited for when that is given up", async () => {
    const directory = temporaryDirectory();
    const [program, running, go] = ["program", "running", "go"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(running);
    const body = `touch "${running}/$$"; until [ -e "${go}" ]; do read -t 0.01 <>"${directory}/fifo"; done; rm "${running}/$$"`;
    writeFileSync(program, `#!/bin/bash\nmkfifo "${directory}/fifo" 2>/dev/null\n${body}\n`);
    chmodSync(program, 0o755);
    const first = await rotating({ rotatePackets: 1, onFile: program }, "x.pcap", directory);
    for (let number = 0; number < 5; number++) await first.output.write(numberedBatch(number, 1));
    const closed = first.output.close();
    await expect.poll(() => readdirSync(running).length).toBe(2);
    first.output.abandon();
    await closed;
    expect(first.output.rotation).toEqual({ written: 5, removed: 0, onFileFailed: 5 });
    expect(readdirSync(running)).toHaveLength(2);
    writeFileSync(go, "");
    await expect.poll(() => readdirSync(running)).toEqual([]);
  });

  // Node.js tells of the one in an event, and throws for the other.
  test.each(["/nonexistent/program", "/dev/null/program"])("%s fails for each file, and loses none", async (onFile) => {
    const { output } = await rotating({ rotatePackets: 1, onFile });
    for (let number = 0; number < 3; number++) await output.write(numberedBatch(number, 1));
    await output.close();
    expect(output.rotation).toEqual({ written: 3, removed: 0, onFileFailed: 3 });
  });
});
