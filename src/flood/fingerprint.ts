/**
 * What the DDoS Clearing House calls the fingerprint of an attack, as far as counts can tell it: the names and units of
 * the DDoS Dissector (https://github.com/ddos-clearing-house/ddos_dissector, "Fingerprint format").
 */
import type { TrafficTotals } from "../packets/traffic-counts.ts";
import type { TopTable, TopTables } from "./top-keys.ts";

export interface AttackVector {
  readonly protocol: string;
  readonly fraction_of_attack: number;
  /** The share of each destination port; none where another protocol with ports has a share too, because ports are counted without it. */
  readonly destination_ports: Readonly<Record<string, number>>;
  readonly tcp_flags: Readonly<Record<string, number>> | null;
  readonly nr_packets: number;
  readonly duration_seconds: number;
}

export interface Fingerprint {
  readonly attack_vectors: readonly AttackVector[];
  /** The destination of most packets; null where there is no such one, or destinations are not counted. */
  readonly target: string | null;
  readonly time_start: string;
  readonly duration_seconds: number;
  readonly total_packets: number;
  readonly total_megabytes: number;
  readonly avg_bps: number;
  readonly avg_pps: number;
  readonly avg_Bpp: number;
}

const MEGABYTE = 1_000_000;
/** The share of a protocol below which it is no part of the attack. */
const VECTOR_SHARE = 0.05;
const PROTOCOLS = [
  ["TCP", "tcp"],
  ["UDP", "udp"],
  ["ICMP", "icmp"],
] as const;
/** As Wireshark writes them, in twelve places. */
const FLAGS = [
  ["··········S·", "syn"],
  ["·······A··S·", "synAck"],
  ["·········R··", "rst"],
  ["···········F", "fin"],
  ["·······A····", "ack"],
  ["others", "otherTcp"],
] as const;

/** The time that the totals and tables are of: that of the history included. */
export interface FingerprintSpan {
  /** Nanoseconds since the epoch. */
  readonly began: bigint;
  readonly seconds: number;
}

/** @param totals null where nothing was counted */
export function fingerprintOf(
  totals: TrafficTotals | null,
  top: TopTables,
  { began, seconds }: FingerprintSpan,
): Fingerprint {
  const { packets = 0, bytes = 0 } = totals ?? {};
  const perSecond = (amount: number) => (seconds > 0 ? Math.round(amount / seconds) : 0);
  return {
    attack_vectors: totals === null ? [] : vectorsOf(totals, top["dst-port"], seconds),
    target: mostOf(top.dst, packets),
    time_start: new Date(Number(began / 1_000_000n)).toISOString(),
    duration_seconds: Math.round(seconds),
    total_packets: packets,
    total_megabytes: Math.round(bytes / MEGABYTE),
    avg_bps: perSecond(bytes * 8),
    avg_pps: perSecond(packets),
    avg_Bpp: packets === 0 ? 0 : Math.round(bytes / packets),
  };
}

function vectorsOf(totals: TrafficTotals, ports: TopTable | undefined, seconds: number): AttackVector[] {
  const vectors = PROTOCOLS.map(([protocol, name]): AttackVector => {
    const packets = totals[name];
    const hasPorts = protocol !== "ICMP" && areOf(packets, totals);
    return {
      protocol,
      fraction_of_attack: shareOf(packets, totals.packets),
      destination_ports: hasPorts ? shares(ports, packets) : {},
      tcp_flags: protocol === "TCP" ? flagsOf(totals) : null,
      nr_packets: packets,
      duration_seconds: Math.round(seconds),
    };
  });
  return vectors
    .filter(({ fraction_of_attack }) => fraction_of_attack >= VECTOR_SHARE)
    .sort((a, b) => b.nr_packets - a.nr_packets);
}

/** Whether ports are those of one protocol for certain: those of the others would have too small a share to be told. */
function areOf(packets: number, { packets: all, tcp, udp, otherProtocol }: TrafficTotals): boolean {
  return shareOf(tcp + udp + otherProtocol - packets, all) < VECTOR_SHARE;
}

function flagsOf(totals: TrafficTotals): Record<string, number> {
  const all = FLAGS.map(([flags, name]) => [flags, shareOf(totals[name], totals.tcp)] as const);
  return Object.fromEntries(all.filter(([, share]) => share >= VECTOR_SHARE));
}

function shares(table: TopTable | undefined, all: number): Record<string, number> {
  const entries = (table?.entries ?? []).map(({ key, packets }) => [key, shareOf(packets, all)] as const);
  return Object.fromEntries(entries.filter(([, share]) => share >= VECTOR_SHARE));
}

function mostOf(table: TopTable | undefined, all: number): string | null {
  const [first] = table?.entries ?? [];
  return first !== undefined && first.packets * 2 > all ? first.key : null;
}

function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : Math.min(1, Math.round((part / all) * 1000) / 1000);
}
