/** ICMP (RFC 792, 950, 1191, 1256, 1812). */
import { rightChecksum, sumOf } from "./checksum.ts";
import type { IpHeader } from "./ip-fields.ts";
import { ipv4At } from "./ip-header.ts";
import { printIpv4 } from "./ipv4.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";

const UNREACHABLE_TYPE = 3;
const QUOTING: ReadonlySet<number> = new Set([UNREACHABLE_TYPE, 4, 5, 11, 12]);

/** The texts of codes; `%` stands for the destination of the packet that could not be delivered. */
const UNREACHABLE = [
  "net % unreachable",
  "host % unreachable",
  "",
  "",
  "",
  "% unreachable - source route failed",
  "net % unreachable - unknown",
  "host % unreachable - unknown",
  "% unreachable - source host isolated",
  "net % unreachable - admin prohibited",
  "host % unreachable - admin prohibited",
  "net % unreachable - tos prohibited",
  "host % unreachable - tos prohibited",
  "host % unreachable - admin prohibited filter",
  "host % unreachable - host precedence violation",
  "host % unreachable - precedence cutoff",
];

const REDIRECTS = ["redirect % to net", "redirect % to host", "redirect-tos % to net", "redirect-tos % to host"];

const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [4, "source quench"],
  [15, "information request"],
  [16, "information reply"],
  [17, "address mask request"],
]);

/** Prints text such as `ICMP echo request, id 1, seq 2, length 64`. */
export function printIcmp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "icmp";
  if (header.version === 6) {
    line.add("[ICMP requires IPv4]");
    return line.invalid();
  }
  const type = line.u8(at);
  const text = messageText(line, at, type, line.u8(at + 1));
  line.add(`ICMP ${text}, length ${length}`);
  if (line.flags.verbose === 0 || header.isFragment) return;
  if (!line.flags.uncheckedSums && line.has(at, length)) {
    const found = line.u16(at + 2);
    const sum = sumOf(line.bytes, at, at + length);
    if (sum !== 0xffff)
      line.add(` (wrong icmp cksum ${found.toString(16)} (->${rightChecksum(found, sum).toString(16)})!)`);
  }
  if (!QUOTING.has(type) || length <= 8) return;
  line.add("\n\t");
  line.protocol = "ip";
  const quoted = at + 8;
  line.need(quoted, 20);
  line.enter(printIpv4, quoted, Math.max(line.u16(quoted + 2), 0));
}

function messageText(line: Line, at: number, type: number, code: number): string {
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? "request" : "reply"}, id ${line.u16(at + 4)}, seq ${line.u16(at + 6)}`;
    case UNREACHABLE_TYPE:
      return unreachableText(line, at, code);
    case 5:
      return `${(REDIRECTS[code] ?? `redirect-#${code} % to`).replace("%", ipv4At(line, at + 24))} ${ipv4At(line, at + 4)}`;
    case 9:
      return routersText(line, at);
    case 10:
      return "router solicitation";
    case 11:
      if (code === 0) return "time exceeded in-transit";
      return code === 1 ? "ip reassembly time exceeded" : `time exceeded-#${code}`;
    case 12:
      if (code !== 0) return `parameter problem - code ${code}`;
      return `parameter problem - octet ${line.u8(at + 4)}`;
    case 13:
      return `time stamp query id ${line.u16(at + 4)} seq ${line.u16(at + 6)}`;
    case 14:
      return `time stamp reply id ${line.u16(at + 4)} seq ${line.u16(at + 6)}: ${timesText(line, at)}`;
    case 18:
      return `address mask is ${hex(line.u32(at + 8), 8)}`;
    default:
      return OTHER_TYPES.get(type) ?? `type-#${type}`;
  }
}

/** Returns milliseconds since midnight as a time of day. */
function timesText(line: Line, at: number): string {
  const time = (place: number) => {
    const value = line.u32(place);
    const hours = String(Math.floor(value / 3_600_000)).padStart(2, "0");
    const minutes = String(Math.floor(value / 60_000) % 60).padStart(2, "0");
    return `${hours}:${minutes}:${String(Math.floor(value / 1000) % 60).padStart(2, "0")}.${String(value % 1000).padStart(3, "0")}`;
  };
  return `org ${time(at + 8)}, recv ${time(at + 12)}, xmit ${time(at + 16)}`;
}

/** Returns the routers of an advertisement (RFC 1256). */
function routersText(line: Line, at: number): string {
  const count = line.u8(at + 4);
  const size = line.u8(at + 5);
  const seconds = line.u16(at + 6);
  const time =
    seconds < 60
      ? String(seconds)
      : seconds < 3600
        ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
        : `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  const start = `router advertisement lifetime ${time} ${count}:`;
  if (size !== 2) return `${start} [size ${size}]`;
  let text = start;
  for (let index = 0; index < count; index++) {
    const place = at + 8 + 8 * index;
    text += ` {${ipv4At(line, place)} ${line.u32(place + 4)}}`;
  }
  return text;
}

function unreachableText(line: Line, at: number, code: number): string {
  const quoted = at + 8;
  const destination = () => ipv4At(line, quoted + 16);
  switch (code) {
    case 2:
      return `${destination()} protocol ${line.u8(quoted + 9)} unreachable`;
    case 3: {
      const protocol = line.u8(quoted + 9);
      const ports = quoted + (line.u8(quoted) & 0xf) * 4;
      const owner = protocol === 6 ? "tcp" : protocol === 17 ? "udp" : `protocol ${protocol}`;
      return `${destination()} ${owner} port ${line.u16(ports + 2)} unreachable`;
    }
    case 4: {
      const mtu = line.u16(at + 6);
      return `${destination()} unreachable - need to frag${mtu === 0 ? "" : ` (mtu ${mtu})`}`;
    }
    default:
      return (UNREACHABLE[code] ?? `% unreachable - #${code}`).replace("%", destination());
  }
}
