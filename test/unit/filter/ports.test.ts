import { expect, test } from "vitest";
import type { ListOption } from "../../../src/filter/lists.ts";
import { parsePorts } from "../../../src/filter/ports.ts";

test.each<[ListOption, [number, number][]]>([
  ["80", [[80, 80]]],
  [80, [[80, 80]]],
  [
    "80,443,8000-8100",
    [
      [80, 80],
      [443, 443],
      [8000, 8100],
    ],
  ],
  [
    " 80 , 443 ",
    [
      [80, 80],
      [443, 443],
    ],
  ],
  [
    ["80,443", 22],
    [
      [80, 80],
      [443, 443],
      [22, 22],
    ],
  ],
  ["0-65535", [[0, 65_535]]],
  ["7-7", [[7, 7]]],
  ["00080", [[80, 80]]],
])("%j names the ports", (list, ranges) => {
  expect(parsePorts("port", list)).toEqual(ranges.map(([first, last]) => ({ first, last })));
});

test.each([
  "65536",
  "99999",
  "123456",
  "-1",
  "80-",
  "-80",
  "80-90-100",
  "8.5",
  "http",
  "0x50",
  "80 443",
  "1e3",
  "٣",
  "@80",
])('the item "%s" is refused by its name', (item) => {
  expect(() => parsePorts("sourcePort", `22,${item}`)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: `sourcePort: "${item}" is not a port from 0 to 65535`,
      hint: "write a list such as 80,443,8000-8100",
    }),
  );
});

test.each([-1, NaN, Infinity, 80.5, 65_536])("the number %d is refused", (port) => {
  expect(() => parsePorts("port", port)).toThrow(/^port: ".*" is not a port from 0 to 65535$/);
});

test("a range that ends before it begins is refused with the range that was meant", () => {
  expect(() => parsePorts("port", "443-80")).toThrow(
    expect.objectContaining({ message: expect.stringContaining('"443-80"'), hint: "write 80-443" }),
  );
});
