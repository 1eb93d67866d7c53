// Sequences of pcapng blocks, each as what ringcap/pcap-writer takes and as the bytes that it must become: those are laid
// out by PcapngBlocks, which shares nothing with src. Everything follows from the seed.
import { PcapngBlocks } from "./capture-samples.mjs";

/** @typedef {import("../../src/pcap-writer/index.ts").PcapngBlock} Block */
/** @typedef {import("../../src/pcap-writer/index.ts").PcapngOption} Option */
/** @typedef {() => number} Random 0 to 2^32 - 1 */
/** @typedef {{ option: Option, bytes: Uint8Array }} MadeOption */
/** @typedef {{ block: Block, bytes: Buffer }} MadeBlock */

const TEXTS = ["", "a", "note", "größe", "\u{1f600} four bytes", "line\nline", "x".repeat(300)];
const OPTION_CODES = [5, 17, 99, 0x4444, 0xffff];
const LENGTHS = [0, 1, 2, 3, 4, 14, 59, 60, 61, 300, 1514];
const LINK_TYPES = [1, 101, 113, 147, 228];
const SNAPSHOT_LENGTHS = [0, 1, 40, 61, 65_535, 262_144];
const RESOLUTIONS = [0, 3, 6, 9, 12, 0x80 | 10, 0x80 | 30];
const ENTERPRISES = [0, 32_473, 0xffff_ffff];
const CUSTOM_OPTIONS = [2988, 2989, 19_372, 19_373];
const MOST_BLOCKS = 16;

/** @template T @param {Random} random @param {readonly T[]} list @returns {T} */
function pick(random, list) {
  const found = list[random() % list.length];
  if (found === undefined) throw new Error("an empty list");
  return found;
}

/** @param {Random} random @param {number} length */
function randomBytes(random, length) {
  return Buffer.from(Array.from({ length }, () => random() & 0xff));
}

/** @param {Random} random */
function random64(random) {
  return (BigInt(random()) << 32n) | BigInt(random());
}

class Section {
  /** @param {Random} random @param {boolean} littleEndian */
  constructor(random, littleEndian) {
    this.random = random;
    this.make = new PcapngBlocks(littleEndian);
    /** @type {{ snapshotLength: number }[]} */
    this.interfaces = [];
  }

  /** @returns {MadeBlock} */
  header() {
    const { make, random } = this;
    const made = this.options([2, 3, 4].map((code) => this.text(code)));
    const sectionLength = random() % 4 === 0 ? 4n * BigInt(random()) : undefined;
    const byteOrder = make.littleEndian ? /** @type {const} */ ("little-endian") : /** @type {const} */ ("big-endian");
    return {
      block: { kind: "section-header", byteOrder, sectionLength, options: made.options },
      bytes: make.section(made.bytes, [1, 0], sectionLength ?? -1n),
    };
  }

  /** @returns {MadeBlock} */
  interface() {
    const { make, random } = this;
    const linkType = pick(random, LINK_TYPES);
    const snapshotLength = pick(random, SNAPSHOT_LENGTHS);
    const resolution = make.u8(pick(random, RESOLUTIONS));
    const offset = BigInt.asIntN(32, random64(random));
    const [speed, zone] = [random64(random), Int16Array.of(random(), random())];
    const made = this.options([
      this.text(2),
      { option: { code: 4, value: Buffer.alloc(8, 7) }, bytes: make.option(4, Buffer.alloc(8, 7)) },
      { option: { code: 8, value: speed }, bytes: make.option(8, make.u64(speed)) },
      { option: { code: 9, value: resolution }, bytes: make.option(9, resolution) },
      {
        option: { code: 10, value: zone },
        bytes: make.option(10, Buffer.concat([...zone].map((number) => make.u16(number & 0xffff)))),
      },
      { option: { code: 11, value: [Uint8Array.of(0), "tcp"] }, bytes: make.option(11, "\0tcp") },
      { option: { code: 14, value: offset }, bytes: make.option(14, make.u64(offset)) },
    ]);
    this.interfaces.push({ snapshotLength });
    return {
      block: { kind: "interface-description", linkType, snapshotLength, options: made.options },
      bytes: make.interface({ linkType, snapshotLength, options: made.bytes }),
    };
  }

