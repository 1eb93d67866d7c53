// Captures made byte by byte, for tests and for fuzzing: shares nothing with src.

/** @typedef {{ seconds?: number, fraction?: number, data: Uint8Array, originalLength?: number, capturedLength?: number }} SampleRecord */

/**
 * @typedef {object} PcapShape
 * @property {number} [magic]
 * @property {boolean} [littleEndian]
 * @property {[number, number]} [version]
 * @property {number} [snapshotLength]
 * @property {number} [linkField] the link type with the bits above it
 * @property {Uint8Array} [headerTail] bytes behind the file header
 * @property {Uint8Array} [recordTail] bytes behind each record header
 * @property {boolean} [swappedLengths]
 */

/** @param {number} width @param {number} value @param {boolean} littleEndian */
function integer(width, value, littleEndian) {
  const bytes = Buffer.alloc(width);
  if (littleEndian) bytes.writeUIntLE(value, 0, width);
  else bytes.writeUIntBE(value, 0, width);
  return bytes;
}

/** @param {PcapShape} shape @param {readonly SampleRecord[]} records @returns {Buffer} */
export function pcapFile(shape, records) {
  const { magic = 0xa1b2c3d4, littleEndian = true, version = [2, 4], snapshotLength = 65_535, linkField = 1 } = shape;
  const { headerTail = Buffer.alloc(0), recordTail = Buffer.alloc(0), swappedLengths = false } = shape;
  /** @param {number} value */
  const u32 = (value) => integer(4, value, littleEndian);
  const parts = [
    u32(magic),
    integer(2, version[0], littleEndian),
    integer(2, version[1], littleEndian),
    Buffer.alloc(8),
    u32(snapshotLength),
    u32(linkField),
    headerTail,
  ];
  for (const { seconds = 1_700_000_000, fraction = 123_456, data, ...lengths } of records) {
    const { capturedLength = data.length, originalLength = data.length } = lengths;
    const pair = [u32(capturedLength), u32(originalLength)];
    if (swappedLengths) pair.reverse();
    parts.push(u32(seconds), u32(fraction), ...pair, recordTail, Buffer.from(data));
  }
  return Buffer.concat(parts);
}

/** Blocks of pcapng in one byte order. */
export class PcapngBlocks {
  /** @param {boolean} littleEndian */
  constructor(littleEndian = true) {
    this.littleEndian = littleEndian;
  }

  /** @param {number} value */
  u8(value) {
    return Buffer.from([value]);
  }

  /** @param {number} value */
  u16(value) {
    return integer(2, value, this.littleEndian);
  }

  /** @param {number} value */
  u32(value) {
    return integer(4, value, this.littleEndian);
  }

  /** @param {bigint} value */
  u64(value) {
    const bytes = Buffer.alloc(8);
    if (this.littleEndian) bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    else bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
    return bytes;
  }

  /** A time stamp: its upper half comes first in either byte order. @param {bigint} value */
  stamp(value) {
    return Buffer.concat([this.u32(Number(value >> 32n)), this.u32(Number(value & 0xffff_ffffn))]);
  }

  /** @param {Uint8Array} bytes */
  pad(bytes) {
    return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  }

  /** @param {number} code @param {Uint8Array | string} value @param {number} [length] */
  option(code, value, length) {
    const bytes = Buffer.from(value);
    return Buffer.concat([this.u16(code), this.u16(length ?? bytes.length), this.pad(bytes)]);
  }

  /** @param {number} type @param {readonly Uint8Array[]} body @param {{ first?: number, last?: number }} [lengths] */
  block(type, body, lengths = {}) {
    const bytes = this.pad(Buffer.concat(body));
    const { first = bytes.length + 12, last = first } = lengths;
    return Buffer.concat([this.u32(type), this.u32(first), bytes, this.u32(last)]);
  }

  /** @param {readonly Uint8Array[]} options @param {[number, number]} [version] @param {bigint} [length] */
  section(options = [], version = [1, 0], length = -1n) {
    const fixed = [this.u32(0x1a2b3c4d), this.u16(version[0]), this.u16(version[1]), this.u64(length)];
    return this.block(0x0a0d0d0a, [...fixed, ...options]);
  }

  /** @param {{ linkType?: number, snapshotLength?: number, options?: readonly Uint8Array[] }} [shape] */
  interface({ linkType = 1, snapshotLength = 0, options = [] } = {}) {
    return this.block(1, [this.u16(linkType), this.u16(0), this.u32(snapshotLength), ...options]);
  }

  /**
   * @typedef {object} PacketShape
   * @property {number} [id] of the interface
   * @property {bigint} [stamp]
   * @property {number} [capturedLength]
   * @property {number} [originalLength]
   * @property {readonly Uint8Array[]} [options]
   */

