import { describe, expect, it } from "vitest";
import { formatHardwareAddress, formatIpv4Address, formatIpv6Address } from "../../../src/pcap-parser/index.ts";
import { frame, hexBytes } from "./frames.ts";

describe("formatIpv6Address", () => {
  // The rules and examples of RFC 5952, sections 4 and 5.
  it.each([
    ["20010db8000000000000000000000001", "2001:db8::1"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010000000000010000000000000001", "2001:0:0:1::1"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["20010db8aaaabbbbccccddddeeee0000", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0"],
    ["20010db8000000000000000000000000", "2001:db8::"],
    ["00000000000000000000ffffc0000201", "::ffff:192.0.2.1"],
    ["00010000000200000003000000040000", "1:0:2:0:3:0:4:0"],
  ])("writes %s as %s", (bytes, text) => {
    expect(formatIpv6Address(frame(hexBytes(bytes)))).toBe(text);
  });

  it("reads from the offset it is given", () => {
    expect(formatIpv6Address(frame([9, 9], hexBytes("fe800000000000000000000000000001")), 2)).toBe("fe80::1");
  });
});

describe("other addresses", () => {
  it("writes IPv4 addresses as dotted decimal", () => {
    expect(formatIpv4Address(frame([0, 255, 1, 100, 9]), 1)).toBe("255.1.100.9");
  });

  it("writes hardware addresses of any length with leading zeros", () => {
    expect(formatHardwareAddress(frame(hexBytes("020000000a0f")))).toBe("02:00:00:00:0a:0f");
    expect(formatHardwareAddress(frame([1, 2, 3]), 1, 2)).toBe("02:03");
  });
});
