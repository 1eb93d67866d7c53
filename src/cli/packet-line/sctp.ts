import { hex, type LineContext } from "./context.ts";

/** RFC 9260, section 3.2. */
const CHUNK_NAMES = [
  "DATA",
  "INIT",
  "INIT ACK",
  "SACK",
  "HB REQ",
  "HB ACK",
  "ABORT",
  "SHUTDOWN",
  "SHUTDOWN ACK",
  "OP ERR",
  "COOKIE ECHO",
  "COOKIE ACK",
  "ECN ECHO",
  "CWR",
  "SHUTDOWN COMPLETE",
];

/** `sctp (1) [COOKIE ECHO]`: how many chunks, and which. */
export function formatSctp(context: LineContext): string {
  const { sctp, problem } = context.packet;
  if (sctp === undefined) return "[|sctp]";
  const chunks = sctp.chunks.map((chunk, index) => {
    return `(${index + 1}) [${CHUNK_NAMES[chunk.type] ?? `Unknown chunk type: ${hex(chunk.type, 2)}`}]`;
  });
  if (problem !== undefined) chunks.push("[|sctp]");
  return ["sctp", ...chunks].join(" ");
}
