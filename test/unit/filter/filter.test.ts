/** What the kernel's filter reads (struct filter and struct network_key of bpf/filter/filter.h), bit by bit. */
import { describe, expect, test } from "vitest";
import { compileFilter, type FilterOptions } from "../../../src/filter/filter.ts";

/** Offsets as the comments of bpf/filter/filter.h and its assertions have them. */
const CHECKS = 0;
const VLAN_ID = 4;
const IP_VERSION = 6;
const FLAGS_MASK = 7;
const FLAGS_VALUE = 8;
const PROTOCOLS = 16;
const PORTS = 48;
const PORT_SET = 8192;
const SIZE = PORTS + 3 * PORT_SET;
const KEY = 24;

function bytesOf(options: FilterOptions): Buffer {
  return Buffer.from(compileFilter(options).bytes);
}

/** The numbers of the bits that are set, counted from the lowest bit of the first byte, as the kernel's words are here. */
function bitsOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => index * 8 + bit),
  );
}

/** Where bytes other than zero stand, apart from the checks. */
function touched(options: FilterOptions): number[] {
  return [...bytesOf(options).entries()].flatMap(([offset, byte]) => (offset >= 4 && byte !== 0 ? [offset] : []));
}

test("no options check nothing", () => {
  const { bytes, networkKeys, networkCount } = compileFilter({});
  expect(bytes).toEqual(new Uint8Array(SIZE));
  expect(networkKeys).toHaveLength(0);
  expect(networkCount).toBe(0);
});

test.each<[keyof FilterOptions, string | number, number]>([
  ["ipVersion", 4, 1 << 0],
  ["vlan", 7, 1 << 1],
  ["protocol", "tcp", 1 << 2],
  ["tcpFlags", "syn", 1 << 3],
  ["port", 80, 1 << 4],
  ["sourcePort", 80, 1 << 5],
  ["destinationPort", 80, 1 << 6],
  ["host", "192.0.2.1", 1 << 7],
  ["sourceHost", "192.0.2.1", 1 << 8],
  ["destinationHost", "192.0.2.1", 1 << 9],
  ["network", "10.0.0.0/8", 1 << 10],
  ["sourceNetwork", "10.0.0.0/8", 1 << 11],
  ["destinationNetwork", "10.0.0.0/8", 1 << 12],
])("%s asks for its check and no other", (key, value, check) => {
  expect(bytesOf({ [key]: value }).readUInt32LE(CHECKS)).toBe(check);
});

test("kinds are checked together", () => {
  expect(bytesOf({ port: 80, tcpFlags: "syn", host: "::1" }).readUInt32LE(CHECKS)).toBe((1 << 4) | (1 << 3) | (1 << 7));
});

test("an option that is undefined is not asked for", () => {
  expect(bytesOf({ port: undefined, vlan: undefined, host: undefined })).toEqual(Buffer.alloc(SIZE));
});

describe("the VLAN id", () => {
  test.each([0, 1, 4095])("%i is a number of 16 bits", (vlan) => {
    const bytes = bytesOf({ vlan });
    expect(bytes.readUInt16LE(VLAN_ID)).toBe(vlan);
    expect(bytes.readUInt32LE(CHECKS)).toBe(2);
  });

  test.each([-1, 4096, 1.5, NaN])("%d is refused", (vlan) => {
    expect(() => compileFilter({ vlan })).toThrow(
      expect.objectContaining({ code: "USAGE", message: `vlan: "${vlan}" is not a VLAN id from 0 to 4095` }),
    );
  });
});

