import { formatHex, TCP_FLAGS, type TcpHeader, type TcpOption } from "../../pcap-parser/index.ts";
import { type LineContext, lengthFrom } from "./context.ts";

const SMALLEST_HEADER = 20;

/** In the order in which tcpdump writes them. */
const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [TCP_FLAGS.fin, "F"],
  [TCP_FLAGS.syn, "S"],
  [TCP_FLAGS.rst, "R"],
  [TCP_FLAGS.psh, "P"],
  [TCP_FLAGS.ack, "."],
  [TCP_FLAGS.urg, "U"],
  [TCP_FLAGS.ece, "E"],
  [TCP_FLAGS.cwr, "W"],
  [TCP_FLAGS.ae, "e"],
];

/** One text per value of the nine flags. */
const FLAG_TEXTS = Array.from({ length: 0x200 }, (_, flags) => {
  const text = FLAG_LETTERS.map(([bit, letter]) => ((flags & bit) !== 0 ? letter : "")).join("");
  return text === "" ? "none" : text;
});

/** `Flags [S], seq 1, win 64240, options [mss 1460], length 0`, with absolute sequence numbers. */
export function formatTcp(context: LineContext): string {
  const { packet } = context;
  const { tcp } = packet;
  if (tcp === undefined) return packet.ports === undefined ? "[|tcp]" : " [|tcp]";

  const available = lengthFrom(context, tcp.offset);
  const flags = `Flags [${FLAG_TEXTS[tcp.flags & 0x1ff]}]`;
  if (tcp.headerLength < SMALLEST_HEADER) {
    const length = available - tcp.headerLength;
    return ` tcp ${length} [bad hdr length ${tcp.headerLength} - too short, < ${SMALLEST_HEADER}]`;
  }
  if (tcp.headerLength > available) {
    const start = context.quiet ? "tcp 0" : flags;
    return `${start} [bad hdr length ${tcp.headerLength} - too long, > ${available}]`;
  }
  const length = available - tcp.headerLength;
  if (context.quiet) return `tcp ${length}`;

  const isSet = (flag: number) => (tcp.flags & flag) !== 0;
  let text = flags + sequenceText(tcp, length);
  if (isSet(TCP_FLAGS.ack)) text += `, ack ${tcp.acknowledgementNumber}`;
  text += `, win ${tcp.window}`;
  if (isSet(TCP_FLAGS.urg)) text += `, urg ${tcp.urgentPointer}`;
  if (tcp.headerLength > SMALLEST_HEADER) text += `, options [${optionsText(context, tcp)}]`;
  return `${text}, length ${length}`;
}

/** Nothing for a segment that takes no sequence numbers. */
function sequenceText(tcp: TcpHeader, length: number): string {
  const { sequenceNumber } = tcp;
  if (length > 0) return `, seq ${sequenceNumber}:${(sequenceNumber + length) >>> 0}`;
  const occupies = TCP_FLAGS.syn | TCP_FLAGS.fin | TCP_FLAGS.rst;
  return (tcp.flags & occupies) !== 0 ? `, seq ${sequenceNumber}` : "";
}

function optionsText(context: LineContext, tcp: TcpHeader): string {
  const texts = tcp.options.map(optionText);
  const { problem } = context.packet;
  if (problem !== undefined) texts.push(problem.reason === "truncated" ? "[|tcp]" : "[bad opt]");
  return texts.join(",");
}

function optionText(option: TcpOption): string {
  switch (option.name) {
    case "end":
      return "eol";
    case "noOperation":
      return "nop";
    case "maximumSegmentSize":
      return `mss ${option.value}`;
    case "windowScale":
      return `wscale ${option.shift}`;
    case "sackPermitted":
      return "sackOK";
    case "sack":
      return `sack ${option.blocks.length} ${option.blocks.map(({ left, right }) => `{${left}:${right}}`).join("")}`;
    case "timestamps":
      return `TS val ${option.value} ecr ${option.echoReply}`;
    case "other":
      return otherOptionText(option.kind, option.data);
  }
}

/** Kind 34 is TCP Fast Open (RFC 7413); 254 is for experiments, told apart by their first two bytes (RFC 6994). */
function otherOptionText(kind: number, data: Uint8Array): string {
  if (kind === 254 && data.length >= 2) return `exp-${formatHex(data.subarray(0, 2))}`;
  if (kind === 34) return data.length === 0 ? "tfo  cookiereq" : `tfo  cookie ${formatHex(data)}`;
  return data.length === 0 ? `unknown-${kind}` : `unknown-${kind} 0x${formatHex(data)}`;
}
