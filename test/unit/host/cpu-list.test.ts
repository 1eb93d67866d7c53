import { expect, test } from "vitest";
import { parseCpuList } from "../../../src/host/online-cpus.ts";

// Documentation/admin-guide/cputopology.rst has such lists.
test.each([
  ["0\n", [0]],
  ["0-3\n", [0, 1, 2, 3]],
  ["0,3", [0, 3]],
  ["0-1,4-5,8", [0, 1, 4, 5, 8]],
  ["7-7", [7]],
  ["2,4-6,10-11\n", [2, 4, 5, 6, 10, 11]],
])("%j names CPUs", (list, cpus) => {
  expect(parseCpuList(list)).toEqual(cpus);
});

test("4096 CPUs are not too many", () => {
  expect(parseCpuList("0-4095")).toHaveLength(4096);
});
