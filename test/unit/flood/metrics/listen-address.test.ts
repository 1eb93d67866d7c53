import { expect, test } from "vitest";
import { isLoopback, parseListenAddress } from "../../../../src/flood/metrics/listen-address.ts";

test.each([
  ["9100", "127.0.0.1", 9100],
  [":9100", "127.0.0.1", 9100],
  ["localhost:0", "127.0.0.1", 0],
  ["0.0.0.0:65535", "0.0.0.0", 65535],
  ["[::1]:9100", "::1", 9100],
  ["[::]:9100", "::", 9100],
  ["[::ffff:192.0.2.1]:80", "::ffff:192.0.2.1", 80],
])("%s is an address and a port", (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

test.each([
  ...["", ":", "65536", "-1", "1e3", "0x50", "9100 ", "9100\n", "*:9100", "host.example:9100", "[]:9100", "999999"],
  ...["::1:9100", "[127.0.0.1]:9100x", "[::1]", "[::1%lo]:9100", "127.1:9100", "http://127.0.0.1:9100"],
])("%j is refused", (text) => {
  expect(() => parseListenAddress(text)).toThrow(expect.objectContaining({ code: "USAGE", option: "metrics" }));
});

test("only this host reaches 127.0.0.0/8 and ::1", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1"].map(isLoopback)).toEqual([true, true, true]);
  expect(["0.0.0.0", "::", "192.0.2.1", "::127"].map(isLoopback)).toEqual([false, false, false, false]);
});
