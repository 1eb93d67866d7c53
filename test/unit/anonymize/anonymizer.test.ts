import { describe, expect, test } from "vitest";
import { sampleAnonymizer } from "../../support/anonymized.ts";
import { macBytes } from "../../support/frames/addresses.ts";

const anonymizer = sampleAnonymizer();

describe("addresses as text", () => {
  test.each([
    ["10.185.25.118", "117.161.29.118"],
    ["2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"],
  ])("%s is mapped", (address, mapped) => expect(anonymizer.address(address)).toBe(mapped));

  test.each([
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.251",
    "::",
    "::1",
    "ff02::1",
    "ff02::1:2",
    "no address",
    "1.2.3",
  ])("%s stays", (text) => expect(anonymizer.address(text)).toBe(text));

  test("groups that somebody chose stay groups and become others", () => {
    expect(anonymizer.address("239.1.2.3")).toMatch(/^2(2[4-9]|3\d)\./);
    expect(anonymizer.address("239.1.2.3")).not.toBe("239.1.2.3");
    expect(anonymizer.address("ff3e:20:2001:db8::7")).toMatch(/^ff3e:/);
    expect(anonymizer.address("ff3e:20:2001:db8::7")).not.toContain("2001:db8");
  });

  test("the end of a solicited-node address is that of a host, and is mapped", () => {
    expect(anonymizer.address("ff02::1:ff12:3456")).toMatch(/^ff02::1:ff[0-9a-f]{2}:[0-9a-f]{1,4}$/);
    expect(anonymizer.address("ff02::1:ff12:3456")).not.toBe("ff02::1:ff12:3456");
  });

  test("networks are mapped as the addresses in them", () => {
    expect(anonymizer.network("10.185.25.0/24")).toBe("117.161.29.0/24");
    expect(anonymizer.network("2001:db8::/48")).toBe("4401:2bc:603f::/48");
    expect(anonymizer.network("10.0.0.0/0")).toBe("0.0.0.0/0");
    expect(anonymizer.network("10.0.0.1")).toBe("10.0.0.1");
  });
});

describe("MAC addresses", () => {
  const mapped = (text: string) => {
    const bytes = macBytes(text);
    anonymizer.mac(new DataView(bytes.buffer), 0);
    return Buffer.from(bytes).toString("hex");
  };

  test("become others that are locally administered, each the same again", () => {
    const first = mapped("00:1b:21:3c:4d:5e");
    expect(first).not.toContain("001b21");
    expect(Number.parseInt(first.slice(0, 2), 16) & 3).toBe(2);
    expect(mapped("00:1b:21:3c:4d:5e")).toBe(first);
    expect(mapped("00:1b:21:3c:4d:5f")).not.toBe(first);
  });

  test.each(["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:80:c2:00:00:0e"])("%s stays", (text) =>
    expect(mapped(text)).toBe(text.replaceAll(":", "")),
  );

  test("groups of multicast addresses lose what they have of the address", () => {
    expect(mapped("33:33:ff:12:34:56")).toBe("333300000000");
    expect(mapped("01:00:5e:01:02:03")).toBe("01005e000000");
  });
});

test("a key of another length is refused", () => {
  const Anonymizer = anonymizer.constructor as new (key: Uint8Array) => unknown;
  expect(() => new Anonymizer(new Uint8Array(16))).toThrow("32 bytes");
});
