/** Hints about filters and the expression. In the directory is x.pcap, of link type EN10MB. */
import { capture, type HintRow, replay, SHORT } from "./row.ts";

export const filterHints: readonly HintRow[] = [
  {
    hint: 'use `hook: "tc"`',
    when: "ringcap -i v0 --hook xdp inbound",
    take: /use (.*)/,
    follow: capture("$1 inbound"),
  },
  {
    hint: "ask less, or use the filter options: a list of ports or networks costs the same however long it is",
    when: `ringcap replay x.pcap "port $(seq -s ' or port ' 1 1200)"`,
    follow: replay("--port $(seq -s , 1 1200)"),
  },
  {
    hint: '`host: "@file"`, `network: "@file"` and `port: "@file"` take 100,000 items at once',
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
    hint: 'the kernel keeps … bytes of a name: try `comm: "…"`',
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
];
