import { describe, expect, test } from "vitest";
import { type ListOption, listItems } from "../../../src/filter/lists.ts";
import { parseAddress, parseNetwork } from "../../../src/filter/networks.ts";

const parseNetworks = (option: string, list: ListOption) =>
  listItems(option, list).map((item) => parseNetwork(option, item));

function hex(text: string): string | undefined {
  const address = parseAddress(text);
  return address && Buffer.from(address).toString("hex");
}

describe("an address", () => {
  // The forms of RFC 4291 section 2.2, and of dotted decimal.
  test.each([
    ["192.0.2.1", "c0000201"],
    ["0.0.0.0", "00000000"],
    ["255.255.255.255", "ffffffff"],
    ["2001:db8::1", "20010db8000000000000000000000001"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["fe80::", "fe800000000000000000000000000000"],
    ["ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcdef0123456789abcdef0123456789"],
    ["2001:db8:0:0:8:800:200c:417a", "20010db80000000000080800200c417a"],
    ["1::2:3", "00010000000000000000000000020003"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
    ["64:ff9b::198.51.100.7", "0064ff9b0000000000000000c6336407"],
    ["1:2:3:4:5:6:7.8.9.10", "0001000200030004000500060708090a"],
  ])("%s is the bytes %s", (text, bytes) => {
    expect(hex(text)).toBe(bytes);
  });

  test.each([
    ...["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ", "localhost", "2130706433"],
    ...["1::2::3", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "fe80::1%eth0", "[::1]", "::1.2.3"],
  ])('"%s" is none', (text) => {
    expect(hex(text)).toBeUndefined();
  });
});

describe("a network", () => {
  test.each([
    ["10.0.0.0/8", 4, "0a000000", 8],
    ["192.0.2.1", 4, "c0000201", 32],
    ["192.0.2.1/32", 4, "c0000201", 32],
    ["0.0.0.0/0", 4, "00000000", 0],
    ["10.128.0.0/9", 4, "0a800000", 9],
    ["2001:db8::/32", 6, "20010db8000000000000000000000000", 32],
    ["2001:db8::1", 6, "20010db8000000000000000000000001", 128],
    ["::/0", 6, "00000000000000000000000000000000", 0],
    ["fe80::/10", 6, "fe800000000000000000000000000000", 10],
  ])("%s is of version %i, the address %s and %i bits", (item, ipVersion, address, prefixLength) => {
    const [network, ...others] = parseNetworks("network", item);
    expect(others).toEqual([]);
    expect({ ...network, address: Buffer.from(network?.address ?? []).toString("hex") }).toEqual({
      ipVersion,
      address,
      prefixLength,
    });
  });

  test.each(["/33", "/-1", "/", "/8/8", "/255.0.0.0", "/8.5", "/ 8", "/0x8"])(
    "with the prefix %s is refused",
    (prefix) => {
      expect(() => parseNetworks("network", `10.0.0.0${prefix}`)).toThrow(
        expect.objectContaining({
          code: "USAGE",
          message: `network: "${prefix}" is not a prefix length from 0 to 32`,
          hint: expect.stringContaining("198.51.100.0/24"),
        }),
      );
    },
  );

  test("of IPv6 may have 128 bits and not 129", () => {
    expect(parseNetworks("network", "2001:db8::/128")).toHaveLength(1);
    expect(() => parseNetworks("network", "2001:db8::/129")).toThrow(/"\/129" is not a prefix length from 0 to 128/);
  });

  test.each(["10.0.0.1/8", "10.128.0.0/8", "0.0.0.1/0", "192.0.2.3/31", "2001:db8::1/64", "2001:db8::1/127"])(
    "%s, which has bits behind its prefix, is refused",
    (item) => {
      expect(() => parseNetworks("network", item)).toThrow(
        expect.objectContaining({ code: "USAGE", message: expect.stringContaining(`"${item}" has bits set behind`) }),
      );
    },
  );

  test("that is no address is named without its prefix", () => {
    expect(() => parseNetworks("destinationNetwork", "10.0.0.1,example.org/8")).toThrow(
      'destinationNetwork: "example.org" is not an IP address',
    );
  });
});
