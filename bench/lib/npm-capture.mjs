// What a Node user would write with npm's `pcap` or `cap`: packets to a pcap file.
//
//   node bench/lib/npm-capture.mjs pcap|cap <package directory> <snapshot length> <file> <expression>
import { closeSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

const [name, directory = "", snapshotLength = "", file = "", expression = ""] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const limit = Number(snapshotLength);
const fd = openSync(file, "w");
const kept = Buffer.alloc(1 << 20);
let length = 0;

function flush() {
  writeSync(fd, kept, 0, length);
  length = 0;
}

/** @param {Uint8Array} header @param {Uint8Array} packet */
function keep(header, packet) {
  if (length + header.length + packet.length > kept.length) flush();
  kept.set(header, length);
  kept.set(packet, length + header.length);
  length += header.length + packet.length;
}

kept.writeUInt32LE(0xa1b2c3d4, 0);
kept.writeUInt16LE(2, 4);
kept.writeUInt16LE(4, 6);
kept.writeUInt32LE(limit, 16);
kept.writeUInt32LE(1, 20);
length = 24;

process.on("SIGINT", () => {
  flush();
  closeSync(fd);
  process.exit(0);
});

if (name === "pcap") {
  // Its header of 16 bytes is the one of a pcap record.
  const session = require(directory).createSession("v0", { filter: expression, snap_length: limit });
  session.on("packet", (/** @type {{ header: Buffer, buf: Buffer }} */ { header, buf }) => {
    keep(header, buf.subarray(0, header.readUInt32LE(8)));
  });
} else {
  const { Cap } = require(directory);
  const capture = new Cap();
  // Held here: the addon keeps the address of the buffer, and not the buffer.
  const buffer = Buffer.alloc(65_535);
  capture.open("v0", expression, 10 * 1024 * 1024, buffer);
  const header = Buffer.alloc(16);
  capture.on("packet", (/** @type {number} */ bytes) => {
    // It gives no time stamp.
    const now = Date.now();
    const captured = Math.min(bytes, limit, buffer.length);
    header.writeUInt32LE(Math.floor(now / 1000), 0);
    header.writeUInt32LE((now % 1000) * 1000, 4);
    header.writeUInt32LE(captured, 8);
    header.writeUInt32LE(bytes, 12);
    keep(header, buffer.subarray(0, captured));
  });
}
process.stderr.write("listening on v0\n");