  /** @returns {MadeBlock} */
  enhanced() {
    const { made, shape, data, rest } = this.packet();
    const block = { kind: /** @type {const} */ ("enhanced-packet"), ...rest, data, options: made.options };
    return { block, bytes: this.make.enhanced(data, { ...shape, options: made.bytes }) };
  }

  /** @returns {MadeBlock} */
  obsolete() {
    const { made, shape, data, rest } = this.packet();
    const dropCount = this.random() & 1 ? this.random() % 0xffff : undefined;
    const block = { kind: /** @type {const} */ ("packet"), ...rest, dropCount, data, options: made.options };
    return { block, bytes: this.make.obsolete(data, { ...shape, options: made.bytes }, dropCount) };
  }

  /** @returns {MadeBlock} */
  simple() {
    const { random, interfaces } = this;
    const limit = interfaces[0]?.snapshotLength || 262_144;
    const originalLength = pick(random, LENGTHS);
    const data = randomBytes(random, Math.min(originalLength, limit));
    return { block: { kind: "simple-packet", originalLength, data }, bytes: this.make.simple(data, originalLength) };
  }

  packet() {
    const { random, make } = this;
    const interfaceId = random() % this.interfaces.length;
    // Times far from the epoch, but within the seconds that a number holds at every resolution.
    const timestampUnits = random64(random) >> 12n;
    const data = randomBytes(random, pick(random, LENGTHS));
    const originalLength = data.length + (random() % 3 === 0 ? random() % 2000 : 0);
    const [flags, drops, queue, ids] = [random(), random64(random), random(), [random(), random()]];
    const made = this.options([
      { option: { code: 2, value: flags }, bytes: make.option(2, make.u32(flags)) },
      {
        option: { code: 3, value: [Uint8Array.of(2), Buffer.from("hash")] },
        bytes: make.option(3, "\x02hash"),
      },
      { option: { code: 4, value: drops }, bytes: make.option(4, make.u64(drops)) },
      { option: { code: 6, value: queue }, bytes: make.option(6, make.u32(queue)) },
      {
        option: { code: 7, value: [Uint8Array.of(2), 1n] },
        bytes: make.option(7, Buffer.concat([Buffer.from([2]), make.u64(1n)])),
      },
      {
        option: { code: 8, value: ids },
        bytes: make.option(8, Buffer.concat(ids.map((id) => make.u32(id)))),
      },
    ]);
    const rest = { interfaceId, timestampUnits, originalLength };
    return { made, data, rest, shape: { id: interfaceId, stamp: timestampUnits, originalLength } };
  }

  /** @returns {MadeBlock} */
  names() {
    const { random, make } = this;
    const lengths = [4, 16, 6, 8];
    const records = Array.from({ length: random() % 4 }, () => {
      const kind = random() % lengths.length;
      const address = randomBytes(random, lengths[kind] ?? 0);
      const names = ["one.example", "größe.example"].slice(random() % 2);
      return { record: { address, names }, bytes: make.nameRecord(kind + 1, address, names) };
    });
    const value = randomBytes(random, random() % 9);
    if (random() & 1) {
      const bytes = Buffer.concat([make.u16(99), make.u16(value.length), make.pad(value)]);
      records.push({ record: /** @type {any} */ ({ code: 99, value }), bytes });
    }
    const made = this.options([this.text(2), this.raw(3, Buffer.from([192, 0, 2, 1]))]);
    return {
      block: { kind: "name-resolution", records: records.map(({ record }) => record), options: made.options },
      bytes: make.names(
        records.map(({ bytes }) => bytes),
        made.bytes,
      ),
    };
  }

  /** @returns {MadeBlock} */
  statistics() {
    const { random, make } = this;
    const interfaceId = random() % this.interfaces.length;
    const [timestampUnits, start, received] = [random64(random), random64(random), random64(random)];
    const halves = [Number(start >> 32n), Number(start & 0xffff_ffffn)];
    const made = this.options([
      { option: { code: 2, value: halves }, bytes: make.option(2, make.stamp(start)) },
      { option: { code: 4, value: received }, bytes: make.option(4, make.u64(received)) },
      { option: { code: 7, value: 0n }, bytes: make.option(7, make.u64(0n)) },
    ]);
    return {
      block: { kind: "interface-statistics", interfaceId, timestampUnits, options: made.options },
      bytes: make.statistics(interfaceId, timestampUnits, made.bytes),
    };
  }

