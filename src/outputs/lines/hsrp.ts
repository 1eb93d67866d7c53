/** Cisco's hot standby router protocol (RFC 2281). */
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { caretText } from "./text.ts";

const operationName = namesOf({ 0: "hello", 1: "coup", 2: "resign" }, "unknown (%d)");
const stateName = namesOf(
  { 0: "initial", 1: "learn", 2: "listen", 4: "speak", 8: "standby", 16: "active" },
  "Unknown (%d)",
);

/** Prints text such as `HSRPv0-hello 20: state=active group=1 addr=192.0.2.1`. */
export function printHsrp(line: Line, at: number, length: number): void {
  line.protocol = "hsrp";
  const version = line.u8(at);
  line.add(`HSRPv${version}`);
  if (version !== 0) return;
  line.add(`-${operationName(line.u8(at + 1))} ${length}: `);
  line.add(`state=${stateName(line.u8(at + 2))} `);
  line.add(`group=${line.u8(at + 6)} `);
  if (line.u8(at + 7) !== 0) line.add(`reserved=0x${line.u8(at + 7).toString(16)} `);
  line.add(`addr=${ipv4At(line, at + 16)}`);
  if (line.flags.verbose === 0) return;
  const secret = line.slice(at + 8, 8);
  line.add(` hellotime=${line.u8(at + 3)}s holdtime=${line.u8(at + 4)}s priority=${line.u8(at + 5)}`);
  if (secret.some((byte) => byte !== 0)) line.add(` auth="${caretText(secret.subarray(0, textLength(secret)))}"`);
}

function textLength(bytes: Uint8Array): number {
  const zero = bytes.indexOf(0);
  return zero < 0 ? bytes.length : zero;
}
