/** The names that people read for the words of a report. */
import type { SpoofingReport } from "../spoofing/spoofing-report.ts";
import type { PacketClass, RateMark } from "../values.ts";
import type { Verdict, VerdictKind } from "../verdict/verdict.ts";
import { sureness } from "./numbers.ts";

const SURE_OF_NONE = 0.6;

export const CLASS_NAMES: Readonly<Record<PacketClass, string>> = {
  syn: "SYN",
  synAck: "SYN-ACK",
  rst: "RST",
  fin: "FIN",
  ack: "ACK without data",
  tcpData: "TCP with data",
  tcpOther: "other TCP",
  udp: "UDP",
  icmp: "ICMP",
  fragment: "fragments",
  otherIp: "other IP",
  notIp: "not IP",
};

export const VERDICT_NAMES: Readonly<Record<VerdictKind, string>> = {
  "syn-flood": "SYN flood",
  "syn-ack-backscatter": "SYN-ACK backscatter",
  "rst-backscatter": "RST backscatter",
  "rst-flood": "RST flood",
  "ack-flood": "ACK flood",
  "fin-flood": "FIN flood",
  "tcp-flag-flood": "flood of odd TCP flags",
  "udp-flood": "UDP flood",
  "icmp-flood": "ICMP flood",
  "icmp-backscatter": "ICMP backscatter",
  "fragment-flood": "flood of fragments",
  reflection: "reflection",
  "port-scan": "port scan",
  "host-scan": "host scan",
  "other-flood": "flood",
  none: "no flood",
};

export const SPOOFED_NAMES: Readonly<Record<Verdict["spoofed"]["is"], string>> = {
  yes: "yes",
  likely: "likely",
  unlikely: "unlikely",
  no: "no",
  unknown: "cannot be told",
};

export const MARK_NAMES: Readonly<Record<RateMark["kind"], string>> = {
  trigger: "trigger",
  ended: "end",
  dropped: "packets lost",
  sampling: "sampling",
};

/** "SYN packets towards 203.0.113.7", or "packets". */
export function aboutName({ packets, about: { classes, destination } }: SpoofingReport): string {
  const which = classes === null ? "" : `${classes.map((name) => CLASS_NAMES[name]).join(", ")} `;
  return `${which}${packets === 1 ? "packet" : "packets"}${destination === null ? "" : ` towards ${destination}`}`;
}

/** How sure a verdict is; of ordinary traffic the number would be read as that of a flood. */
export function verdictSureness({ kind, confidence }: Verdict): string {
  return kind === "none" && confidence < SURE_OF_NONE ? "too few packets to be sure" : sureness(confidence);
}

/** "203.0.113.7 port 443". */
export function targetName({ target }: Verdict): string {
  if (target === null) return "none";
  return target.port === null ? target.address : `${target.address} port ${target.port}`;
}
