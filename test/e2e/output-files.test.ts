import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { type RunningRingcap, startRingcap } from "../support/cli.ts";
import { buildFailingCalls } from "../support/failing-calls.ts";
import { startFlood } from "../support/flood.ts";
import { outputTo } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "tcpdump", "tshark", "capinfos", "gcc"),
];

const FRAMES = 200;
/** A frame of the flood is 60 bytes, and its record's header 16. */
const RECORD_LENGTH = 76;
const HEADER_LENGTH = 24;
const STRANGER = 65_534;

/** Starts a capture into out/x.pcap of a new directory, and waits until so many packets are in the file. */
async function startFilled(network: TestNetwork, env: Readonly<Record<string, string>> = {}) {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "out"));
  const path = join(cwd, "out", "x.pcap");
  const ringcap = startRingcap(["-i", "v0", "-U", "-w", "out/x.pcap", "--json"], {
    prefix: network.commandIn("b"),
    cwd,
    env,
  });
  await ringcap.listening();
  await startFlood(network, { frames: FRAMES }).done;
  await expect.poll(() => statSync(path).size).toBe(HEADER_LENGTH + FRAMES * RECORD_LENGTH);
  return { ringcap, path, directory: join(cwd, "out") };
}

/** Ends it, and returns what it says: everything that matched is accounted for. */
async function endOf(ringcap: RunningRingcap) {
  ringcap.child.kill("SIGINT");
  const { code, stderr } = await ringcap.exit;
  const { packets, bytes } = await ringcap.json();
  expect(packets.written + packets.writeFailed).toBe(FRAMES);
  expect(packets.matched).toBe(FRAMES);
  return { code, stderr, packets, bytes };
}

