/** What the writer promises about files and failures. */
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PcapWriter } from "../../../src/pcap-writer/index.ts";
import { capinfos } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { type RunResult, run } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const packet = { timestamp: 1_700_000_000_000_000_000n, data: new Uint8Array(84) };
/** Bytes of the file header, and of a record of that packet. */
const HEADER = 24;
const RECORD = 100;

function newFile(): string {
  return join(temporaryDirectory(), "out.pcap");
}

function write(writer: PcapWriter, count: number): void {
  for (let index = 0; index < count; index++) writer.write(packet);
}

describe("a writer", () => {
  test("writes the header at once, and packets when it is told to", () => {
    const path = newFile();
    const writer = PcapWriter.create(path, { linkType: 1 });
    expect(statSync(path).size).toBe(HEADER);
    write(writer, 3);
    expect(writer).toMatchObject({ packetsPending: 3, packetsWritten: 0, bytesWritten: HEADER });
    expect(statSync(path).size).toBe(HEADER);
    writer.flush();
    expect(writer).toMatchObject({ packetsPending: 0, packetsWritten: 3, bytesWritten: HEADER + 3 * RECORD });
    expect(statSync(path).size).toBe(HEADER + 3 * RECORD);
    writer.close();
  });

  test("writes by itself when a megabyte has gathered", () => {
    const path = newFile();
    const writer = PcapWriter.create(path, { linkType: 1 });
    const whole = Math.floor((1 << 20) / RECORD);
    write(writer, whole);
    expect(writer.packetsWritten).toBe(0);
    write(writer, 1);
    expect(writer).toMatchObject({ packetsWritten: whole, packetsPending: 1 });
    writer.close();
    expect(statSync(path).size).toBe(HEADER + (whole + 1) * RECORD);
  });

  test("cuts a packet that is larger than its buffer to what readers take", () => {
    const path = newFile();
    const writer = PcapWriter.create(path, { linkType: 1 });
    writer.write({ timestamp: 0n, data: new Uint8Array(2 << 20) });
    writer.close();
    expect(statSync(path).size).toBe(HEADER + 16 + 262_144);
    expect(readFileSync(path).readUInt32LE(HEADER + 12)).toBe(2 << 20);
  });

  test("empties a file that was there", () => {
    const path = newFile();
    writeFileSync(path, new Uint8Array(1000));
    PcapWriter.create(path, { linkType: 1 }).close();
    expect(statSync(path).size).toBe(HEADER);
  });

  test("leaves a file that was there alone when the format is wrong", () => {
    const path = newFile();
    writeFileSync(path, "precious");
    expect(() => PcapWriter.create(path, { linkType: -1 })).toThrow(/^linkType: /);
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("continues behind what an open descriptor has written", () => {
    const path = newFile();
    const fd = openSync(path, "w");
    writeFileSync(fd, "preface ");
    new PcapWriter(fd, path, { linkType: 1 }).close();
    expect(readFileSync(path).toString("latin1", 0, 12)).toBe("preface \xd4\xc3\xb2\xa1");
  });

  test("is closed by the end of its block", () => {
    const path = newFile();
    {
      using writer = PcapWriter.create(path, { linkType: 1 });
      write(writer, 1);
    }
    expect(statSync(path).size).toBe(HEADER + RECORD);
  });
});

describe("a closed writer", () => {
  test("may be closed and flushed again", () => {
    const writer = PcapWriter.create(newFile(), { linkType: 1 });
    write(writer, 2);
    writer.close();
    writer.close();
    writer.flush();
    expect(writer).toMatchObject({ packetsWritten: 2, packetsPending: 0, bytesWritten: HEADER + 2 * RECORD });
  });

  test("takes no further packet, which would never be written", () => {
    const path = newFile();
    const writer = PcapWriter.create(path, { linkType: 1 });
    writer.close();
    expect(() => writer.write(packet)).toThrow(
      expect.objectContaining({ code: "OUTPUT", message: `write ${path}: it is closed` }),
    );
    expect(writer.packetsPending).toBe(0);
  });
});

describe("a file that cannot be written", () => {
  test.each([
    ["in a directory that does not exist", () => join(temporaryDirectory(), "absent", "out.pcap"), "ENOENT"],
    ["that is a directory", () => temporaryDirectory(), "EISDIR"],
    ["in what is no directory", () => "/dev/null/out.pcap", "ENOTDIR"],
    ["with a name that is too long", () => join(temporaryDirectory(), "x".repeat(300)), "ENAMETOOLONG"],
  ])("%s is an error with the path and the reason", (_, path, errno) => {
    const name = path();
    expect(() => PcapWriter.create(name, { linkType: 1 })).toThrow(
      expect.objectContaining({
        code: "OUTPUT",
        operation: `write ${name}`,
        message: expect.stringMatching(new RegExp(`: ${errno}: `)),
      }),
    );
  });

  test("for want of space is an error with a hint from the first byte on", () => {
    expect(() => PcapWriter.create("/dev/full", { linkType: 1 })).toThrow(
      expect.objectContaining({
        code: "OUTPUT",
        message: expect.stringContaining("write /dev/full: ENOSPC"),
        hint: expect.stringContaining("free some space"),
      }),
    );
  });

  test("because its descriptor is not open is an error of ours, also at the end", () => {
    const path = newFile();
    const fd = openSync(path, "w");
    const writer = new PcapWriter(fd, path, { linkType: 1 });
    closeSync(fd);
    const error = expect.objectContaining({ code: "OUTPUT", message: expect.stringContaining(`write ${path}: EBADF`) });
    expect(() => writer.close()).toThrow(error);
    expect(() => new PcapWriter(fd, path, { linkType: 1 })).toThrow(error);
  });
});

const source = JSON.stringify(fileURLToPath(new URL("../../../dist/pcap-writer/index.js", import.meta.url)));

/** Runs a script with PcapWriter, `path` and the packet at hand, in a process whose files may have so many bytes. */
function runWithLimit(bytes: number, path: string, script: string): Promise<RunResult> {
  const preamble = `
    import { PcapWriter } from ${source};
    const path = ${JSON.stringify(path)};
    const packet = { timestamp: 1_700_000_000_000_000_000n, data: new Uint8Array(84) };
    const attempt = (action) => { try { action(); return "ok"; } catch (error) { return error.code + " " + error.cause?.code; } };
    const say = (...values) => console.log(values.join(" "));`;
  const node = [process.execPath, "--input-type=module", "-e", preamble + script];
  return run("prlimit", [`--fsize=${bytes}:unlimited`, ...node]);
}

// Beyond the limit the kernel takes what still has room, and then says EFBIG, as a full disk says ENOSPC.
describeWith(requirements.tools("prlimit", "capinfos"), "a file that runs full", () => {
  test("holds whole packets, and the counters say how many", async () => {
    const path = newFile();
    const result = await runWithLimit(
      HEADER + 7 * RECORD + 50,
      path,
      `const writer = PcapWriter.create(path, { linkType: 1 });
       for (let index = 0; index < 10; index++) writer.write(packet);
       say(attempt(() => writer.flush()), writer.packetsWritten, writer.packetsPending, writer.bytesWritten);
       say(attempt(() => writer.close()), writer.packetsWritten);`,
    );
    expect(result.stderr).toBe("");
    expect(result.stdout).toBe(`OUTPUT EFBIG 7 0 ${HEADER + 7 * RECORD}\nok 7\n`);
    expect(await capinfos(path)).toMatchObject({ packets: 7, fileSize: HEADER + 7 * RECORD });
  });

  test.each([
    ["within the header of a record", 7 * RECORD + 5, 7],
    ["between two records", 7 * RECORD, 7],
    ["within the first record", 99, 0],
  ])("%s holds whole packets", async (_, room, packets) => {
    const path = newFile();
    const { stdout } = await runWithLimit(
      HEADER + room,
      path,
      `const writer = PcapWriter.create(path, { linkType: 1 });
       for (let index = 0; index < 10; index++) writer.write(packet);
       say(attempt(() => writer.close()), writer.packetsWritten);`,
    );
    expect(stdout).toBe(`OUTPUT EFBIG ${packets}\n`);
    expect(await capinfos(path)).toMatchObject({ packets, fileSize: HEADER + packets * RECORD });
  });

  test("takes no further packets, which would lie behind a hole", async () => {
    const path = newFile();
    const { stdout } = await runWithLimit(
      HEADER + 2 * RECORD + 50,
      path,
      `import { execFileSync } from "node:child_process";
       const writer = PcapWriter.create(path, { linkType: 1 });
       for (let index = 0; index < 4; index++) writer.write(packet);
       say(attempt(() => writer.flush()));
       execFileSync("prlimit", ["--fsize=1000000:unlimited", "--pid", String(process.pid)]);
       say(attempt(() => writer.write(packet)), attempt(() => writer.flush()), attempt(() => writer.close()));
       say(writer.packetsWritten);`,
    );
    expect(stdout).toBe("OUTPUT EFBIG\nOUTPUT EFBIG ok ok\n2\n");
    expect(await capinfos(path)).toMatchObject({ packets: 2, fileSize: HEADER + 2 * RECORD });
  });

  test("without room for its header stays empty", async () => {
    const path = newFile();
    const { stdout } = await runWithLimit(
      HEADER - 1,
      path,
      `say(attempt(() => PcapWriter.create(path, { linkType: 1 })));`,
    );
    expect(stdout).toBe("OUTPUT EFBIG\n");
    expect(statSync(path).size).toBe(0);
  });

  test("keeps what stood in the file before the capture", async () => {
    const path = newFile();
    writeFileSync(path, "preface ");
    const { stdout } = await runWithLimit(
      8 + HEADER + RECORD + 50,
      path,
      `import { openSync } from "node:fs";
       const writer = new PcapWriter(openSync(path, "a"), path, { linkType: 1 });
       for (let index = 0; index < 4; index++) writer.write(packet);
       say(attempt(() => writer.close()), writer.packetsWritten);`,
    );
    expect(stdout).toBe("OUTPUT EFBIG 1\n");
    expect(statSync(path).size).toBe(8 + HEADER + RECORD);
    expect(readFileSync(path, "latin1").slice(0, 8)).toBe("preface ");
  });
});

test("a pipe whose reader went away is told apart from other failures", async () => {
  const script = `
    import { PcapWriter } from ${source};
    const writer = new PcapWriter(1, "standard output", { linkType: 1 });
    process.stderr.write("written\\n");
    for (;;) {
      try {
        writer.write({ timestamp: 0n, data: new Uint8Array(1000) });
        writer.flush();
      } catch (error) {
        process.stderr.write(error.code + ": " + error.message + "\\n");
        break;
      }
    }`;
  const command = `"$0" --input-type=module -e "$1" | head -c 24 > /dev/null`;
  const { stderr } = await run("sh", ["-c", command, process.execPath, script]);
  expect(stderr).toBe("written\nOUTPUT_CLOSED: write standard output: its reader closed it\n");
});
