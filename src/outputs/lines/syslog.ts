/** Syslog over UDP (RFC 3164). */
import type { Line } from "./line.ts";
import { escapedText } from "./text.ts";

const FACILITIES = [
  "kernel",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
];
const MORE_FACILITIES = [
  "ntp",
  "security",
  "console",
  "cron",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
];
const ALL = [...FACILITIES, ...MORE_FACILITIES, "local6", "local7"];
const SEVERITIES = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];
const LONGEST_PRIORITY = 4;

/** Prints text such as `SYSLOG daemon.info, length: 65`, with the message when verbose. */
export function printSyslog(line: Line, at: number, length: number): void {
  line.protocol = "syslog";
  let priority = 0;
  let place = 0;
  if (line.u8(at) === 0x3c) {
    for (place = 1; place < LONGEST_PRIORITY; place++) {
      const digit = line.u8(at + place) - 0x30;
      if (digit < 0 || digit > 9) break;
      priority = priority * 10 + digit;
    }
    if (line.u8(at + place) === 0x3e) place++;
    else return line.invalid();
  } else return line.invalid();
  const severity = SEVERITIES[priority & 7];
  const facility = ALL[priority >> 3] ?? `unknown (${priority >> 3})`;
  if (line.flags.verbose < 1) return line.add(`SYSLOG ${facility}.${severity}, length: ${length}`);
  line.add(
    `SYSLOG, length: ${length}\n\tFacility ${facility} (${priority >> 3}), Severity ${severity} (${priority & 7})`,
  );
  line.add("\n\tMsg: ");
  line.add(escapedText(line.bytes.subarray(at + place, Math.min(at + length, line.end))));
}
