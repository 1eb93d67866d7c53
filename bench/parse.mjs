// How fast captures are read: a file of small packets through the parser, beside tcpdump, capinfos and npm's pcap-parser.
//   node bench/parse.mjs [--megabytes 1000] [--format pcap|pcapng] [--gzip]
// Each reader runs in a process of its own, once, and is judged by what the kernel counted for it.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCapture, PcapParser } from "../dist/pcap-parser/index.js";

const PACKET_LENGTH = 60;
const NPM_PACKAGE = "pcap-parser";
const self = fileURLToPath(import.meta.url);

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: "string", default: "1000" },
    format: { type: "string", default: "pcap" },
    gzip: { type: "boolean", default: false },
  },
});

/** @param {Uint8Array} record @param {number} size @returns {Buffer} as many whole records as fit the size, at least one */
function repeat(record, size) {
  return Buffer.concat(Array(Math.max(1, Math.floor(size / record.length))).fill(record));
}

/** A SYN of 60 bytes: Ethernet, IPv4, TCP, padding. */
function frame() {
  const bytes = Buffer.alloc(PACKET_LENGTH);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6], 0);
  bytes.set([192, 0, 2, 1, 198, 51, 100, 1, 4, 0, 0, 80], 26);
  bytes.set([0x50, 2, 4, 0], 46);
  return bytes;
}