describeWith(needed, "a capture whose file others change", () => {
  test.each<[string, (path: string, directory: string) => void]>([
    ["deleted", (path) => rmSync(path)],
    ["removed with its directory", (_path, directory) => rmSync(directory, { recursive: true })],
    [
      "replaced by another",
      (path) => {
        writeFileSync(`${path}.new`, "");
        renameSync(`${path}.new`, path);
      },
    ],
  ])("says that it was %s, and counts no packet as written", async (_case, change) => {
    await using network = await TestNetwork.create();
    const { ringcap, path, directory } = await startFilled(network);
    change(path, directory);
    const { code, stderr, packets, bytes } = await endOf(ringcap);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: write out\/x\.pcap: the file was deleted/m);
    expect([packets.written, bytes.written]).toEqual([0, 0]);
    await expectNothingAttached(network);
  });

  test.each([
    ["to nothing", 0, 0],
    ["in the middle of a record", HEADER_LENGTH + 50 * RECORD_LENGTH + 20, 50],
    ["behind a record", HEADER_LENGTH + 7 * RECORD_LENGTH, 7],
  ])("counts what is left of a file that was cut %s", async (_case, size, left) => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    truncateSync(path, size);
    const { code, stderr, packets } = await endOf(ringcap);
    expect(code).toBe(1);
    expect(stderr).toContain("another program cut the file");
    expect(packets.written).toBe(left);
    if (left === 0) return;
    // It ends with an error where the file ends within a packet.
    const { stdout } = await run("capinfos", ["-M", "-c", path]);
    expect(stdout).toMatch(new RegExp(`^Number of packets: +${left}$`, "m"));
  });

  test("ends when packets come after the file was cut", async () => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    truncateSync(path, 0);
    await startFlood(network, { frames: FRAMES }).done;
    const { code } = await ringcap.exit;
    const { packets } = await ringcap.json();
    expect(code).toBe(1);
    expect(packets).toMatchObject({ written: 0, writeFailed: packets.matched });
  });

  test.each([
    ["zeros", Buffer.alloc(300 * RECORD_LENGTH)],
    ["fewer zeros", Buffer.alloc(3 * RECORD_LENGTH)],
    ["other bytes", Buffer.alloc(300 * RECORD_LENGTH, 0xee)],
  ])("counts no packet of a file that was cut and filled with %s", async (_case, bytes) => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    truncateSync(path, HEADER_LENGTH);
    appendFileSync(path, bytes);
    expect(await endOf(ringcap)).toMatchObject({ code: 1, packets: { written: 0, writeFailed: FRAMES } });
  });

  test("counts no packet when another program wrote over the header", async () => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    const fd = openSync(path, "r+");
    writeSync(fd, Buffer.alloc(100), 0, 100, 0);
    closeSync(fd);
    const { code, stderr, packets } = await endOf(ringcap);
    expect({ code, written: packets.written }).toEqual({ code: 1, written: 0 });
    expect(stderr).toContain("another program wrote over the beginning of the file");
  });

  const changes: [string, (fd: number, position: number) => void][] = [
    ["zeros over a record", (fd, position) => writeSync(fd, Buffer.alloc(RECORD_LENGTH), 0, RECORD_LENGTH, position)],
    ["other bytes over a record", (fd, position) => writeSync(fd, Buffer.alloc(RECORD_LENGTH, 0xee), 0, 16, position)],
    [
      "nothing over the rest, cut and made as long again",
      (fd, position) => {
        const { size } = fstatSync(fd);
        ftruncateSync(fd, position);
        ftruncateSync(fd, size);
      },
    ],
  ];

  test.each(changes)("counts what comes before the place where others wrote %s", async (_case, change) => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    const fd = openSync(path, "r+");
    change(fd, HEADER_LENGTH + 50 * RECORD_LENGTH);
    closeSync(fd);
    const { code, stderr, packets } = await endOf(ringcap);
    expect({ code, written: packets.written }).toEqual({ code: 1, written: 50 });
    expect(stderr).toContain("another program wrote over a part of the file");
  });

  test("counts all where another program only touched it", async () => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    utimesSync(path, 1, 1);
    expect(await endOf(ringcap)).toMatchObject({ code: 0, packets: { written: FRAMES } });
  });

  test("ends when another program writes to it", async () => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    appendFileSync(path, "not a record");
    const { code, stderr } = await endOf(ringcap);
    expect(code).toBe(1);
    expect(stderr).toContain("another program writes to the same file");
  });

  test.each(["EIO", "ENOSPC", "EDQUOT"] as const)(
    "counts no packet as written where fsync answers %s",
    async (error) => {
      await using network = await TestNetwork.create();
      const { errno } = (await import("node:os")).constants;
      const library = buildFailingCalls(temporaryDirectory());
      const env = { LD_PRELOAD: library, FAILING_CALLS: `fsync/${errno[error]}/1` };
      const { ringcap } = await startFilled(network, env);
      const { code, stderr, packets } = await endOf(ringcap);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^ringcap: error: write out/x\\.pcap: ${error}`, "m"));
      expect(packets.written).toBe(0);
    },
  );

  test("refuses a second capture into the same file", async () => {
    await using network = await TestNetwork.create();
    const { ringcap, path } = await startFilled(network);
    const second = startRingcap(["-i", "v0", "-w", path], { prefix: network.commandIn("b") });
    expect(await second.exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`write ${path}: another capture is being written to it`),
    });
    expect(await endOf(ringcap)).toMatchObject({ code: 0, packets: { written: FRAMES } });
    expect((await capinfos(path)).packets).toBe(FRAMES);
  });
});

describeWith(needed, "a capture to standard output", () => {
  test.each(["-", "out.pcap"])("has its file for itself: a second one, -w %s, is refused", async (name) => {
    await using network = await TestNetwork.create();
    const cwd = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...outputTo("out.pcap")];
    const first = startRingcap(["-i", "v0", "-c", "10", "--json", "-w", "-"], { prefix, cwd });
    await first.listening();
    const appending = ["sh", "-c", 'exec "$@" >>out.pcap', "sh"];
    const secondPrefix = [...network.commandIn("b"), ...(name === "-" ? appending : [])];
    const second = startRingcap(["-i", "v0", "-w", name], { prefix: secondPrefix, cwd });
    expect(await second.exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("another capture is being written to it"),
    });
    await startFlood(network, { frames: 10 }).done;
    expect((await first.exit).code).toBe(0);
    expect((await capinfos(join(cwd, "out.pcap"))).packets).toBe(10);
  });

  test("that is a socket of datagrams is refused", async () => {
    await using network = await TestNetwork.create();
    const script =
      "import os, socket, sys; ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); " +
      "ours.set_inheritable(True); os.dup2(theirs.fileno(), 1); os.execvp(sys.argv[1], sys.argv[1:])";
    const prefix = [...network.commandIn("b"), "python3", "-c", script];
    const { code, stderr } = await startRingcap(["-i", "v0", "-w", "-"], { prefix }).exit;
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ringcap: error: write standard output: it is a socket, but not a stream$/m),
    });
    await expectNothingAttached(network);
  });
});

describeWith(needed, "a capture to standard output by another name", () => {
  test.each(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1", "link", "out.pcap"])(
    "%s prints its summary elsewhere",
    async (name) => {
      await using network = await TestNetwork.create();
      const cwd = temporaryDirectory();
      symlinkSync("/dev/stdout", join(cwd, "link"));
      const prefix = [...network.commandIn("b"), ...outputTo("out.pcap")];
      const ringcap = startRingcap(["-i", "v0", "-c", "10", "--json", "-w", name], { prefix, cwd });
      await ringcap.listening();
      await startFlood(network, { frames: 10 }).done;
      expect((await ringcap.exit).code).toBe(0);
      expect((await ringcap.json("stderr")).packets.written).toBe(10);
      const path = join(cwd, "out.pcap");
      expect(await capinfos(path)).toMatchObject({ packets: 10, fileSize: HEADER_LENGTH + 10 * RECORD_LENGTH });
      expect(await readableByAll(path)).toEqual([]);
    },
  );

  test("is refused where messages would go into it", async () => {
    await using network = await TestNetwork.create();
    const cwd = temporaryDirectory();
    const script = 'exec "$@" >both 2>&1';
    const prefix = [...network.commandIn("b"), "sh", "-c", script, "sh"];
    const ringcap = startRingcap(["-i", "v0", "-w", "-"], { prefix, cwd });
    expect((await ringcap.exit).code).toBe(2);
    expect(readFileSync(join(cwd, "both"), "utf8")).toMatch(/messages would go into the capture file/);
  });
});

describeWith(needed, "the file of a capture", () => {
  test("is not the file of a list, under any name", async () => {
    await using network = await TestNetwork.create();
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "ports"), "80\n");
    symlinkSync("ports", join(cwd, "link"));
    const args = ["-i", "v0", "--port", "@ports", "-w", "link"];
    const { code, stderr } = await startRingcap(args, { prefix: network.commandIn("b"), cwd }).exit;
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("is a file that is read") });
    expect(readFileSync(join(cwd, "ports"), "utf8")).toBe("80\n");
  });

  async function captureNothing(network: TestNetwork, path: string) {
    const ringcap = startRingcap(["-i", "v0", "--duration", "0.1", "-w", path], { prefix: network.commandIn("b") });
    return ringcap.exit;
  }

  test("is for its owner alone when it is new, and keeps its mode when it was there", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "new.pcap");
    expect(await captureNothing(network, path)).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    const { code, stderr } = await captureNothing(network, path);
    expect(code).toBe(0);
    expect(stderr).toContain(`ringcap: ${path} was there before: its 24 bytes are replaced\n`);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test("is written through a symbolic link of this user", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "real"));
    symlinkSync("real", join(directory, "folder"));
    symlinkSync("../real/x.pcap", join(directory, "real", "link.pcap"));
    expect(await captureNothing(network, join(directory, "folder", "link.pcap"))).toMatchObject({ code: 0 });
    expect(readdirSync(join(directory, "real")).sort()).toEqual(["link.pcap", "x.pcap"]);
    expect(lstatSync(join(directory, "real", "link.pcap")).isSymbolicLink()).toBe(true);
  });

  test.each([
    ["a symbolic link", "link", /is a symbolic link of another user \(uid 65534\)/],
    ["a dangling link", "dangling", /is a symbolic link of another user/],
    ["a folder that is a link", "folder/x.pcap", /folder is a symbolic link of another user/],
    ["a link to a link", "own", /link is a symbolic link of another user/],
    ["a file", "file", /it belongs to another user \(uid 65534\)/],
  ])("is not written through %s of another user", async (_case, name, message) => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "victim"), "precious");
    symlinkSync("victim", join(directory, "link"));
    symlinkSync("nowhere", join(directory, "dangling"));
    symlinkSync(".", join(directory, "folder"));
    symlinkSync("link", join(directory, "own"));
    writeFileSync(join(directory, "file"), "precious");
    for (const link of ["link", "dangling", "folder"]) lchownSync(join(directory, link), STRANGER, STRANGER);
    chownSync(join(directory, "file"), STRANGER, STRANGER);
    const { code, stderr } = await captureNothing(network, join(directory, name));
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    for (const file of ["victim", "file"]) expect(readFileSync(join(directory, file), "utf8")).toBe("precious");
    expect(existsSync(join(directory, "nowhere"))).toBe(false);
    await expectNothingAttached(network);
  });

  test("leaves a dangling link as it was when the capture cannot start", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    symlinkSync("nowhere", join(directory, "dangling"));
    const path = join(directory, "dangling");
    const ringcap = startRingcap(["-i", "v0", "--hook", "xdp-native", "-w", path], { prefix: network.commandIn("b") });
    await ringcap.listening();
    const busy = startRingcap(["-i", "v0", "--hook", "xdp-native", "-w", join(directory, "second")], {
      prefix: network.commandIn("b"),
    });
    symlinkSync("third", join(directory, "dangling2"));
    const busyLink = startRingcap(["-i", "v0", "--hook", "xdp-native", "-w", join(directory, "dangling2")], {
      prefix: network.commandIn("b"),
    });
    expect((await busy.exit).code).toBe(1);
    expect((await busyLink.exit).code).toBe(1);
    ringcap.child.kill("SIGINT");
    expect((await ringcap.exit).code).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(["dangling", "dangling2", "nowhere"]);
  });
});
