/** Hints about the kernel, rights, interfaces and sending. The other end, v1, is in the namespace $OTHER. */
import type { HintRow } from "./row.ts";

const capture = (words: string) => `ringcap -i v0 --duration 0.05 ${words}`;
/** As root without some capabilities. */
const without = (names: string) =>
  `setpriv --bounding-set=${names
    .split(",")
    .map((name) => `-${name}`)
    .join(",")}`;
const withXdp = (line: string) => `started --hook xdp-native; ${line}; status=$?; kill $! && wait $!; exit $status`;

export const hostHints: readonly HintRow[] = [
  {
    hint: "name one: ringcap -D lists them; for several start one `ringcap send` each",
    when: "ringcap send x.pcap -i any",
    take: /(ringcap -D)/,
    follow: "$1 && ringcap send x.pcap -i v0 -c 1",
    shows: /1\.\S+ \[/,
  },
  {
    hint: "run it as root, or give it ……; `ringcap doctor` says which are missing",
    when: `${without("bpf,sys_admin")} ringcap -i v0 --hook tc`,
    take: /`(.*)`/,
    follow: `${without("bpf,sys_admin")} $1 | grep BPF && ${capture("--hook tc")}`,
  },
  {
    hint: 'run it as root, or give it the capability CAP_NET_RAW, which `promiscuous` and `hook: "packet"` take',
    when: `${without("net_raw")} ringcap -i v0 --hook tc --promiscuous`,
    follow: `${capture("--hook tc --promiscuous")} && ${capture("--hook packet")}`,
  },
  {
    hint: "run it as root, or give it the capability CAP_NET_RAW",
    when: `${without("net_raw")} ringcap -i v0 --hook packet`,
    follow: capture("--hook packet"),
  },
  {
    hint: "run it as root, or give it the capability CAP_NET_RAW (`topspeed`: CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON too)",
    when: `${without("net_raw")} ringcap send x.pcap -i v0 --pps 1000`,
    follow: "ringcap send x.pcap -i v0 --pps 1000 --count 2",
  },
  {
    hint: "run it outside the user namespace: bpf(2) does not look at the capabilities in it",
    when: "unshare --user --map-root-user ringcap -i v0 --hook tc",
    follow: capture("--hook tc"),
  },
  {
    hint: "run it outside the user namespace: a rootless container cannot load BPF programs, whatever it is given",
    isNote: true,
    when: "unshare --user --map-root-user ringcap doctor",
    follow: "ringcap doctor",
    shows: /capabilities +all that capturing takes/,
  },
  {
    hint: 'another program holds the place: `ringcap -D` shows it; `hook: "tc"` works beside it',
    when: withXdp("ringcap -i v0 --hook xdp-native"),
    take: /`(.*)`.*; (--hook \w+)/,
    follow: withXdp(`$1 && ${capture("$2")}`),
  },
  {
    hint: 'another XDP program is attached in another mode: `ringcap -D` shows it; `hook: "tc"` works beside it',
    when: withXdp("ringcap -i v0 --hook xdp-generic"),
    take: /`(.*)`.*; (--hook \w+)/,
    follow: withXdp(`$1 && ${capture("$2")}`),
  },
  {
    hint: "…; it goes when that process ends",
    isNote: true,
    when: withXdp("ringcap doctor"),
    take: /(--hook tc)/,
    follow: `${withXdp(capture("$1"))} && ${capture("--hook xdp-native")}`,
  },
  {
    hint: 'the driver of this interface cannot do it: try `hook: "xdp-generic"` or `hook: "tc"`',
    when: "ip link set lo up; ringcap -i lo --hook xdp-native",
    take: /try (.*) or (.*)/,
    follow:
      "ringcap -i lo --duration 0.05 $1 && ringcap -i lo --duration 0.05 $2; status=$?; ip link set lo down; exit $status",
  },
  {
    hint: "ip link set dev … up",
    isNote: true,
    when: "ip link set lo down; ringcap doctor",
    take: /(.*)/,
    follow: "$1 && ringcap -i lo --duration 0.05; status=$?; ip link set lo down; exit $status",
  },
  {
    hint: "`ip link set … up` brings it up",
    when: "ip link set lo down; ringcap -i lo --hook packet",
    take: /`(.*)`/,
    follow: "$1 && ringcap -i lo --hook packet --duration 0.05; status=$?; ip link set lo down; exit $status",
  },
  {
    hint: "bring it up: ip link set … up",
    when: "ip link set v0 down; ringcap send x.pcap -i v0",
    take: /: (.*)/,
    follow: "$1 && ringcap send x.pcap -i v0 --pps 1000 --count 1",
  },
  {
    hint: 'for a veth run `ethtool -K <the other end> gro on` in the other end\'s namespace; otherwise use `engine: "socket"`',
    when: "ringcap send x.pcap -i v0 --topspeed --engine xdp",
    take: /`(.*)`.*use (.*)/,
    fill: { "<the other end>": "v1" },
    follow: `ringcap send x.pcap -i v0 --topspeed $2 && ip netns exec $OTHER $1 &&
      ringcap send x.pcap -i v0 --topspeed --engine xdp`,
  },
  {
    hint: "add `allowDefaultRoute: true` if that is wanted",
    when: "ip route add default dev v0; ringcap send x.pcap -i v0; status=$?; ip route del default; exit $status",
    take: /add (\S+)/,
    follow: `ip route add default dev v0; ringcap send x.pcap -i v0 $1 --pps 1000 --count 1; status=$?
      ip route del default; exit $status`,
  },
  {
    hint: "name it with `interface`; `ringcap -D` lists them",
    when: "ringcap send x.pcap",
    take: /with (--interface); `(.*)`/,
    follow: "$2 && ringcap send x.pcap $1 v0 --pps 1000 --count 1",
  },
  {
    hint: 'use `topspeed: true` with it, or `engine: "socket"`',
    when: "ringcap send x.pcap -i v0 --engine xdp",
    take: /use (\S+) with it, or (.*)/,
    follow: `ip netns exec $OTHER ethtool -K v1 gro on && ringcap send x.pcap -i v0 --engine xdp $1 &&
      ringcap send x.pcap -i v0 $2 --pps 1000 --count 1`,
  },
  {
    hint: 'use `topspeed: true` with it, and no `engine: "socket"`',
    when: "ringcap send x.pcap -i v0 --cpus 2 --engine socket",
    take: /use (\S+) with it/,
    follow: "ringcap send x.pcap -i v0 --cpus 2 $1",
  },
  {
    hint: "send a file",
    when: `for _ in {1..150}; do tail -c +25 fixtures/jumbo.pcap; done | cat <(head -c 24 fixtures/jumbo.pcap) - |
      ringcap send - -i v0 --topspeed --engine socket --loop 2`,
    follow: "ringcap send x.pcap -i v0 --pps 1000 --loop 2 --count 1",
  },
  {
    hint: "name a user that `getent passwd` lists, or …, which keeps all privileges",
    when: "ringcap -i v0 --user no-such-user",
    take: /`(.*)` lists, or (.*), which/,
    follow: `user=$($1 nobody | cut -d : -f 1) && ${capture('--user "$user"')} && ${capture("--user $2")}`,
  },
];
