/** What the capture could see, so that the absence of something is no evidence where it could not be seen. */
import type { PacketClass } from "../values.ts";
import type { VerdictFacts } from "./verdict-facts.ts";

export interface Sight {
  readonly facts: VerdictFacts;
  /** Packets that are reported. */
  readonly packets: number;
  /** Whether a filter chose packets by TCP flags, or there is nothing but SYNs and nothing is known of a filter. */
  readonly flags: "all" | "filtered" | "perhaps filtered";
  /**
   * The packets of these classes in their busiest second, those included that sampling and losses left out.
   *
   * @param packets how many of the classes are meant: the same share of the busiest second is taken
   */
  peakRate(classes: readonly PacketClass[], packets: number): number;
  /** How many times as many packets of these classes the busiest interval has as a quiet one; at least 1. */
  jump(classes: readonly PacketClass[]): number;
  /** Whether an address that is not the given one sent most of the packets of a class. */
  hasMainSender(name: PacketClass): boolean;
  /** The share of packets from addresses that nobody can have: loopback, multicast, reserved. */
  readonly impossibleShare: number;
  /** The share of packets with the commonest TTL, where there are at least 50 sources. 0 where there are fewer. */
  readonly commonTtlShare: number;
}

/** Blocks that are not on the internet, but in many networks: addresses of them are ordinary. */
const LOCAL = /^(0\.0\.0\.0\/32|10\.|100\.64\.|169\.254\.|172\.16\.|192\.168\.|f[cd]00:|fe80:)/;
const FLAGS = /syn|ack|rst|fin|flags|tcp\[/i;
const MANY = 50;
/** Of the square root of a number: what sampling adds to the busiest of many seconds by chance. */
const BY_CHANCE = 2;
/** Packets that an interval has on average, so that a jump is none of chance. */
const ENOUGH = 20;
/** Seconds. Of a shorter time no rate can be told. */
const SHORTEST = 0.1;

export function sightOf(facts: VerdictFacts): Sight {
  const { matched } = facts.packets;
  const { ttls, uniqueSources, bogons, packets } = facts.spoofing;
  const impossible = bogons.filter(({ block }) => !LOCAL.test(block)).reduce((sum, bogon) => sum + bogon.packets, 0);
  const perInterval = (classes: readonly PacketClass[]) => sums(facts, classes);
  const held = facts.completeness.heldShare ?? 1;
  return {
    facts,
    packets: matched,
    flags: flagsOf(facts),
    peakRate: (classes, some) => {
      const whole = classes.reduce((sum, name) => sum + facts.packets.byClass[name].packets, 0);
      return ((busiestSecond(facts, perInterval(classes)) / held) * some) / Math.max(whole, 1);
    },
    jump: (classes) => jumpOf(perInterval(classes)),
    hasMainSender: (name) => {
      const most = Math.max(0, ...facts.endpoints.map(({ sent }) => sent[name]?.packets ?? 0));
      return most > facts.packets.byClass[name].packets * 0.3;
    },
    impossibleShare: packets === 0 ? 0 : impossible / packets,
    commonTtlShare: uniqueSources.value < MANY || packets === 0 ? 0 : (ttls[0]?.packets ?? 0) / packets,
  };
}

function flagsOf({ packets: { byClass }, filter, files }: VerdictFacts): Sight["flags"] {
  const others = byClass.ack.packets + byClass.tcpData.packets + byClass.fin.packets;
  if (others > 0) return "all";
  const filters = [filter, ...files.flatMap(({ interfaces }) => interfaces.map((one) => one.filter))];
  if (filters.some((text) => text !== null && FLAGS.test(text))) return "filtered";
  return byClass.synAck.packets === 0 ? "perhaps filtered" : "all";
}

/** Packets of all of the classes in each interval. */
function sums({ rates: { series, count } }: VerdictFacts, classes: readonly PacketClass[]): number[] {
  const wanted = series.filter((one) => classes.includes(one.class));
  return Array.from({ length: count }, (_, index) => wanted.reduce((sum, one) => sum + (one.packets[index] ?? 0), 0));
}

/** Packets in the busiest second; of a shorter capture as many as a second of it would have. */
function busiestSecond({ rates: { intervalSeconds }, span }: VerdictFacts, counts: readonly number[]): number {
  const size = Math.max(1, Math.round(1 / intervalSeconds));
  let sum = 0;
  let most = 0;
  for (const [index, count] of counts.entries()) {
    sum += count - (counts[index - size] ?? 0);
    most = Math.max(most, sum);
  }
  return (
    Math.max(0, most - BY_CHANCE * Math.sqrt(most)) /
    Math.min(Math.max(1, intervalSeconds), Math.max(span?.seconds ?? 0, SHORTEST))
  );
}

/** Intervals are put together until they have enough packets. A tenth of them is quiet. */
function jumpOf(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const size = Math.max(1, Math.ceil((ENOUGH * values.length) / Math.max(total, 1)));
  const wide: number[] = [];
  for (const [index, value] of values.entries()) {
    const at = Math.floor(index / size);
    wide[at] = (wide[at] ?? 0) + value;
  }
  const quiet = wide.toSorted((one, other) => one - other)[Math.floor(wide.length / 10)] ?? 0;
  return Math.max(1, Math.max(0, ...wide) / Math.max(quiet, 1));
}
