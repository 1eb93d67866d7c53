/** Routing and redundancy protocols: the kind of a message of OSPF, EIGRP, PIM and VRRP. */
import type { IpHeader } from "./ip-fields.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const ospfName = namesOf(
  { 1: "Hello", 2: "Database Description", 3: "LS-Request", 4: "LS-Update", 5: "LS-Ack" },
  "unknown LS-type %d",
);

/** Prints text such as `OSPFv2, Hello, length 44`. */
export function printOspf(line: Line, at: number, length: number): void {
  line.protocol = "ospf2";
  const version = line.u8(at);
  if (version === 3) line.protocol = "ospf3";
  line.need(at, version === 2 ? 24 : 16);
  const type = line.u8(at + 1);
  line.add(`OSPFv${version}, ${ospfName(type)}, length ${length}`);
}

const eigrpName = namesOf(
  { 1: "Update", 3: "Query", 4: "Reply", 5: "Hello", 6: "IPX SAP", 7: "Probe" },
  "unknown (%d)",
);

/** Prints text such as `EIGRP Hello, length: 40`. */
export function printEigrp(line: Line, at: number, length: number): void {
  line.protocol = "eigrp";
  line.need(at, 20);
  const version = line.u8(at);
  if (version !== 2) return line.add(`EIGRP version ${version} packet not supported`);
  line.add(`EIGRP ${eigrpName(line.u8(at + 1))}, length: ${length}`);
}

const pimName = namesOf(
  {
    0: "Hello",
    1: "Register",
    2: "Register Stop",
    3: "Join / Prune",
    4: "Bootstrap",
    5: "Assert",
    6: "Graft",
    7: "Graft Acknowledgement",
    8: "Candidate RP Advertisement",
    9: "Prune Refresh",
    10: "DF Election",
    11: "ECMP Redirect",
  },
  "Unknown Type",
);

/** Prints text such as `PIMv2, Hello, length 30`. */
export function printPim(line: Line, at: number, length: number): void {
  line.protocol = "pim";
  const first = line.u8(at);
  const version = first >> 4;
  if (version !== 2) return line.add(`PIMv${version}, length ${length}`);
  line.add(`PIMv2, ${pimName(first & 0xf)}, length ${length}`);
}

/** Prints text such as `VRRPv2, Advertisement, vrid 1, prio 100, authtype none, intvl 1s, length 20`. */
export function printVrrp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "vrrp";
  const first = line.u8(at);
  const version = first >> 4;
  line.add(`VRRPv${version}, ${(first & 0xf) === 1 ? "Advertisement" : `unknown type (${first & 0xf})`}`);
  if (header.timeToLive !== 255) line.add(`, (ttl ${header.timeToLive})`);
  if (version < 2 || version > 3 || (first & 0xf) !== 1) return;
  line.add(`, vrid ${line.u8(at + 1)}, prio ${line.u8(at + 2)}`);
  const authentication = line.u8(at + 4);
  if (version === 2) {
    if (authentication !== 0)
      line.add(
        `, authtype ${authentication === 1 ? "simple" : authentication === 2 ? "ah" : `type#${authentication}`}`,
      );
    else line.add(", authtype none");
    line.add(`, intvl ${line.u8(at + 5)}s, length ${length}`);
  } else {
    line.add(`, intvl ${(line.u16(at + 4) & 0xfff) * 10}ms`.replace(/ (\d+)0ms/, (_, value) => ` ${value}cs`));
    line.add(`, length ${length}`);
  }
}
