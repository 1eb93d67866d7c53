/** Protocols that configure networks and access points, by their kind only: AHCP, HNCP (RFC 7788), LWAPP (RFC 5412). */
import type { Line } from "./line.ts";
import { bitNames, namesOf } from "./names.ts";

/** Prints text such as `AHCP Version 1`. */
export function printAhcp(line: Line, at: number, length: number): void {
  line.protocol = "ahcp";
  line.add("AHCP");
  if (length < 2) return line.mark();
  if (line.u8(at) !== 43) return line.invalid();
  line.add(` Version ${line.u8(at + 1)}`);
  line.need(at, 24);
}

const hncpName = namesOf(
  {
    0: "Reserved",
    1: "Request network state",
    2: "Request node state",
    3: "Node endpoint",
    4: "Network state",
    5: "Node state",
    8: "Peer",
    9: "Keep-alive interval",
    10: "Trust-Verdict",
  },
  "Future use",
);

/** Prints text such as `hncp (24) Node endpoint, Network state`. */
export function printHncp(line: Line, at: number, length: number): void {
  line.protocol = "hncp";
  line.add(`hncp (${length})`);
  let place = at;
  let previous = -1;
  let repeated = 1;
  while (place + 4 <= at + length) {
    const type = line.u16(place);
    const size = line.u16(place + 2);
    if (place + 4 + size > at + length) return line.mark();
    line.need(place, 4 + size);
    if (type === previous) repeated++;
    else {
      if (repeated > 1) line.add(` (x${repeated})`);
      line.add(`${previous < 0 ? " " : ", "}${hncpName(type)}`);
      repeated = 1;
    }
    previous = type;
    place += 4 + Math.ceil(size / 4) * 4;
  }
  if (repeated > 1) line.add(` (x${repeated})`);
}

const LWAPP_CONTROL_PORT = 12223;
const LWAPP_FLAGS = [
  [4, "Control Bit"],
  [2, "Fragment Bit"],
  [1, "Last Fragment Bit"],
] as const;

/** Prints text such as `LWAPPv0, Data frame, Flags [none], length 30`. */
export function printLwapp(line: Line, at: number, length: number): void {
  line.protocol = "lwapp";
  // A message to the controller begins with the hardware address of the access point.
  const first = line.u8(line.u16(at - 6) === LWAPP_CONTROL_PORT ? at + 6 : at);
  const isControl = (first & 4) !== 0;
  line.add(`LWAPPv${first >> 6}, ${isControl ? "Control" : "Data"} frame, `);
  line.add(`Flags [${bitNames(LWAPP_FLAGS, first & 7, "none")}], length ${length}`);
}
