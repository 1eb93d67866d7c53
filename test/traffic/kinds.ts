/** Every kind of the labelled set by its name. */

import type { Dice } from "./dice.ts";
import * as backscatter from "./floods/backscatter.ts";
import * as datagrams from "./floods/datagrams.ts";
import * as reflections from "./floods/reflections.ts";
import * as syn from "./floods/syn.ts";
import * as tcp from "./floods/tcp.ts";
import * as media from "./ordinary/media.ts";
import * as names from "./ordinary/names.ts";
import * as outgoing from "./ordinary/outgoing.ts";
import * as transfers from "./ordinary/transfers.ts";
import * as upkeep from "./ordinary/upkeep.ts";
import * as web from "./ordinary/web.ts";
import * as scans from "./scans/scans.ts";
import { ORDINARY, type OrdinaryMaker, type SceneMaker } from "./scene.ts";

function ordinary(...makers: readonly OrdinaryMaker[]): SceneMaker {
  return (dice, packets) => {
    const seconds = Math.min(600, Math.max(1, packets / dice.scale(200, 20_000)));
    const parts = makers.map((maker) => maker(dice, packets / makers.length, seconds));
    return { packets: parts.flat(), label: ORDINARY };
  };
}

const ALL_ORDINARY = {
  "web server": web.webServer,
  "flash crowd": web.flashCrowd,
  "calls between services": web.service,
  "backup or download": transfers.transfer,
  "long connections": transfers.longLived,
  "DNS resolver": names.resolver,
  "DNS or NTP server": names.questionServer,
  "QUIC video": media.quic,
  "RTP calls and television": media.rtp,
  "game or relay server": media.game,
  "health checks": upkeep.healthChecks,
  pings: upkeep.pings,
  "logs to a collector": upkeep.logs,
  "NFS in fragments": upkeep.fragments,
  "ESP or GRE tunnels": upkeep.tunnels,
  "NAT of an office": outgoing.nat,
  crawler: outgoing.crawler,
  BitTorrent: outgoing.bitTorrent,
  "passive FTP": outgoing.ftp,
} as const satisfies Record<string, OrdinaryMaker>;

/** Three kinds at once. */
const mixture: SceneMaker = (dice: Dice, packets) => {
  const all = Object.values(ALL_ORDINARY);
  return ordinary(dice.pick(all), dice.pick(all), dice.pick(all))(dice, packets);
};

export const FLOODS: Readonly<Record<string, SceneMaker>> = {
  "SYN flood, spoofed": syn.spoofedSyns,
  "SYN flood, botnet": syn.botnetSyns,
  "SYN flood, one source": syn.oneSourceSyns,
  "SYN flood, all ports": syn.allPortsSyns,
  "SYN flood of a network": syn.carpetSyns,
  "ACK flood": tcp.acks,
  "PSH-ACK flood": tcp.pushes,
  "FIN flood": tcp.fins,
  "RST flood": tcp.resets,
  "flood of odd flags": tcp.oddFlags,
  "SYN-ACK backscatter": backscatter.synAckBackscatter,
  "SYN-ACKs of many servers": backscatter.reflectedSynAcks,
  "RST backscatter": backscatter.resetBackscatter,
  "ICMP backscatter": backscatter.icmpBackscatter,
  "UDP flood, spoofed": datagrams.spoofedUdp,
  "UDP flood, botnet": datagrams.botnetUdp,
  "UDP flood, one source": datagrams.oneSourceUdp,
  "ping flood": datagrams.echoes,
  "echo replies (smurf)": datagrams.echoReplies,
  "fragment flood": datagrams.fragments,
  "GRE, ESP and other protocols": datagrams.otherProtocols,
  "DNS reflection": reflections.dns,
  "NTP reflection": reflections.ntp,
  "memcached reflection": reflections.memcached,
  "CLDAP reflection": reflections.cldap,
  "SSDP reflection": reflections.ssdp,
  "other reflections": reflections.others,
};

export const SCANS: Readonly<Record<string, SceneMaker>> = {
  "port scan": scans.ports,
  "port scan by several": scans.sharedPorts,
  "UDP port scan": scans.udpPorts,
  "host scan": scans.machinesOfNetwork,
  "ping sweep": scans.pingSweep,
};

export const QUIET: Readonly<Record<string, SceneMaker>> = {
  ...Object.fromEntries(Object.entries(ALL_ORDINARY).map(([name, maker]) => [name, ordinary(maker)])),
  "three of these at once": mixture,
};

export const KINDS: Readonly<Record<string, SceneMaker>> = { ...FLOODS, ...SCANS, ...QUIET };
