/** The control protocols of PPP: the kind of a message (RFC 1661, 1332, 1334, 1962, 1994). */
import type { Printer } from "./line.ts";
import { namesOf } from "./names.ts";

const codeName = namesOf(
  {
    0: "Vend-Ext",
    1: "Conf-Request",
    2: "Conf-Ack",
    3: "Conf-Nack",
    4: "Conf-Reject",
    5: "Term-Request",
    6: "Term-Ack",
    7: "Code-Reject",
    8: "Prot-Reject",
    9: "Echo-Request",
    10: "Echo-Reply",
    11: "Discard-Request",
    12: "Identification",
    13: "Time-Remaining",
  },
  "Unknown Opcode",
);

/** Prints text such as `LCP, Conf-Request (0x01), id 1, length 10`. */
export function printControlProtocol(name: string): Printer {
  return (line, at, length) => {
    line.protocol = name.toLowerCase();
    line.need(at, 4);
    const code = line.u8(at);
    line.add(
      `${name}, ${codeName(code)} (0x${code.toString(16).padStart(2, "0")}), id ${line.u8(at + 1)}, length ${length + 2}`,
    );
  };
}