/** @param {string} format @returns {{ header: Buffer, record: Buffer }} */
function layout(format) {
  if (format === "pcap") {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(1, 20);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(PACKET_LENGTH, 8);
    record.writeUInt32LE(PACKET_LENGTH, 12);
    return { header, record: Buffer.concat([record, frame()]) };
  }
  const header = Buffer.alloc(48);
  header.writeUInt32LE(0x0a0d0d0a, 0);
  header.writeUInt32LE(28, 4);
  header.writeUInt32LE(0x1a2b3c4d, 8);
  header.writeUInt16LE(1, 12);
  header.writeBigInt64LE(-1n, 16);
  header.writeUInt32LE(28, 24);
  header.writeUInt32LE(1, 28);
  header.writeUInt32LE(20, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt32LE(20, 44);
  const block = Buffer.alloc(32 + PACKET_LENGTH);
  const stamp = 1_700_000_000_000_000n;
  block.writeUInt32LE(6, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt32LE(Number(stamp >> 32n), 12);
  block.writeUInt32LE(Number(stamp & 0xffff_ffffn), 16);
  block.writeUInt32LE(PACKET_LENGTH, 20);
  block.writeUInt32LE(PACKET_LENGTH, 24);
  block.set(frame(), 28);
  block.writeUInt32LE(block.length, block.length - 4);
  return { header, record: block };
}

/** @param {string} path @param {string} format @param {number} size @returns {number} packets */
function generate(path, format, size) {
  const { header, record } = layout(format);
  const many = repeat(record, 1 << 22);
  const fd = openSync(path, "w");
  let written = writeSync(fd, header);
  let packets = 0;
  while (written + record.length <= size) {
    const room = Math.floor((size - written) / record.length) * record.length;
    const bytes = writeSync(fd, many, 0, Math.min(room, many.length));
    if (bytes % record.length !== 0) throw new Error(`${path}: a short write`);
    written += bytes;
    packets += bytes / record.length;
  }
  closeSync(fd);
  return packets;
}

// What the processes of this script do: one reader each.

/** @param {string} path */
async function readWithCursor(path) {
  let packets = 0;
  let checksum = 0;
  for await (const batch of await openCapture(path)) {
    const packet = batch.cursor();
    while (packet.next()) {
      packets++;
      checksum += packet.seconds + packet.nanoseconds + packet.originalLength + (packet.bytes[packet.start] ?? 0);
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
async function readObjects(path) {
  let packets = 0;
  let checksum = 0;
  for await (const batch of await openCapture(path)) {
    for (const { seconds, data } of batch) {
      packets++;
      checksum += seconds + data.length;
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
function readSynchronously(path) {
  let packets = 0;
  let checksum = 0;
  for (const batch of new PcapParser(readFileSync(path))) {
    const packet = batch.cursor();
    while (packet.next()) {
      packets++;
      checksum += packet.seconds + packet.nanoseconds + packet.originalLength + (packet.bytes[packet.start] ?? 0);
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
async function readWithNpmPackage(path) {
  const { parse } = createRequire(import.meta.url)(NPM_PACKAGE);
  let packets = 0;
  const parser = parse(path);
  parser.on("packet", () => packets++);
  await new Promise((resolve, reject) => parser.on("end", resolve).on("error", reject));
  return { packets };
}

/** @type {Record<string, (path: string) => Promise<{ packets: number }> | { packets: number }>} */
const readers = {
  cursor: readWithCursor,
  objects: readObjects,
  synchronous: readSynchronously,
  npm: readWithNpmPackage,
};

const [readerName, readerPath] = positionals;
if (readerName !== undefined && readerPath !== undefined) {
  const reader = readers[readerName];
  if (reader === undefined) throw new Error(`no reader ${readerName}`);
  const { packets } = await reader(readerPath);
  process.stdout.write(`${packets}\n`);
} else {
  compare();
}

/**
 * @param {string} name
 * @param {string[]} command
 * @param {number} packets
 * @returns {string} one line
 */
function measure(name, command, packets) {
  const program =
    "import os,subprocess,sys,time\n" +
    "a=time.monotonic();c=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE,stderr=subprocess.DEVNULL)\n" +
    "import resource;r=resource.getrusage(resource.RUSAGE_CHILDREN)\n" +
    "print(time.monotonic()-a,r.ru_utime+r.ru_stime,r.ru_maxrss,c.returncode,(c.stdout.split() or [b'-'])[-1].decode())";
  const { stdout } = spawnSync("python3", ["-c", program, ...command], { encoding: "utf8" });
  const [seconds = "0", cpu = "0", rss = "0", code = "1", last = ""] = stdout.trim().split(" ");
  if (code !== "0") return `${name.padEnd(34)} failed (${code})`;
  const wrong = /^\d+$/.test(last) && Number(last) !== packets ? `  counted ${last}!` : "";
  const rate = (packets / Number(seconds) / 1e6).toFixed(2);
  const perCpu = (packets / Number(cpu) / 1e6).toFixed(2);
  const memory = Math.round(Number(rss) / 1024);
  return `${name.padEnd(34)} ${rate.padStart(7)} M/s ${perCpu.padStart(7)} M per CPU second ${String(memory).padStart(6)} MiB${wrong}`;
}

function compare() {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-parse-"));
  try {
    let path = join(directory, `packets.${options.format}`);
    const packets = generate(path, options.format, Number(options.megabytes) * 1e6);
    process.stdout.write(`${packets.toLocaleString("en")} packets of ${PACKET_LENGTH} bytes, ${options.format}\n`);
    if (options.gzip) {
      spawnSync("gzip", ["-1", path]);
      path += ".gz";
    }
    const size = statSync(path).size;
    warmCache(path);
    /** @type {[string, string[]][]} */
    const rows = [
      ["openCapture, cursor", [process.execPath, self, "cursor", path]],
      ["openCapture, packet objects", [process.execPath, self, "objects", path]],
    ];
    if (!options.gzip && size < 2e9) {
      rows.push(["PcapParser, whole file in memory", [process.execPath, self, "synchronous", path]]);
    }
    rows.push(["tcpdump -r -w /dev/null", ["tcpdump", "-r", path, "-w", "/dev/null"]]);
    rows.push(["capinfos -c", ["capinfos", "-Mc", path]]);
    for (const [name, command] of rows) process.stdout.write(`${measure(name, command, packets)}\n`);
    compareWithNpmPackage(path, packets);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @param {string} path @param {number} packets */
function compareWithNpmPackage(path, packets) {
  try {
    createRequire(import.meta.url).resolve(NPM_PACKAGE);
  } catch {
    process.stdout.write(
      `npm's ${NPM_PACKAGE} is not installed: install it anywhere, and name its node_modules in NODE_PATH\n`,
    );
    return;
  }
  if (options.format !== "pcap" || options.gzip) {
    process.stdout.write(`npm's ${NPM_PACKAGE} reads plain pcap only\n`);
    return;
  }
  process.stdout.write(`${measure(`npm ${NPM_PACKAGE}`, [process.execPath, self, "npm", path], packets)}\n`);
}

/** So that the first reader does not pay for the disk. @param {string} path */
function warmCache(path) {
  spawnSync("cat", [path], { stdio: ["ignore", "ignore", "ignore"] });
}
