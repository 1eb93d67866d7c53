/** Hints about options, filters and the expression. In the directory is x.pcap, of link type EN10MB. */
import type { HintRow } from "./row.ts";

/** Ends a capture that could begin. */
const SHORT = "--duration 0.05";
const capture = (words: string) => `ringcap -i v0 ${SHORT} ${words}`;
const replay = (words: string) => `ringcap replay x.pcap -w out.pcap ${words}`;

export const optionHints: readonly HintRow[] = [
  {
    hint: "options are …",
    when: `library '{ "interface": ["v0"] }'`,
    take: /options are (interfaces)/,
    follow: `library '{ "$1": ["v0"] }'`,
  },
  {
    hint: 'write ["eth0"], or leave it out for the default route\'s',
    when: `library '{ "interfaces": "v0" }'`,
    take: /write (\S+),/,
    fill: { eth0: "v0" },
    follow: `library '{ "interfaces": $1 }'`,
  },
  {
    hint: "iterate over the session",
    when: `library '{ "interfaces": ["v0"], "process": true }' stream`,
    follow: `library '{ "interfaces": ["v0"], "process": true }'`,
  },
  {
    hint: "name one with -i; `ringcap -D` lists them",
    when: "ringcap",
    take: /`(.*)`/,
    follow: `name=$($1 | sed -n 's/^[0-9]*\\.\\(v0\\) .*/\\1/p') && ringcap -i "$name" ${SHORT}`,
  },
  { hint: "choose one of …", when: "ringcap -i missing0", take: /(v0)/, follow: `ringcap -i $1 ${SHORT}` },
  {
    hint: "ip link set <name> up",
    when: "ip link set v0 down; ringcap -i any",
    take: /(.*)/,
    fill: { "<name>": "v0" },
    follow: `$1 && ringcap -i any ${SHORT}`,
  },
  {
    hint: "capture them apart",
    when: "ip tuntap add dev tun5 mode tun && ip link set tun5 up && ringcap -i v0 -i tun5 -w out.pcap",
    follow: `${capture("-w out.pcap")} && ringcap -i tun5 ${SHORT} -w other.pcap`,
  },
  {
    hint: "tcpdump counts KiB: for … KiB type …",
    when: "ringcap -i v0 -B 4096",
    take: /type (.*)/,
    follow: capture("-B $1"),
  },
  { hint: "without -w the lines show them", when: "ringcap -i v0 --process -w x", follow: capture("--process") },
  { hint: "leave out one of them", when: "ringcap -i v0 -p --promiscuous", follow: capture("-p") },
  { hint: "leave out --json", when: "ringcap -i v0 --process --json", follow: capture("--process") },
  {
    hint: "type -w - | … >…",
    when: "ringcap -i v0 -w out.pcap.gz",
    take: /type (.*)/,
    follow: `${capture("$1")} && gzip -t out.pcap.gz && ringcap -r out.pcap.gz`,
  },
  {
    hint: "write a .pcap file; --time-stamp-precision nano keeps nanoseconds",
    when: "ringcap -i v0 -w out.pcapng",
    take: /; (.*) keeps/,
    follow: `${capture("$1 -w out.pcap")} && capinfos -M out.pcap`,
    shows: /nanoseconds/,
  },
  {
    hint: "write pcap",
    when: "ringcap -i v0 --format cap -w x",
    take: /write (.*)/,
    follow: capture("--format $1 -w out"),
  },
  {
    hint: "use -t, -tt, -ttt, -tttt or -ttttt",
    when: "ringcap -i v0 -tttttt",
    take: /use (.*)/,
    fill: { " or": "" },
    follow: `for form in $(echo "$1" | tr , ' '); do ${capture('"$form"')} || exit 1; done`,
  },
  {
    hint: "type seconds, or 500ms, 10s, 5m, 1h",
    when: "ringcap -i v0 --duration 5d",
    take: /(\d+ms)/,
    follow: "ringcap -i v0 --duration $1",
  },
  {
    hint: 'did you mean "ringcap …"? An expression goes behind "ringcap capture"',
    when: "ringcap captrue",
    take: /mean "(.*)"\?/,
    follow: `$1 -i v0 ${SHORT}`,
  },
  {
    hint: "leave it out; ringcap replay --help",
    when: "ringcap -r x.pcap -i v0",
    take: /; (.*)/,
    follow: "ringcap -r x.pcap && $1",
  },
  { hint: "write to another one", when: "ringcap replay x.pcap -w x.pcap", follow: replay("") },
  { hint: "use --hook tc", when: "ringcap -i v0 --hook xdp inbound", take: /use (.*)/, follow: capture("$1 inbound") },
  {
    hint: "ask less, or use the filter options: a list of ports or networks costs the same however long it is",
    when: `ringcap replay x.pcap "port $(seq -s ' or port ' 1 1200)"`,
    follow: replay("--port $(seq -s , 1 1200)"),
  },
  {
    hint: "--host @file, --net @file and --port @file take 100,000 items at once",
    when: `ringcap -i v0 "tcp and (not port $(seq -s ' or port ' 1 1200))"`,
    take: /(--port @)file/,
    follow: `seq 60000 >file && ${replay("$1file")}`,
  },
  {
    hint: "join neighbouring networks and ranges, or ask less and filter the file afterwards with ringcap replay",
    when: "yes 192.0.2.1 | head -n 1000001 >hosts; ringcap -i v0 --host @hosts",
    follow: `${capture("--net 192.0.2.0/24 -w some.pcap")} && ringcap replay some.pcap --host 192.0.2.1`,
  },
  {
    hint: "write addresses and networks such as 192.0.2.1,198.51.100.0/24,2001:db8::/32",
    when: "ringcap replay x.pcap --net example",
    take: /such as (.*)/,
    follow: replay("--net $1"),
  },
  {
    hint: "write a list such as 80,443,8000-8100",
    when: "ringcap replay x.pcap --port http",
    take: /such as (.*)/,
    follow: replay("--port $1"),
  },
  { hint: "write …-…", when: "ringcap replay x.pcap --port 9-7", take: /write (.*)/, follow: replay("--port $1") },
  {
    hint: "the kernel keeps … bytes of a name: try --comm …",
    when: "ringcap -i v0 --comm sixteen-bytes-it",
    take: /try (.*)/,
    follow: capture("$1"),
  },
  {
    hint: "write … or a number from 0 to 255",
    when: "ringcap replay x.pcap --proto tpc",
    take: /write (.*) or/,
    fill: { ", ": "," },
    follow: replay("--proto $1"),
  },
  {
    hint: 'write "syn,!ack" (set and clear) or "syn/syn,ack" (value/mask); flags are fin syn rst psh ack urg ece cwr',
    when: "ringcap replay x.pcap --tcp-flags sin",
    take: /write ("syn.*?").*("syn.*?")/,
    follow: `for flags in $1 $2; do ${replay('--tcp-flags "$flags"')} || exit 1; done`,
  },
  {
    hint: "write a number, or one of …",
    when: "ringcap compile --link-type ETHERNET tcp",
    take: /one of (\w+), (\w+)/,
    follow:
      "ringcap compile --link-type 1 tcp && ringcap compile --link-type $1 ip && ringcap compile --link-type $2 tcp",
  },
  {
    hint: "did you mean …? …",
    when: "ringcap -i v0 --dueration 1",
    take: /mean (\S+)\? (ringcap .*) shows/,
    follow: "$2 && ringcap -i v0 $1 0.05",
  },
  {
    hint: "… is an option of …; …",
    when: "ringcap -i v0 --topspeed",
    take: /(--\S+) is an option of (ringcap \w+)/,
    follow: "$2 x.pcap -i v0 -c 2 $1",
  },
  {
    hint: "fields are of Wireshark's display filters: type host 192.0.2.1, or tcp port 80",
    when: "ringcap replay x.pcap ip.addr",
    take: /type (.*), or (.*)/,
    follow: `${replay("$1")} && ${replay("$2")}`,
  },
  {
    hint: "port, host and net take no sign before what they name: type port 80",
    when: "ringcap replay x.pcap 'port == 80'",
    take: /type (.*)/,
    follow: replay("$1"),
  },
  { hint: "type …", when: "ringcap replay x.pcap http", take: /type (.*)/, follow: replay("$1") },
  { hint: "type -i …", when: "ringcap v0", take: /type (.*)/, follow: `ringcap $1 ${SHORT}` },
  {
    hint: "leave it out: ringcap -nni <interface> 'tcp port 80' is typed as with tcpdump",
    when: "ringcap tcpdump -i v0",
    take: /: (.*) is typed/,
    fill: { "<interface>": "v0" },
    follow: `$1 ${SHORT}`,
  },
  { hint: "type ringcap capture", when: "ringcap sniff", take: /type (.*)/, follow: `$1 -i v0 ${SHORT}` },
  { hint: "type ringcap --version", when: "ringcap version", take: /type (.*)/, follow: "$1" },
  {
    hint: "name one, or leave the option out; ringcap -D lists them",
    when: "ringcap -i ''",
    take: /; (.*) lists/,
    follow: `$1 && ringcap -i v0 ${SHORT}`,
  },
  ...[
    ["a number follows what it is: type port …", "tcp 80"],
    ["type port …", "tcp 80,443"],
    ["type portrange …", "port 80-90"],
    ["type net …", "tcp 10.0.0.0/8"],
    ["type ether host …", "tcp 00:11:22:33:44:55"],
    ["type host …", "tcp 192.0.2.1"],
  ].map(([hint = "", expression]) => ({
    hint,
    when: `ringcap replay x.pcap '${expression}'`,
    take: /type (.*)/,
    follow: replay("$1"),
  })),
  {
    hint: "an expression stands there: one capture file is read at a time",
    when: "ringcap replay x.pcap in.pcap",
    follow: "ringcap replay x.pcap -w out.pcap && ringcap replay in.pcap -w out.pcap",
  },
];