  /** @param {Uint8Array} data @param {PacketShape} [shape] */
  enhanced(data, shape = {}) {
    return this.block(6, [this.u32(shape.id ?? 0), ...this.#packet(data, shape)]);
  }

  /** @param {Uint8Array} data @param {PacketShape} [shape] @param {number} [drops] */
  obsolete(data, shape = {}, drops = 0xffff) {
    return this.block(2, [this.u16(shape.id ?? 0), this.u16(drops), ...this.#packet(data, shape)]);
  }

  /** @param {Uint8Array} data @param {number} [originalLength] */
  simple(data, originalLength = data.length) {
    return this.block(3, [this.u32(originalLength), data]);
  }

  /** @param {Uint8Array} data @param {PacketShape} shape */
  #packet(data, { stamp = 1_700_000_000_123_456n, capturedLength, originalLength, options = [] }) {
    const captured = this.u32(capturedLength ?? data.length);
    return [this.stamp(stamp), captured, this.u32(originalLength ?? data.length), this.pad(data), ...options];
  }

  /** @param {number} code @param {Uint8Array} address @param {readonly string[]} names */
  nameRecord(code, address, names) {
    const value = Buffer.concat([address, ...names.map((name) => Buffer.from(`${name}\0`))]);
    return Buffer.concat([this.u16(code), this.u16(value.length), this.pad(value)]);
  }

  /** @param {readonly Uint8Array[]} records @param {readonly Uint8Array[]} [options] */
  names(records, options = []) {
    return this.block(4, [...records, this.u32(0), ...options]);
  }

  /** @param {number} id @param {bigint} stamp @param {readonly Uint8Array[]} options */
  statistics(id, stamp, options = []) {
    return this.block(5, [this.u32(id), this.stamp(stamp), ...options]);
  }
}

/** A pcapng file with every block that is read and every option that steers, in two sections of either byte order. */
/** @param {readonly Uint8Array[]} frames at least one @returns {Buffer} */
export function everyBlock(frames) {
  return Buffer.concat([true, false].map((littleEndian) => section(new PcapngBlocks(littleEndian), frames)));
}

/** @param {PcapngBlocks} make @param {readonly Uint8Array[]} frames */
function section(make, frames) {
  const end = make.option(0, "");
  const text = [
    make.option(2, "hardware"),
    make.option(3, "system"),
    make.option(4, "program"),
    make.option(1, "note"),
  ];
  const nanoseconds = make.option(9, make.u8(9));
  const shifted = [make.option(9, make.u8(0x80 | 20)), make.option(14, make.u64(-3600n)), make.option(13, make.u8(4))];
  const flags = [make.option(2, make.u32(1)), make.option(4, make.u64(7n)), make.option(3, "\x02abcd"), end];
  const [first = new Uint8Array(0)] = frames;
  return Buffer.concat([
    make.section([...text, end]),
    make.block(0x0bad, [make.u32(32_473), Buffer.from("custom")]),
    make.interface({ options: [make.option(2, "eth0"), nanoseconds, make.option(11, "\0tcp"), end] }),
    make.interface({ linkType: 101, snapshotLength: 96, options: shifted }),
    ...frames.map((frame) => make.enhanced(frame, { stamp: 1_700_000_000_123_456_789n, options: flags })),
    make.names([
      make.nameRecord(1, Buffer.from([192, 0, 2, 1]), ["one.example", "uno.example"]),
      make.nameRecord(2, Buffer.alloc(16, 1), ["six.example"]),
      make.nameRecord(99, Buffer.alloc(5), []),
    ]),
    make.simple(first.subarray(0, 40)),
    make.obsolete(first, { id: 1 }, 12),
    make.block(0x4000_0bad, [make.u32(32_473)]),
    make.block(9, [Buffer.from("__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=hello\n")]),
    make.block(10, [make.u32(0x544c534b), make.u32(6), Buffer.from("secret")]),
    make.block(0x8000_1234, [Buffer.from("private")]),
    make.statistics(0, 1_700_000_001_000_000_000n, [make.option(4, make.u64(100n)), make.option(5, make.u64(3n)), end]),
  ]);
}

/** Files of every variant that is read. @param {readonly Uint8Array[]} frames @returns {Buffer[]} */
export function everyVariant(frames) {
  const records = frames.map((data, index) => ({ data, fraction: index }));
  const orders = [true, false];
  const modified = Buffer.from([3, 0, 0, 0, 0, 8, 1, 0]);
  return orders
    .flatMap((littleEndian) => [
      pcapFile({ littleEndian }, records),
      pcapFile({ littleEndian, magic: 0xa1b23c4d }, records),
      pcapFile({ littleEndian, magic: 0xa1b2cd34, recordTail: modified }, records),
      pcapFile({ littleEndian, magic: 0x1c0001ac, headerTail: Buffer.alloc(4) }, records),
      pcapFile({ littleEndian, version: [2, 2], swappedLengths: true }, records),
      pcapFile({ littleEndian, linkField: 0x2400_0001 }, records),
    ])
    .concat(everyBlock(frames));
}
