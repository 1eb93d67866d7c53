/** Protocols that begin with a line of text: HTTP, RTSP, SMTP, FTP, SSH. */
import type { Line, Printer } from "./line.ts";
import { caretText } from "./text.ts";

const SSH_START = Buffer.from("SSH-");
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const TAB = 9;

/** The first words of requests in protocols that may carry anything else. */
const REQUESTS: Readonly<Record<string, ReadonlySet<string>>> = {
  http: words(
    "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE",
    "NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH",
    "UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL",
  ),
  rtsp: words("OPTIONS DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD"),
  sip: words("REGISTER INVITE ACK BYE CANCEL OPTIONS PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE"),
};

function words(...texts: string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => text.split(" ")));
}

/** Prints text such as `: HTTP: GET / HTTP/1.1`, or all lines when -v is given. */
export function printTextProtocol(protocol: string, before = ": "): Printer {
  const requests = REQUESTS[protocol];
  return (line, at, length) => {
    line.protocol = protocol;
    line.add(before + protocol.toUpperCase());
    if (requests !== undefined && !isStartLine(line, at, length, requests)) return;
    if (line.flags.verbose === 0) {
      addLine(line, ": ", at, at + length);
      return;
    }
    line.add(`, length: ${length}`);
    for (let next: number | undefined = at; next !== undefined && next < at + length; ) {
      next = addLine(line, "\n\t", next, at + length);
    }
  };
}

/** Prints a line of SSH if it is whole and printable. SSH is text up to the exchange of keys. */
export function printSsh(line: Line, at: number, length: number): void {
  line.protocol = "ssh";
  for (const [index, byte] of SSH_START.entries()) {
    if (index >= length || line.u8(at + index) !== byte) return;
  }
  for (let next = at; next < at + length; next++) {
    const byte = line.u8(next);
    if (byte === NEWLINE || byte === CARRIAGE_RETURN) {
      return line.add(`: SSH: ${caretText(line.bytes.subarray(at, next))}`);
    }
    if (byte < 0x20 || byte > 0x7e) return;
  }
}

/**
 * Prints one line of text, unless it is binary.
 *
 * @returns the offset at which the next line begins, if this one was whole
 */
function addLine(line: Line, prefix: string, start: number, end: number): number | undefined {
  for (let at = start; at < end; at++) {
    const byte = line.u8(at);
    if (byte === NEWLINE || byte === CARRIAGE_RETURN) {
      if (byte === CARRIAGE_RETURN && (at + 1 >= end || line.u8(at + 1) !== NEWLINE)) return undefined;
      line.add(prefix + caretText(line.bytes.subarray(start, at)));
      return byte === NEWLINE ? at + 1 : at + 2;
    }
    if ((byte < 0x20 && byte !== TAB) || byte > 0x7e) return undefined;
  }
  line.add(prefix + caretText(line.bytes.subarray(start, end)));
  line.mark();
  return undefined;
}

/**
 * Whether a line begins a message: a request begins with a known word, and an answer with a version and a code of three
 * digits.
 */
function isStartLine(line: Line, at: number, length: number, requests: ReadonlySet<string>): boolean {
  const shown = line.bytes.subarray(at, Math.min(at + length, line.end, at + 64));
  const [first = "", second = ""] = Buffer.from(shown)
    .toString("latin1")
    .split(/[ \t\r\n]+/);
  return requests.has(first) || /^\d{3}$/.test(second);
}