  /** @returns {MadeBlock} */
  secrets() {
    const { random, make } = this;
    const secrets = randomBytes(random, pick(random, LENGTHS));
    const secretsType = pick(random, [0x544c_534b, 1]);
    const made = this.options([]);
    return {
      block: { kind: "decryption-secrets", secretsType, secrets, options: made.options },
      bytes: make.block(10, [make.u32(secretsType), make.u32(secrets.length), make.pad(secrets), ...made.bytes]),
    };
  }

  /** @returns {MadeBlock} */
  custom() {
    const { random, make } = this;
    const enterprise = pick(random, ENTERPRISES);
    const copied = (random() & 1) === 1;
    const data = randomBytes(random, pick(random, LENGTHS));
    const bytes = make.block(copied ? 0x0bad : 0x4000_0bad, [make.u32(enterprise), data]);
    return { block: { kind: "custom", enterprise, copied, data }, bytes };
  }

  /** @returns {MadeBlock} */
  journal() {
    // Wireshark stops reading a file at an entry without a time.
    const time = 1_700_000_000_000_000n + BigInt(this.random());
    const entry = Buffer.from(`__REALTIME_TIMESTAMP=${time}\nMESSAGE=${pick(this.random, TEXTS)}\n`);
    return { block: { kind: "systemd-journal", entry }, bytes: this.make.block(9, [entry]) };
  }

  /** @returns {MadeBlock} */
  unknown() {
    const type = pick(this.random, [8, 99, 0x8000_0001, 0xffff_ffff]);
    const body = randomBytes(this.random, pick(this.random, LENGTHS));
    return { block: { kind: "unknown", type, body }, bytes: this.make.block(type, [body]) };
  }

  /** @param {number} code @returns {MadeOption} */
  text(code) {
    const value = pick(this.random, TEXTS);
    return { option: { code, value }, bytes: this.make.option(code, value) };
  }

  /** @param {number} code @param {Uint8Array} value @returns {MadeOption} */
  raw(code, value) {
    return { option: { code, value }, bytes: this.make.option(code, value) };
  }

  /** Some of them in any order, and some that every block can have. @param {readonly MadeOption[]} possible */
  options(possible) {
    const { random, make } = this;
    const enterprise = pick(random, ENTERPRISES);
    const data = randomBytes(random, random() % 9);
    const customCode = pick(random, CUSTOM_OPTIONS);
    const custom = {
      option: { code: customCode, value: [enterprise, data] },
      bytes: make.option(customCode, Buffer.concat([make.u32(enterprise), data])),
    };
    const unknown = this.raw(pick(random, OPTION_CODES.slice(2)), randomBytes(random, random() % 40));
    const all = [...possible, this.text(1), this.text(1), custom, unknown].filter(() => random() % 3 === 0);
    const sorted = all.map((made) => ({ made, key: random() })).sort((a, b) => a.key - b.key);
    const chosen = sorted.map(({ made }) => made);
    const end = chosen.length === 0 ? [] : [make.option(0, "")];
    return { options: chosen.map(({ option }) => option), bytes: [...chosen.map(({ bytes }) => bytes), ...end] };
  }
}

const ANYWHERE = /** @type {const} */ (["interface", "names", "secrets", "custom", "journal", "unknown"]);
const OF_INTERFACES = /** @type {const} */ (["enhanced", "enhanced", "simple", "obsolete", "statistics"]);

/**
 * One to sixteen blocks behind a section header, further section headers among them.
 *
 * @param {Random} random
 * @param {boolean} [littleEndian] of all sections; default: each has its own order. What else they are stays the same
 */
export function randomBlocks(random, littleEndian) {
  /** @type {MadeBlock[]} */
  const made = [];
  const newSection = () => {
    const drawn = (random() & 1) === 1;
    return new Section(random, littleEndian ?? drawn);
  };
  let section = newSection();
  made.push(section.header());
  for (let left = 1 + (random() % MOST_BLOCKS); left > 0; left--) {
    if (random() % 12 === 0) {
      section = newSection();
      made.push(section.header());
    }
    const kinds = section.interfaces.length === 0 ? ANYWHERE : [...ANYWHERE, ...OF_INTERFACES, ...OF_INTERFACES];
    made.push(section[pick(random, kinds)]());
  }
  return { blocks: made.map(({ block }) => block), bytes: Buffer.concat(made.map(({ bytes }) => bytes)) };
}