describe("the IP version", () => {
  test.each([4, 6] as const)("%i is one byte", (ipVersion) => {
    expect(bytesOf({ ipVersion })[IP_VERSION]).toBe(ipVersion);
  });

  test.each([5, 0, 46, "4"])("%j is refused", (ipVersion) => {
    expect(() => compileFilter({ ipVersion: ipVersion as 4 })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

test("TCP flags are a mask and a value", () => {
  const bytes = bytesOf({ tcpFlags: "syn,!ack" });
  expect([bytes[FLAGS_MASK], bytes[FLAGS_VALUE]]).toEqual([0x12, 0x02]);
});

test("protocols are a set of 256 bits", () => {
  expect(bitsOf(bytesOf({ protocol: "0,tcp,63,64,255" }).subarray(PROTOCOLS, PROTOCOLS + 32))).toEqual([
    0, 6, 63, 64, 255,
  ]);
});

describe("ports", () => {
  const portSet = (options: FilterOptions, set: number) =>
    bitsOf(bytesOf(options).subarray(PORTS + set * PORT_SET, PORTS + (set + 1) * PORT_SET));

  test.each([
    ["port", 0],
    ["sourcePort", 1],
    ["destinationPort", 2],
  ] as const)("of %s are the bit set number %i", (key, set) => {
    const options = { [key]: "0,63,64,443,8000-8003,65535" };
    expect(portSet(options, set)).toEqual([0, 63, 64, 443, 8000, 8001, 8002, 8003, 65_535]);
    for (const other of [0, 1, 2].filter((number) => number !== set)) expect(portSet(options, other)).toEqual([]);
  });

  test("may be all of them", () => {
    expect(portSet({ port: "0-65535" }, 0)).toHaveLength(65_536);
  });

  test("that overlap are one set", () => {
    expect(portSet({ port: "80-83,82-85,80" }, 0)).toEqual([80, 81, 82, 83, 84, 85]);
  });

  test("touch nothing else", () => {
    expect(touched({ destinationPort: 80 })).toEqual([PORTS + 2 * PORT_SET + 10]);
  });
});

describe("networks", () => {
  const keys = (options: FilterOptions) => {
    const { networkKeys, networkCount } = compileFilter(options);
    expect(networkKeys).toHaveLength(networkCount * KEY);
    return Array.from({ length: networkCount }, (_, index) =>
      Buffer.from(networkKeys.subarray(index * KEY, (index + 1) * KEY)).toString("hex"),
    );
  };

  // Prefix length with the 32 bits of set, version and padding; set, version, padding; address.
  test("are keys with the length of the prefix behind the tag, the set, the version and the address", () => {
    expect(keys({ sourceNetwork: "10.0.0.0/8" })).toEqual([`28000000040400000a000000${"00".repeat(12)}`]);
    expect(keys({ destinationHost: "2001:db8::1" })).toEqual([`a00000000206000020010db8${"00".repeat(11)}01`]);
    expect(keys({ network: "::/0" })).toEqual([`2000000003060000${"00".repeat(16)}`]);
  });

  test.each([
    ["host", "00"],
    ["sourceHost", "01"],
    ["destinationHost", "02"],
    ["network", "03"],
    ["sourceNetwork", "04"],
    ["destinationNetwork", "05"],
  ] as const)("of %s are in the set %s", (key, set) => {
    expect(keys({ [key]: "192.0.2.1" }).map((hex) => hex.slice(8, 10))).toEqual([set]);
  });

  test("of one list and of several options lie one after the other", () => {
    const all = keys({ host: "192.0.2.1,192.0.2.2", sourceNetwork: ["10.0.0.0/8", "2001:db8::/32"] });
    expect(all.map((hex) => hex.slice(8, 12))).toEqual(["0004", "0004", "0404", "0406"]);
  });
});

describe("kinds that no packet matches together", () => {
  test.each<[FilterOptions, string]>([
    [{ tcpFlags: "syn", protocol: "udp" }, "tcpFlags: no protocol of `protocol` has TCP flags"],
    [{ port: 80, protocol: "icmp,47" }, "port: no protocol of `protocol` has ports"],
    [{ ipVersion: 4, destinationPort: 80, protocol: 44 }, "destinationPort: no protocol of `protocol` has ports"],
    [{ ipVersion: 4, host: ["::1", "::2"] }, "host: asks for IPv6 and `ipVersion: 4` for IPv4: no packet is both"],
    [{ ipVersion: 6, network: "10.0.0.0/8" }, "network: asks for IPv4 and `ipVersion: 6` for IPv6: no packet is both"],
    [
      { sourceHost: "192.0.2.1", destinationHost: "::1" },
      "destinationHost: asks for IPv6 and `sourceHost` for IPv4: no packet is both",
    ],
  ])("%j is refused", (options, message) => {
    expect(() => compileFilter(options)).toThrow(expect.objectContaining({ code: "USAGE", message }));
  });

  test.each<FilterOptions>([
    { tcpFlags: "syn", protocol: "udp,tcp" },
    { port: 80, protocol: "sctp" },
    // TCP may follow a fragment header of IPv6.
    { tcpFlags: "syn", protocol: 44 },
    { ipVersion: 6, port: 80, protocol: 0 },
    { ipVersion: 4, host: "::1,192.0.2.1" },
    { sourceHost: "192.0.2.1,::1", destinationHost: "::1", network: "2001:db8::/32" },
  ])("%j is not", (options) => {
    expect(() => compileFilter(options)).not.toThrow();
  });
});

test.each<[FilterOptions, RegExp]>([
  [{ port: "http" }, /^port: /],
  [{ sourcePort: "http" }, /^sourcePort: /],
  [{ destinationPort: "http" }, /^destinationPort: /],
  [{ host: "x" }, /^host: /],
  [{ sourceHost: "x" }, /^sourceHost: /],
  [{ destinationHost: "x" }, /^destinationHost: /],
  [{ network: "x" }, /^network: /],
  [{ sourceNetwork: "x" }, /^sourceNetwork: /],
  [{ destinationNetwork: "x" }, /^destinationNetwork: /],
  [{ protocol: "x" }, /^protocol: /],
  [{ tcpFlags: "x" }, /^tcpFlags: /],
])("%j is refused by the name that the option has on the command line", (options, name) => {
  expect(() => compileFilter(options)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(name) }),
  );
});
