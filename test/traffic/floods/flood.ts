/** What floods have in common: when they run, who sends them, whom they hit, and what goes on beside them. */
import type { Dice } from "../dice.ts";
import { host, hosts } from "../hosts.ts";
import { visits } from "../ordinary/web.ts";
import type { TrafficPacket } from "../packet.ts";
import type { Label, Scene } from "../scene.ts";

/** From where packets of a flood seem to come. */
export interface Senders {
  readonly spoofed: boolean | null;
  readonly count: number;
  next(): number;
  ttl(address: number): number;
}

/** Sources that are made up for each packet: of all addresses, of all that are possible, or of some networks. */
export function spoofed(dice: Dice): Senders {
  const networks = Array.from({ length: dice.whole(3, 200) }, () => dice.bits(16) * 65_536);
  const ttls = dice.chance(0.5) ? [dice.whole(40, 250)] : Array.from({ length: 20 }, () => dice.whole(30, 250));
  const next = dice.pick([() => dice.bits(), () => dice.address(), () => dice.pick(networks) + dice.bits(16)]);
  return { spoofed: true, count: 2 ** 32, next, ttl: () => dice.pick(ttls) };
}

/** Machines that send by their own addresses. */
export function machines(dice: Dice, least: number, most: number): Senders {
  const all = hosts(dice, Math.round(dice.scale(least, most)));
  const ttls = new Map(all.map(({ address, ttl }) => [address, ttl]));
  return {
    spoofed: false,
    count: all.length,
    next: () => dice.pick(all).address,
    ttl: (address) => ttls.get(address) ?? 64,
  };
}

export interface Target {
  readonly address: number;
  readonly port: number;
}

export interface FloodPlan {
  readonly kind: Label["kind"];
  readonly target: Target;
  readonly port?: number | null;
  readonly reflector?: number;
  readonly spoofed: boolean | null;
  /** Whether the target sends the packets, from outside of the network of the capture. */
  readonly isSender?: boolean;
  /** Makes the packets of the flood for one moment: one, or one and its answer. */
  readonly each: (at: number) => readonly TrafficPacket[];
  /** Whether the target is one address. */
  readonly isNetwork?: boolean;
}

export function target(dice: Dice): Target {
  return { address: dice.address(), port: dice.pick([22, 25, 53, 80, 80, 443, 443, 443, 8080, 30_120]) };
}

/**
 * A flood with ordinary traffic of the target and of others before, during and after it: none, or up to a third of all packets.
 */
export function flood(dice: Dice, packets: number, plan: FloodPlan): Scene {
  const quiet = dice.chance(0.3) ? 0 : dice.between(0.02, 0.33);
  const rate = dice.scale(1000, 200_000);
  const ofFlood = packets * (1 - quiet);
  const length = Math.min(600, Math.max(ofFlood / rate, 0.2));
  const begins = quiet > 0 ? dice.between(0, 2) * length : 0;
  const ends = begins + length;
  const whole = quiet > 0 ? ends + dice.between(0, 1) * length : ends;
  const all: TrafficPacket[] = [];
  const isPulsed = dice.chance(0.15);
  while (all.length < ofFlood) {
    const at = dice.between(begins, ends);
    const isPause = isPulsed && Math.floor(((at - begins) / length) * 9.99) % 2 === 1;
    if (!isPause) for (const packet of plan.each(at)) all.push(packet);
  }
  if (quiet > 0) {
    const { address, port } = plan.target;
    for (const server of [
      { address, port: dice.chance(0.7) ? port : 443 },
      { address: dice.address(), port: 443 },
    ]) {
      const clients = hosts(dice, dice.whole(10, 300));
      const site = {
        server: host(dice, server.address),
        port: server.port,
        clients,
        response: dice.scale(800, 40_000),
      };
      for (const packet of visits(dice, site, (packets * quiet) / 2, () => dice.between(0, whole))) all.push(packet);
    }
  }
  const label: Label = {
    kind: plan.kind,
    target: plan.isNetwork ? null : plan.target.address,
    port: plan.port === undefined ? plan.target.port : plan.port,
    ...(plan.isSender ? { outside: plan.target.address } : {}),
    reflector: plan.reflector ?? null,
    begins,
    ends,
    spoofed: plan.spoofed,
  };
  return { packets: all, label };
}
