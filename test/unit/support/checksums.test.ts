import { describe, expect, test } from "vitest";
import { crc32c, internetChecksum } from "../../support/frames/bytes.ts";

describe("the checksums of the frame builders", () => {
  test("the Internet checksum is that of the example in RFC 1071, section 3", () => {
    expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(0xffff - 0xddf2);
  });

  test("an odd last byte counts as the upper half of a word", () => {
    expect(internetChecksum(Uint8Array.of(0x12, 0x34, 0x56))).toBe(0xffff - (0x1234 + 0x5600));
  });

  test("CRC32c of 32 zeros is that of RFC 3720, appendix B.4, where the bytes stand as aa 36 91 8a", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });
});
