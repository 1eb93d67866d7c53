import { expect, test } from "vitest";
import { parseListenPressure, readListenPressure } from "../../../src/host/listen-pressure.ts";

const IP = "IpExt: InNoRoutes ListenDrops\nIpExt: 5 6\n";
const NONE = { listenOverflows: 0, listenDrops: 0, cookiesSent: 0 };

test.each([
  ["in any order", "TcpExt: A SyncookiesSent ListenDrops ListenOverflows\nTcpExt: 1 22 33 44\n", [44, 33, 22]],
  ["behind another group", `${IP}TcpExt: ListenOverflows ListenDrops SyncookiesSent\nTcpExt: 1 2 3\n`, [1, 2, 3]],
  ["without a name that a kernel lacks", `TcpExt: ListenOverflows\nTcpExt: 7\n${IP}`, [7, 0, 0]],
  ["with fewer values than names", "TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 9\n", [0, 0, 9]],
  ["with a value that is no number", "TcpExt: ListenOverflows ListenDrops\nTcpExt: -x 4\n", [0, 4, 0]],
] as const)("the counters are found by their names, %s", (_, text, [listenOverflows, listenDrops, cookiesSent]) => {
  expect(parseListenPressure(text)).toEqual({ listenOverflows, listenDrops, cookiesSent });
});

test.each(["", "TcpExt:", "TcpExt: ListenDrops\n", IP])("of %j there are no counters", (text) => {
  expect(parseListenPressure(text)).toEqual(NONE);
});

test("the kernel's own file is read, and that of a process that is gone is not", () => {
  expect(Object.keys(readListenPressure() ?? {})).toEqual(Object.keys(NONE));
  expect(readListenPressure(2 ** 30)).toBeUndefined();
});
