import { expect, test } from "vitest";
import { filterText } from "../../../src/filter/filter-text.ts";

test("a filter is told as it is typed on the command line, the expression last", () => {
  const options = {
    expression: "tcp",
    ipVersion: 6,
    port: "80,81",
    sourcePort: 1,
    destinationPort: 2,
    tcpFlags: "syn,!ack",
    protocol: "tcp",
    sourceHost: ["2001:db8::1", "2001:db8::2"],
    destinationNetwork: "2001:db8::/32",
    pid: 7,
    comm: "nginx",
  } as const;
  expect(filterText(options)).toBe(
    "--port 80,81 --src-port 1 --dst-port 2 --tcp-flags syn,!ack --proto tcp --src-host 2001:db8::1,2001:db8::2 " +
      "--dst-net 2001:db8::/32 --pid 7 --comm nginx -6 tcp",
  );
});

test("an expression alone is nothing but itself, and no filter has no text", () => {
  expect(filterText({ expression: "udp port 53" })).toBe("udp port 53");
  expect(filterText({ expression: " " })).toBeUndefined();
  expect(filterText({})).toBeUndefined();
});
