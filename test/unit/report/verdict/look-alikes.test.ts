/** Traffic that was taken for something else: of each pair, what looks like the other one. */
import { expect, test } from "vitest";
import { WHOLE } from "../../../traffic/degrade.ts";
import { Dice } from "../../../traffic/dice.ts";
import { judge } from "../../../traffic/judge.ts";
import { SYN, type TrafficPacket, tcp, udp } from "../../../traffic/packet.ts";
import { ORDINARY } from "../../../traffic/scene.ts";

const TARGET = 0x05060708;
const DNS = 53;

async function verdictOf(count: number, make: (index: number, dice: Dice) => TrafficPacket) {
  const dice = new Dice(7);
  const packets = Array.from({ length: count }, (_, index) => make(index, dice));
  return judge({ kind: "made here", packets, label: ORDINARY, degradation: WHOLE, isIpv6: false });
}

test("many calls, seen in one direction, are no flood of all ports", async () => {
  const verdict = await verdictOf(6000, (index, dice) => {
    const call = dice.whole(0, 99);
    return udp(index / 5000, 0x0a010100 + call, 10_000 + 2 * call, TARGET, 20_000 + 2 * call, 172, 60);
  });
  expect(verdict.kind).toBe("none");
});

test("datagrams from ever other addresses, which a server would repeat, are a flood although they are from the port of DNS", async () => {
  const verdict = await verdictOf(6000, (index, dice) =>
    udp(index / 20_000, dice.address(), DNS, TARGET, dice.port(), 30, dice.whole(30, 64)),
  );
  expect(verdict).toMatchObject({ kind: "udp-flood", target: { address: "5.6.7.8" } });
});

test("small answers of servers that answer again and again are ordinary", async () => {
  const verdict = await verdictOf(6000, (index, dice) => {
    const server = 0x0b000000 + dice.whole(0, 599);
    return udp(index / 500, server, DNS, TARGET, dice.port(), 140, 40 + (server % 20));
  });
  expect(verdict.kind).toBe("none");
});

test("a scan of more addresses than a network of 24 bits has is told of the wider one", async () => {
  const scanner = 0xc6336407;
  const verdict = await verdictOf(3000, (index) =>
    tcp(index / 2000, { from: scanner, fromPort: 40_000, to: 0xcb000000 + index, toPort: 23 }, SYN),
  );
  expect(verdict).toMatchObject({ kind: "host-scan", target: { address: "203.0.0.0/16", port: 23 } });
});

test("slow attempts of one machine that are never followed may be a flood, which is said with doubt", async () => {
  const verdict = await verdictOf(1500, (index) =>
    tcp(index / 50, { from: 0xcb007107, fromPort: 32_768 + (index % 20_000), to: TARGET, toPort: 443 }, SYN),
  );
  expect(verdict).toMatchObject({ kind: "syn-flood", confidence: 0.5 });
  expect(verdict.reasons.join(" ")).toContain("health checks, and clients of a service that is down, look alike");
});
