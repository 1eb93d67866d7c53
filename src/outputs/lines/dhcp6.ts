/** DHCPv6 (RFC 8415). */

import { printDhcp6Options } from "./dhcp6-options.ts";
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;

const messageName = namesOf(
  {
    1: "solicit",
    2: "advertise",
    3: "request",
    4: "confirm",
    5: "renew",
    6: "rebind",
    7: "reply",
    8: "release",
    9: "decline",
    10: "reconf",
    11: "inf-req",
    12: "relay-fwd",
    13: "relay-reply",
    14: "leasequery",
    15: "leasequery-reply",
    16: "leasequery-done",
    17: "leasequery-data",
    20: "dhcpv4-query",
    21: "dhcpv4-response",
  },
  "msgtype-%d",
);

/**
 * Prints text such as `dhcp6 solicit`, with the options of the message when -v is given.
 *
 * @param depth the number of relayed messages that the message is in
 */
export function printDhcp6(line: Line, at: number, length: number, depth = 0): void {
  line.protocol = "dhcp6";
  line.add("dhcp6");
  line.need(at, 4);
  const type = line.u8(at);
  line.add(` ${messageName(type)}`);
  if (line.flags.verbose === 0) return;
  if (type === RELAY_FORWARD || type === RELAY_REPLY) {
    line.add(` (linkaddr=${ipv6At(line, at + 2)} peeraddr=${ipv6At(line, at + 18)}`);
    printDhcp6Options(line, at + 34, length - 34, { depth, printMessage: printDhcp6 });
  } else {
    line.add(` (xid=${line.u24(at + 1).toString(16)}`);
    printDhcp6Options(line, at + 4, length - 4, { depth, printMessage: printDhcp6 });
  }
  line.add(")");
}
