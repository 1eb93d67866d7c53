import { expect, test } from "vitest";
import { isLoopback, parseListenAddress } from "../../../../src/flood/metrics/listen-address.ts";

test.each([
  ["9477", "127.0.0.1", 9477],
  [":9477", "127.0.0.1", 9477],
  ["localhost:0", "127.0.0.1", 0],
  ["0.0.0.0:65535", "0.0.0.0", 65535],
  ["[::1]:9477", "::1", 9477],
  ["[::]:9477", "::", 9477],
  ["[::ffff:192.0.2.1]:80", "::ffff:192.0.2.1", 80],
])("%s is an address and a port", (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

test.each([
  ...["", ":", "65536", "-1", "1e3", "0x50", "9477 ", "9477\n", "*:9477", "host.example:9477", "[]:9477", "999999"],
  ...["::1:9477", "[127.0.0.1]:9477x", "[::1]", "[::1%lo]:9477", "127.1:9477", "http://127.0.0.1:9477"],
])("%j is refused", (text) => {
  expect(() => parseListenAddress(text)).toThrow(expect.objectContaining({ code: "USAGE", option: "metrics" }));
});

test("only this host reaches 127.0.0.0/8 and ::1", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1"].map(isLoopback)).toEqual([true, true, true]);
  expect(["0.0.0.0", "::", "192.0.2.1", "::127"].map(isLoopback)).toEqual([false, false, false, false]);
});
