import { expect, test } from "vitest";
import { type ConnectionsFlags, toConnectionsOptions } from "../../../src/cli/connections-options.ts";
import type { WatchFlags } from "../../../src/cli/watch-options.ts";
import { toWatchValues } from "../../../src/cli/watch-values.ts";

const DIRECTORY = "add --parquet <directory>";
const watch: WatchFlags = { trigger: ["5/s"], write: "incidents" };

test.each([
  [{ parquetHost: "web1" }, DIRECTORY, { parquetHost: "web1", parquet: "fleet" }],
  [{ keepSize: 1e9 }, DIRECTORY, { keepSize: 1e9, parquet: "fleet" }],
  [{ keepSize: 1e6, parquet: "fleet" }, "type 64Mi or more", { keepSize: 2 ** 26, parquet: "fleet" }],
  [{ parquet: "-" }, "name one", { parquet: "fleet" }],
] satisfies [ConnectionsFlags, string, ConnectionsFlags][])(
  "connections with %j are refused, and with what the hint says they are not",
  (flags, hint, next) => {
    expect(() => toConnectionsOptions(flags)).toThrow(expect.objectContaining({ code: "USAGE", hint }));
    expect(toConnectionsOptions(next)).toBeDefined();
  },
);

test("a watch has --keep-size for its incidents also without tables", () => {
  expect(toWatchValues({ ...watch, keepSize: 1e10 }, {})).toMatchObject({ keepSize: 1e10 });
  expect(() => toWatchValues({ ...watch, parquetHost: "web1" }, {})).toThrow(
    expect.objectContaining({ code: "USAGE", hint: DIRECTORY }),
  );
  expect(toWatchValues({ ...watch, parquetHost: "web1", publish: "nats://a" }, {})).toBeDefined();
  expect(() => toWatchValues({ ...watch, parquet: "" }, {})).toThrow(expect.objectContaining({ code: "USAGE" }));
});
