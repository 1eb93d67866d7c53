/** The options of neighbour discovery (RFC 4861, 8106), which -v shows. */
import { formatHardwareAddress, formatHex } from "../../pcap-parser/index.ts";
import { ipv6At } from "./ip-header.ts";
import { readLabels } from "./labels.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const optionName = namesOf(
  {
    1: "source link-address",
    2: "destination link-address",
    3: "prefix info",
    4: "redirected header",
    5: "mtu",
    7: "advertisement interval",
    8: "homeagent information",
    24: "route info",
    25: "rdnss",
    31: "dnssl",
  },
  "unknown",
);

const PREFIX_FLAGS = [
  [0x80, "onlink"],
  [0x40, "auto"],
  [0x20, "router"],
] as const;

/** Prints text such as `\n\t  source link-address option (1), length 8 (1): 02:00:00:00:00:01`. */
export function printIcmp6Options(line: Line, start: number, length: number): void {
  let at = start;
  while (at < start + length) {
    const kind = line.u8(at);
    const units = line.u8(at + 1);
    const size = units * 8;
    line.add(`\n\t  ${optionName(kind)} option (${kind}), length ${size} (${units}): `);
    if (size === 0) return line.add(" (invalid)");
    line.need(at, size);
    printOption(line, kind, at, size);
    at += size;
  }
}

function lifetime(value: number): string {
  return value === 0xffffffff ? "infinity" : `${value}s`;
}

function printOption(line: Line, kind: number, at: number, size: number): void {
  switch (kind) {
    case 1:
    case 2:
      line.add(formatHardwareAddress(line.bytes, at + 2, size - 2));
      return;
    case 3: {
      const flags = PREFIX_FLAGS.filter(([bit]) => (line.u8(at + 3) & bit) !== 0).map(([, name]) => name);
      line.add(`${ipv6At(line, at + 16)}/${line.u8(at + 2)}`);
      line.add(
        `${line.u8(at + 2) > 128 ? " (invalid)" : ""}, Flags [${flags.length === 0 ? "none" : flags.join(", ")}]`,
      );
      line.add(`, valid time ${lifetime(line.u32(at + 4))}, pref. time ${lifetime(line.u32(at + 8))}`);
      return;
    }
    case 5:
      line.add(` ${line.u32(at + 4)}${size === 8 ? "" : `, bad option length ${size / 8}`}`);
      return;
    case 25:
      line.add(` lifetime ${line.u32(at + 4)}s,`);
      for (let place = at + 8; place + 16 <= at + size; place += 16) line.add(` addr: ${ipv6At(line, place)}`);
      return;
    case 8:
      line.add(` preference ${line.u16(at + 4)}, lifetime ${line.u16(at + 6)}`);
      return;
    case 31: {
      line.add(` lifetime ${line.u32(at + 4)}s, domain(s):`);
      for (let place = at + 8; place < at + size && line.u8(place) !== 0; ) {
        const name = readLabels(line, place, at + size);
        line.add(` ${name.text}`);
        place = name.next;
      }
      return;
    }
    case 7:
      line.add(` ${line.u32(at + 4)}ms`);
      return;
    default:
      for (let place = at + 2; place < at + size; place += 16) {
        const row = line.slice(place, Math.min(16, at + size - place));
        const words = formatHex(row).match(/.{1,4}/g) ?? [];
        line.add(`\n\t  0x${(place - at - 2).toString(16).padStart(4, "0")}:  ${words.join(" ")}`);
      }
  }
}
