/** The one line that says what happened. */
import type { Suspicion } from "./suspicion.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";

const NAMES: Readonly<Record<Exclude<VerdictKind, "none" | "reflection">, string>> = {
  "syn-flood": "SYN flood of",
  "syn-ack-backscatter": "SYN-ACK backscatter of",
  "rst-backscatter": "RST backscatter of",
  "rst-flood": "RST flood of",
  "ack-flood": "ACK flood of",
  "fin-flood": "FIN flood of",
  "tcp-flag-flood": "Flood with odd TCP flags of",
  "udp-flood": "UDP flood of",
  "icmp-flood": "ICMP flood of",
  "icmp-backscatter": "ICMP backscatter of",
  "fragment-flood": "Fragment flood of",
  "port-scan": "Port scan of",
  "host-scan": "Host scan of",
  "other-flood": "Flood of another protocol of",
};

export function titleOf({ kind, target, reflector }: Suspicion, spoofed: Verdict["spoofed"]): string {
  const of = kind === "reflection" ? `${reflector?.service ?? "UDP"} reflection to` : nameOf(kind);
  const where = target === null ? "many addresses" : target.address;
  const port = target === null || target.port === null ? "" : ` port ${target.port}`;
  return `${of} ${where}${port}${fromOf(kind, spoofed)}`;
}

function nameOf(kind: VerdictKind): string {
  return kind === "none" || kind === "reflection" ? "" : NAMES[kind];
}

function fromOf(kind: VerdictKind, { is }: Verdict["spoofed"]): string {
  if (!kind.endsWith("flood")) return "";
  if (is === "yes") return ", from spoofed sources";
  if (is === "likely") return ", from sources that are likely spoofed";
  return is === "no" || is === "unlikely" ? ", from real sources" : "";
}
