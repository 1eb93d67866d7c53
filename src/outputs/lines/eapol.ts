/** EAP over LAN (IEEE 802.1X). */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const typeName = namesOf(
  { 0: "EAP packet", 1: "EAPOL start", 2: "EAPOL logoff", 3: "EAPOL key", 4: "Encap ASF alert" },
  "unknown",
);

/** Prints text such as `EAP packet (0) v1, len 5`. */
export function printEapol(line: Line, at: number, length: number): void {
  line.protocol = "eap";
  if (length < 4) return line.mark();
  line.need(at, 4);
  const type = line.u8(at + 1);
  line.add(`${typeName(type)} (${type}) v${line.u8(at)}, len ${line.u16(at + 2)}`);
}
