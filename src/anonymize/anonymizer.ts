/** Replaces addresses by a keyed map: see docs/anonymize.md. */
import { type Cipher, createCipheriv, createHmac } from "node:crypto";
import { parseAddress } from "../filter/networks.ts";
import { formatIpv4Address, formatIpv6Address } from "../pcap-parser/index.ts";
import { AddressCache } from "./map/address-cache.ts";
import { CryptoPan } from "./map/crypto-pan.ts";
import { KEY_BYTES } from "./map/prefix-bits.ts";
import { keptBitsOfIpv4, keptBitsOfIpv6 } from "./map/special-addresses.ts";

const ALL = 0xffff_ffff;
const AES_BLOCK = 16;
const AES_KEY = 16;
/** Places of the table of MAC addresses. */
const MAC_PLACES = 1 << 14;

/** Bits of the first byte of a MAC address: a group, and one that no vendor assigned (IEEE 802 section 8.2). */
const GROUP = 0x01;
const LOCAL = 0x02;

/** One key maps each address to the same one, in captures, in reports and in lists. */
export class Anonymizer {
  readonly #map: CryptoPan;
  readonly #macs: AddressCache;
  readonly #macCipher: Cipher;
  readonly #macBlock = new DataView(new ArrayBuffer(AES_BLOCK));
  readonly #result = new Uint32Array(4);

  /** @param key 32 bytes, as those of other implementations of Crypto-PAn */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes, not ${key.length}`);
    const derived = createHmac("sha256", key).update("ringcap: MAC addresses").digest();
    const seed = derived.readUInt32LE(AES_KEY);
    this.#map = new CryptoPan(key, seed);
    this.#macs = new AddressCache(seed, MAC_PLACES);
    this.#macCipher = createCipheriv("aes-128-ecb", derived.subarray(0, AES_KEY), null).setAutoPadding(false);
  }

  /** Maps an IPv4 address, which is a number of 32 bits. Addresses that belong to no host stay. */
  ipv4(address: number): number {
    const kept = keptBitsOfIpv4(address);
    if (kept === ALL) return address;
    const mapped = this.#map.ipv4(address);
    return kept === 0 ? mapped : ((address & kept) | (mapped & ~kept)) >>> 0;
  }

  /** Maps an IPv6 address of four words. @returns four words, valid until the next call */
  ipv6(a: number, b: number, c: number, d: number): Uint32Array {
    const kept = keptBitsOfIpv6(a, b, c, d);
    const result = this.#result;
    result[0] = a;
    result[1] = b;
    result[2] = c;
    result[3] = d;
    if (kept[0] === ALL && kept[3] === ALL) return result;
    const mapped = this.#map.ipv6(a, b, c, d);
    for (let word = 0; word < 4; word++) {
      const mask = kept[word] ?? 0;
      result[word] = ((result[word] ?? 0) & mask) | ((mapped[word] ?? 0) & ~mask);
    }
    return result;
  }

  /** Maps many addresses at once, so that they are known when they are asked for: see CryptoPan.prepare(). */
  prepare(version: 4 | 6, addresses: Uint32Array, count: number): void {
    this.#map.prepare(version, addresses, count);
  }

  /**
   * Replaces the address of an Ethernet interface by a random one that is locally administered. Groups and the address
   * of zeros stay. The groups of multicast addresses lose what they have of the address.
   */
  mac(bytes: DataView, at: number): void {
    const high = bytes.getUint16(at);
    const low = bytes.getUint32(at + 2);
    if (high === 0 && low === 0) return;
    if ((high >>> 8) & GROUP) {
      if (high === 0x0100 && low >>> 24 === 0x5e) bytes.setUint32(at + 2, 0x5e00_0000);
      if (high === 0x3333) bytes.setUint32(at + 2, 0);
      return;
    }
    const known = this.#macs.find(high, low, 0, 0);
    const place = known >= 0 ? known : this.#newMac(high, low);
    bytes.setUint16(at, this.#macs.mapped[place] ?? 0);
    bytes.setUint32(at + 2, this.#macs.mapped[place + 1] ?? 0);
  }

  #newMac(high: number, low: number): number {
    const block = this.#macBlock;
    block.setUint16(0, high);
    block.setUint32(2, low);
    const random = this.#macCipher.update(new Uint8Array(block.buffer));
    this.#macs.makeRoom(1);
    const place = this.#macs.add(high, low, 0, 0);
    this.#macs.mapped[place] = (random.readUInt16BE(0) & ~(GROUP << 8)) | (LOCAL << 8);
    this.#macs.mapped[place + 1] = random.readUInt32BE(2);
    return place;
  }

  /** Maps an IPv4 or IPv6 address that is written as text. What is no address stays. */
  address(text: string): string {
    return this.#text(text, Number.POSITIVE_INFINITY) ?? text;
  }

  /** Maps a network such as "192.0.2.0/24". What is no network stays. */
  network(text: string): string {
    const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
    if (address === undefined || length === undefined) return text;
    const mapped = this.#text(address, Number(length));
    return mapped === undefined ? text : `${mapped}/${length}`;
  }

  /** @param length bits that count; the others are 0 */
  #text(text: string, length: number): string | undefined {
    const bytes = parseAddress(text);
    if (bytes === undefined) return undefined;
    const view = new DataView(bytes.buffer);
    const isIpv4 = bytes.length === 4;
    const words = isIpv4
      ? [this.ipv4(view.getUint32(0))]
      : this.ipv6(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
    for (const [index, word] of words.entries()) {
      const bits = Math.min(32, Math.max(0, length - index * 32));
      view.setUint32(index * 4, bits === 0 ? 0 : word & (ALL << (32 - bits)));
    }
    return isIpv4 ? formatIpv4Address(bytes) : formatIpv6Address(bytes);
  }
}
