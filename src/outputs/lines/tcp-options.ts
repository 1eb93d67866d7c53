/** The options of TCP. */
import { formatHex } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { printMptcp } from "./mptcp.ts";
import { hex } from "./names.ts";

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "eol"],
  [1, "nop"],
  [2, "mss"],
  [3, "wscale"],
  [4, "sackOK"],
  [5, "sack"],
  [6, "echo"],
  [7, "echoreply"],
  [8, "TS"],
  [11, "cc"],
  [12, "ccnew"],
  [13, ""],
  [19, "md5"],
  [20, "scps"],
  [28, "uto"],
  [29, "tcp-ao"],
  [30, "mptcp"],
  [34, "tfo"],
  [254, "exp"],
]);

/** The fault of an option that cannot be read. It ends the list of options, but not the line. */
type Fault = "bad" | undefined;

/**
 * Prints text such as `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7`.
 *
 * @param sackBase the number that is subtracted from the numbers of selective acknowledgements
 */
export function printTcpOptions(
  line: Line,
  start: number,
  total: number,
  sackBase: number,
  flags: number,
  dataLength: number,
): void {
  const end = start + total;
  let separator = "";
  for (let at = start; at < end; ) {
    line.add(separator);
    separator = ",";
    const kind = line.u8(at);
    if (kind < 2) {
      line.add(NAMES.get(kind) ?? "");
      if (kind === 0) return;
      at += 1;
      continue;
    }
    const length = at + 1 < end ? line.u8(at + 1) : 0;
    if (length < 2 || at + length > end) return endBad(line, at === start);
    line.add(NAMES.get(kind) ?? `unknown-${kind}`);
    if (!line.has(at, length)) return endCut(line, at === start);
    const fault = printOption(line, kind, at + 2, length, sackBase, flags, dataLength);
    if (fault === "bad") return endBad(line, at === start);
    at += length;
  }
}

/** Closes a list that is cut in its second option or in a later one, with the sign that tcpdump uses. */
function endCut(line: Line, isFirst: boolean): never {
  if (isFirst) line.cut();
  line.add(" [|tcp]>");
  return line.stop();
}

/** Closes a list with an option that cannot be read. */
function endBad(line: Line, isFirst: boolean): never {
  line.add(isFirst ? "[bad opt]" : "[bad opt]]");
  return line.stop();
}

function printOption(
  line: Line,
  kind: number,
  at: number,
  length: number,
  sackBase: number,
  flags: number,
  dataLength: number,
): Fault {
  const size = length - 2;
  const expected = kind === 2 ? 2 : kind === 3 ? 1 : kind === 8 ? 8 : kind === 4 ? 0 : kind === 28 ? 2 : undefined;
  if (expected !== undefined && size !== expected) return "bad";
  switch (kind) {
    case 2:
      line.add(` ${line.u16(at)}`);
      return undefined;
    case 3:
      line.add(` ${line.u8(at)}`);
      return undefined;
    case 4:
      return undefined;
    case 5:
      if (size % 8 !== 0) {
        line.add("malformed sack ");
        line.add(`[len ${size}] `);
        return undefined;
      }
      line.add(` ${size / 8} `);
      for (let block = at; block < at + size; block += 8) {
        line.add(`{${(line.u32(block) - sackBase) >>> 0}:${(line.u32(block + 4) - sackBase) >>> 0}}`);
      }
      return undefined;
    case 8:
      line.add(` val ${line.u32(at)} ecr ${line.u32(at + 4)}`);
      return undefined;
    case 6:
    case 7:
    case 11:
    case 12:
    case 13:
      if (size < 4) line.add(` 0[len ${length}]`);
      else line.add(` ${line.u32(at)}`);
      return undefined;
    case 19:
      if (size !== 16) return "bad";
      line.add(` shared secret not supplied with -M, can't check - ${formatHex(line.slice(at, 16))}`);
      return undefined;
    case 28: {
      // The lowest of the bits that tcpdump reads says whether the others are minutes (RFC 5482).
      const timeout = line.u16(at);
      line.add(` ${hex(timeout)} ${(timeout & 1) === 0 ? timeout >> 1 : (timeout >> 1) * 60}`);
      return undefined;
    }
    case 29:
      line.add(
        size < 2
          ? ""
          : ` keyid ${line.u8(at)} rnextkeyid ${line.u8(at + 1)} mac 0x${formatHex(line.slice(at + 2, size - 2))}`,
      );
      return size < 2 ? "bad" : undefined;
    case 30:
      return printMptcp(line, at, length, flags, dataLength) ? undefined : "bad";
    case 34:
      addFastOpen(line, at, size, "  ");
      return undefined;
    case 254:
      return printExperiment(line, at, size);
    default:
      if (size > 0) line.add(` 0x${formatHex(line.slice(at, size))}`);
      return undefined;
  }
}

/** Prints TCP Fast Open (RFC 7413). */
function addFastOpen(line: Line, at: number, size: number, separator: string): void {
  if (size === 0) line.add(`${separator}cookiereq`);
  else line.add(`${separator}cookie ${formatHex(line.slice(at, size))}`);
}

/** Prints an option for experiments. Its first two bytes say which experiment it is of (RFC 6994). */
function printExperiment(line: Line, at: number, size: number): Fault {
  if (size < 2) return "bad";
  const identifier = line.u16(at);
  line.add("-");
  if (identifier === 0xf989) {
    line.add("tfo");
    addFastOpen(line, at + 2, size - 2, " ");
  } else {
    line.add(identifier.toString(16).padStart(4, "0"));
  }
  return undefined;
}
