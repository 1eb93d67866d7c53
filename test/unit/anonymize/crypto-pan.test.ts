/**
 * The map against what others published: the sample trace of the original implementation (Xu, Fan, Ammar, Moon), and the
 * IPv6 addresses on which later implementations agree.
 */
import { describe, expect, test } from "vitest";
import { CryptoPan } from "../../../src/anonymize/map/crypto-pan.ts";
import { formatIpv4Address, formatIpv6Address } from "../../../src/pcap-parser/index.ts";
import { SAMPLE_KEY } from "../../support/anonymized.ts";
import { ipv4Bytes, ipv6Bytes } from "../../support/frames/addresses.ts";
import { random } from "../../support/random.ts";

const map = new CryptoPan(SAMPLE_KEY, 1);

/** Words in network byte order: one of an IPv4 address, four of an IPv6 address. */
function wordsOf(bytes: Uint8Array): [number, number, number, number] {
  const view = new DataView(bytes.buffer);
  const word = (at: number) => (at < bytes.length ? view.getUint32(at) : 0);
  return [word(0), word(4), word(8), word(12)];
}

function bytesOf(words: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (let index = 0; index < words.length; index++) view.setUint32(index * 4, words[index] ?? 0);
  return new Uint8Array(view.buffer);
}

test.each([
  ["128.11.68.132", "135.242.180.132"],
  ["129.118.74.4", "134.136.186.123"],
  ["130.132.252.244", "133.68.164.234"],
  ["141.223.7.43", "141.167.8.160"],
  ["141.233.145.108", "141.129.237.235"],
  ["152.163.225.39", "151.140.114.167"],
  ["156.29.3.236", "147.225.12.42"],
  ["165.247.96.84", "162.9.99.234"],
  ["166.107.77.190", "160.132.178.185"],
  ["192.102.249.13", "252.138.62.131"],
  ["193.150.244.223", "253.169.52.216"],
  ["195.205.63.100", "255.186.223.5"],
  ["204.184.162.189", "243.192.77.90"],
  ["208.147.89.59", "227.237.98.191"],
  ["212.120.124.31", "228.135.163.231"],
  ["216.148.237.145", "235.84.194.111"],
  ["24.0.250.221", "100.15.198.226"],
  ["38.15.67.68", "64.3.66.187"],
  ["4.3.88.225", "124.60.155.63"],
  ["63.14.55.111", "95.9.215.7"],
  ["64.14.118.196", "0.255.183.58"],
  ["10.185.25.118", "117.161.29.118"],
])("maps %s as the original implementation does", (address, mapped) => {
  expect(formatIpv4Address(bytesOf([map.ipv4(wordsOf(ipv4Bytes(address))[0])]))).toBe(mapped);
});

test.each([
  ["::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"],
  ["::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"],
  ["::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"],
  ["2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"],
  ["2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"],
])("maps %s as other implementations do", (address, mapped) => {
  expect(formatIpv6Address(bytesOf(map.ipv6(...wordsOf(ipv6Bytes(address)))))).toBe(mapped);
});

describe("two addresses", () => {
  const next = random(7);
  const word = () => Math.floor(next() * 2 ** 32);

  /** Bits that two addresses have in common at their beginning. */
  function commonBits(a: ArrayLike<number>, b: ArrayLike<number>): number {
    for (let index = 0; index < a.length; index++) {
      const difference = (a[index] ?? 0) ^ (b[index] ?? 0);
      if (difference !== 0) return index * 32 + Math.clz32(difference);
    }
    return a.length * 32;
  }

  test("have a common prefix of the same length afterwards, in IPv4", () => {
    for (let bits = 0; bits < 32; bits++) {
      for (let pair = 0; pair < 20; pair++) {
        const a = word();
        const b = (a ^ (0x8000_0000 >>> bits) ^ (bits === 31 ? 0 : word() & (0x7fff_ffff >>> bits))) >>> 0;
        expect(commonBits([map.ipv4(a)], [map.ipv4(b)])).toBe(bits);
      }
    }
  });

  test("have a common prefix of the same length afterwards, in IPv6", () => {
    for (let bits = 0; bits < 128; bits++) {
      const a = [word(), word(), word(), word()] as const;
      const b = a.map((own, index) => {
        const first = bits - index * 32;
        if (first >= 32) return own;
        return first < 0 ? word() : (own ^ (0x8000_0000 >>> first)) >>> 0;
      }) as [number, number, number, number];
      expect(commonBits(map.ipv6(...a).slice(), map.ipv6(...b))).toBe(bits);
    }
  });
});

test("more addresses than are remembered are mapped as before, prepared or not", () => {
  const prepared = new CryptoPan(SAMPLE_KEY, 2);
  const count = 150_000;
  const addresses = new Uint32Array(count * 4);
  for (let index = 0; index < count; index++) addresses[index * 4] = Math.imul(index, 0x9e37_79b1);
  prepared.prepare(4, addresses, count);
  for (let index = 0; index < count; index += 1013) {
    const address = addresses[index * 4] ?? 0;
    expect(prepared.ipv4(address)).toBe(map.ipv4(address));
  }
});
