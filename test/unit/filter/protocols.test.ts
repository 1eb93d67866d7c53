import { expect, test } from "vitest";
import type { ListOption } from "../../../src/filter/lists.ts";
import { parseProtocols } from "../../../src/filter/protocols.ts";

// Numbers of the IANA registry "Protocol Numbers".
test.each<[ListOption, number[]]>([
  ["tcp", [6]],
  ["udp", [17]],
  ["icmp", [1]],
  ["icmp6", [58]],
  ["sctp", [132]],
  ["TCP,Udp", [6, 17]],
  [
    ["tcp", 47],
    [6, 47],
  ],
  ["0,255", [0, 255]],
  ["017", [17]],
])("%j names the protocols", (list, numbers) => {
  expect(parseProtocols("protocol", list)).toEqual(numbers);
});

test.each([
  "256",
  "999",
  "-1",
  "6.5",
  "icmpv6",
  "ip",
  "1000",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
])('the item "%s" is refused by its name', (item) => {
  expect(() => parseProtocols("protocol", `tcp,${item}`)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: `protocol: "${item}" is not a protocol`,
      hint: "write icmp, tcp, udp, icmp6, sctp or a number from 0 to 255",
    }),
  );
});
