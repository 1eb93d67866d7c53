/** What a service takes from the environment that its manager gives it. */
import { expect, test } from "vitest";
import { ServiceNotifier } from "../../../src/host/service-notify.ts";

function notifierIn(environment: NodeJS.ProcessEnv) {
  const [notes, sent]: [string[], string[]] = [[], []];
  const notifier = new ServiceNotifier(
    (note) => notes.push(note),
    environment,
    (_, message) => sent.push(message),
  );
  return { notifier, notes, sent };
}

test("nothing is left for children", () => {
  const environment = { NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "1000", WATCHDOG_PID: "1", PATH: "/bin" };
  notifierIn(environment);
  expect(environment).toEqual({ PATH: "/bin" });
});

test("without a service manager nothing is sent", () => {
  const { notifier, notes, sent } = notifierIn({ WATCHDOG_USEC: "1000" });
  notifier.ready();
  notifier.keepAlive(() => true);
  expect([notifier.watchdogMilliseconds, notes, sent]).toEqual([undefined, [], []]);
});

test("an address that is no local socket is told of, and left alone", () => {
  for (const address of ["vsock:2:1234", "relative", "/", "@"]) {
    const { notifier, notes, sent } = notifierIn({ NOTIFY_SOCKET: address });
    notifier.ready();
    expect([notes.length, sent]).toEqual([1, []]);
  }
});

test("the watchdog is the one of this process, with a time", () => {
  const interval = (rest: NodeJS.ProcessEnv) =>
    notifierIn({ NOTIFY_SOCKET: "@x", ...rest }).notifier.watchdogMilliseconds;
  expect(interval({ WATCHDOG_USEC: "2000000" })).toBe(2000);
  expect(interval({ WATCHDOG_USEC: "2000000", WATCHDOG_PID: String(process.pid) })).toBe(2000);
  expect(interval({ WATCHDOG_USEC: "2000000", WATCHDOG_PID: "1" })).toBeUndefined();
  for (const wrong of ["0", "-1", "x", "1e3", ""]) expect(interval({ WATCHDOG_USEC: wrong })).toBeUndefined();
});

test("a service that is not healthy does not say that it lives", () => {
  const { notifier, sent } = notifierIn({ NOTIFY_SOCKET: "@x", WATCHDOG_USEC: "3600000000" });
  notifier.keepAlive(() => false);
  notifier.close();
  expect(sent).toEqual([]);
});
