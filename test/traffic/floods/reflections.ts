/** Answers of servers in the internet to questions that were sent in the name of the target. */
import { hosts } from "../hosts.ts";
import { type TrafficPacket, UDP, udp } from "../packet.ts";
import type { SceneMaker } from "../scene.ts";
import { flood, target } from "./flood.ts";

/** Of each port: the bytes that an answer has. Longer ones than a packet come in fragments. */
const SIZES: Readonly<Record<number, readonly [number, number]>> = {
  17: [100, 500],
  19: [100, 1400],
  53: [900, 4000],
  69: [400, 516],
  111: [400, 1200],
  123: [440, 468],
  161: [400, 1400],
  389: [1500, 3000],
  520: [200, 504],
  1900: [250, 400],
  3283: [1000, 1034],
  3702: [600, 1400],
  5353: [200, 900],
  5683: [200, 1200],
  10001: [150, 250],
  11211: [1400, 1400],
};

const MOST = 1472;

function reflection(port: number): SceneMaker {
  return (dice, packets) => {
    const to = target(dice);
    const reflectors = hosts(dice, Math.round(dice.scale(20, 8000)));
    const toPort = dice.pick([() => to.port, () => dice.port()]);
    const [least, most] = SIZES[port] ?? [400, 1400];
    return flood(dice, packets, {
      kind: "reflection",
      target: to,
      port: null,
      reflector: port,
      spoofed: null,
      each: (at) => {
        const { address, ttl } = dice.pick(reflectors);
        const size = dice.whole(least, most);
        const own = toPort();
        if (size <= MOST) return [udp(at, address, port, to.address, own, size, ttl)];
        const ends = {
          from: address,
          to: to.address,
          fromPort: port,
          toPort: own,
          protocol: UDP,
          ttl,
          ipId: dice.bits(16),
        };
        const all: TrafficPacket[] = [];
        for (let offset = 0; offset < size + 8; offset += 1480) {
          const more = offset + 1480 < size + 8;
          const part = more ? 1480 : size + 8 - offset;
          all.push({
            ...ends,
            at: at + offset * 1e-9,
            payload: part - (offset === 0 ? 8 : 0),
            fragment: { offset, more },
          });
        }
        return all;
      },
    });
  };
}

export const dns = reflection(53);
export const ntp = reflection(123);
export const memcached = reflection(11_211);
export const cldap = reflection(389);
export const ssdp = reflection(1900);

/** One of the others by chance. */
export const others: SceneMaker = (dice, packets) => {
  const common = [53, 123, 11_211, 389, 1900];
  const rest = Object.keys(SIZES)
    .map(Number)
    .filter((port) => !common.includes(port));
  return reflection(dice.pick(rest))(dice, packets);
};
