import { expect, test } from "vitest";
import { dateOf, dayOf, hostInPath, partitionPath } from "../../../src/fleet/partition.ts";

test.each([
  ["web1.example", "web1.example"],
  ["../../etc", "..%2F..%2Fetc"],
  ["a=b*?[c]'\"", "a%3Db%2A%3F%5Bc%5D%27%22"],
  ["100%", "100%25"],
  ["bücher\n", "b%C3%BCcher%0A"],
])("the host %j is %s in a path", (host, encoded) => {
  expect(hostInPath(host)).toBe(encoded);
  expect(decodeURIComponent(encoded)).toBe(host);
});

test.each(["", "ü".repeat(50)])("the host %j is refused", (host) => {
  expect(() => hostInPath(host)).toThrow(expect.objectContaining({ code: "USAGE", option: "host" }));
  expect(() => hostInPath(host, "--parquet-host")).toThrow(/^--parquet-host: it is /);
});

test.each([
  [0, "1970-01-01"],
  [86_399, "1970-01-01"],
  [-1, "1969-12-31"],
  [1_764_000_000, "2025-11-24"],
])("the second %i is of %s", (second, date) => {
  expect(partitionPath("packets", dateOf(dayOf(second)), "a")).toBe(`table=packets/date=${date}/host=a`);
});
