import { expect, test } from "vitest";
import { planChecks } from "../../../src/explain/plan.ts";

test("checks come in the order in which the capture program makes them", () => {
  const checks = planChecks({
    network: "10.0.0.0/8",
    sourceHost: "192.0.2.1",
    destinationPort: "80",
    port: "443",
    tcpFlags: "syn,!ack",
    protocol: "tcp",
    ipVersion: 4,
    vlan: 5,
  });
  const order = ["--vlan", "-4", "--proto", "--tcp-flags", "--port", "--dst-port", "--src-host", "--net"];
  expect(checks.map(({ option }) => option)).toEqual(order);
});

test("lists say what they hold and how much", () => {
  expect(planChecks({ port: "80,443,8000-8100,80" })).toEqual([
    {
      option: "--port",
      condition: "the source or destination port is 80, 443, 8000-8100 or 80",
      set: "103 of 65536 bits of a set",
    },
  ]);
  expect(planChecks({ sourceNetwork: ["10.0.0.0/8", "2001:db8::/32"] })).toEqual([
    {
      option: "--src-net",
      condition: "the source address is in 10.0.0.0/8 or 2001:db8::/32",
      set: "2 prefixes in a longest-prefix trie",
    },
  ]);
});

test("long lists are not written out", () => {
  const [check] = planChecks({ destinationPort: Array.from({ length: 100 }, (_, port) => port) });
  expect(check?.condition).toBe("the destination port is 0, 1, 2, 3, 4, 5, 6, 7 or 92 more");
});

test("flags are shown as what is compared", () => {
  expect(planChecks({ tcpFlags: "syn,!ack" })[0]?.condition).toBe("the TCP flags & 0x12 are 0x02 (syn,!ack)");
});
