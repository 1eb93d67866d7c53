/** SYN floods: SYNs that no connection follows. */
import { flows, mainPort, of, packets } from "../endpoints/amounts.ts";
import type { EndpointFacts } from "../endpoints/endpoint-facts.ts";
import type { Sight } from "../sight.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, counted, number, percent } from "../words.ts";

/** Sources or flows from which on it says something what they have in common. */
const MANY = 30;
/** Sources up to which, and SYNs a second below which, it may be no flood at all. */
const FEW = 8;
const SLOW = 200;
const DOUBTFUL = 0.5;

export function synFlood(endpoint: EndpointFacts, sight: Sight): Suspicion | undefined {
  const suspicion = unfollowedSyns(endpoint, sight);
  if (suspicion === undefined) return undefined;
  const rate = sight.peakRate(["syn"], suspicion.packets);
  if (suspicion.sources > FEW || rate >= SLOW) return suspicion;
  const doubt = `There were at most ${number(rate)} SYNs a second: health checks, and clients of a service that is down, look alike.`;
  const { confidence, reasons } = suspicion;
  return { ...suspicion, confidence: Math.min(confidence, DOUBTFUL), reasons: [...reasons, doubt] };
}

function unfollowedSyns({ address, received }: EndpointFacts, sight: Sight): Suspicion | undefined {
  const syns = of(received, "syn");
  if (syns.packets < LEAST_OF_FLOOD || looksLikeScan(syns)) return undefined;
  const followers = packets(received, "ack", "tcpData", "fin");
  const followed = flows(received, "ack", "tcpData");
  const isUnfollowed = followers < syns.packets / 2;
  const areUnfinished = syns.flows >= MANY && followed * 3 < syns.flows;
  if (!isUnfollowed && !areUnfinished) return undefined;
  const port = mainPort(syns, syns.topOwnPorts);
  const flood: Omit<Suspicion, "confidence" | "reasons"> = {
    kind: "syn-flood",
    target: { address, port },
    reflector: null,
    packets: syns.packets,
    bytes: syns.bytes,
    classes: ["syn"],
    sources: syns.peers,
  };
  const said = `${address} received ${counted(syns.packets, "SYN")} from ${about(syns.peers, "address")}`;
  const ports = portsText(syns);
  if (sight.flags !== "all") return fromSynsAlone(flood, [`${said}.`, ...ports], sight);
  const after = isUnfollowed
    ? `, and only ${number(followers)} later packets of connections.`
    : ` in ${about(syns.flows, "flow")}, of which about ${number(followed)} had any later packet.`;
  const confidence = isUnfollowed ? 0.99 - Math.min(0.4, followers / syns.packets / 2) : 0.8;
  return { ...flood, confidence, reasons: [said + after, ...ports] };
}

/** Which ports were hit, where it is not one alone that the title has. */
function portsText({ packets: count, topOwnPorts }: ReturnType<typeof of>): string[] {
  const [first, second] = topOwnPorts.filter((port) => port.packets >= count / 20);
  if (first === undefined || second === undefined) return [];
  const share = (port: typeof first) => percent(port.packets / count);
  return [`${share(first)} of the SYNs went to port ${first.port}, and ${share(second)} to port ${second.port}.`];
}

/** One or a few machines that try port after port. */
function looksLikeScan({ peers: sources, ownPorts, packets: count }: ReturnType<typeof of>): boolean {
  return sources <= 8 && ownPorts >= 12 && count <= 4 * ownPorts;
}

/** Where connections could not be seen, only the SYNs themselves can tell. */
function fromSynsAlone(
  flood: Omit<Suspicion, "confidence" | "reasons">,
  said: readonly string[],
  sight: Sight,
): Suspicion | undefined {
  const reasons = [...said];
  let points = 0;
  const add = (holds: boolean, worth: number, sentence: string) => {
    if (!holds) return;
    points += worth;
    reasons.push(sentence);
  };
  const { impossibleShare, commonTtlShare } = sight;
  const rate = sight.peakRate(["syn"], flood.packets);
  const bare = shareOf(sight, ({ fields }) => fields.mss === null);
  const common = commonTuple(sight);
  const alike = common ?? 0;
  const again = sight.facts.spoofing.retransmittingShare ?? 0;
  const jump = sight.jump(["syn"]);
  add(
    sight.flags === "perhaps filtered",
    2,
    "The capture has no other packet of a connection, and no filter is known of it.",
  );
  add(impossibleShare > 0.02, 3, `${percent(impossibleShare)} of the packets are from addresses that nobody can have.`);
  add(commonTtlShare > 0.85, 2, `${percent(commonTtlShare)} of the packets have the same TTL.`);
  add(bare > 0.5, 2, `${percent(bare)} of the SYNs have no maximum segment size, which every common system sends.`);
  add(alike > 0.9 && flood.sources >= MANY, 2, `${percent(alike)} of the SYNs have the same window and options.`);
  add(rate >= 300, rate >= 10_000 ? 2 : 1, `There were up to ${number(rate)} SYNs a second.`);
  add(jump >= 10, 1, `The busiest interval has ${number(jump)} times as many SYNs as a quiet one.`);
  const isVaried = flood.packets >= 100 && common !== null && alike < 0.6;
  add(isVaried, -2, `The SYNs are of many systems: no window and options have more than ${percent(alike)} of them.`);
  add(again > 0.02, -1, `${percent(again)} of the attempts to connect were tried again, as real systems do.`);
  if (sight.flags === "filtered")
    reasons.push("A filter kept SYNs alone, so that it is not seen whether connections followed.");
  return points >= 3 ? { ...flood, confidence: Math.min(0.95, 0.4 + points / 10), reasons } : undefined;
}

type Entry = Sight["facts"]["fingerprints"]["entries"][number];

function shareOf({ facts }: Sight, holds: (entry: Entry) => boolean): number {
  return facts.fingerprints.entries.filter(holds).reduce((sum, entry) => sum + entry.share, 0);
}

/**
 * The share that the commonest window and options have, whatever the TTL is, of the SYNs whose fingerprints are known; null where
 * these are few.
 */
function commonTuple({ facts }: Sight): number | null {
  const shares = new Map<string, number>();
  for (const { fields, share } of facts.fingerprints.entries) {
    const key = [fields.window, fields.mss, fields.scale, ...fields.options].join();
    shares.set(key, (shares.get(key) ?? 0) + share);
  }
  const known = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return known < 0.3 ? null : Math.max(...shares.values()) / known;
}
