/** Hints about capture files, suites and output. In the directory is x.pcap, of link type EN10MB, and fixtures/. */
import type { HintRow } from "./row.ts";

const capture = (words: string) => `ringcap -i v0 --duration 0.05 ${words}`;
/** A suite of one case. */
const suite = (file: string, expect = '{ "packets": 2000 }') =>
  `echo '{ "cases": [{ "name": "a", "capture": "${file}", "expect": ${expect} }] }' >suite.json`;
/** One that takes some seconds. */
const longSuite = `{ echo '{ "cases": [{'; seq 30 | sed 's/.*/ "name": "&", "capture": "x.pcap", "expect": {"packets": 2000}/' |
  sed '2,$s/^/}, {/'; echo '}]}'; } >suite.json`;
const decompressed = (what: string, compress: string, undo: string): HintRow => ({
  hint: `${what}: decompress it first`,
  when: `${compress} <x.pcap >x.packed; ringcap replay x.packed`,
  follow: `${undo} <x.packed >x.unpacked && ringcap replay x.unpacked`,
});

export const fileHints: readonly HintRow[] = [
  decompressed("a zstd file", "zstd -q", "zstd -qd"),
  decompressed("an lz4 file", "lz4 -q", "lz4 -qd"),
  decompressed("a bzip2 file", "bzip2", "bzip2 -d"),
  decompressed("an xz file", "xz", "xz -d"),
  {
    hint: "a zip archive: unpack it first",
    when: "python3 -m zipfile -c x.zip x.pcap; ringcap replay x.zip",
    follow: "python3 -m zipfile -e x.zip unpacked && ringcap replay unpacked/x.pcap",
  },
  {
    hint: "a snoop capture: `editcap -F pcap` converts it",
    when: "editcap -F snoop x.pcap x.snoop; ringcap replay x.snoop",
    take: /`(.*)`/,
    follow: "$1 x.snoop converted.pcap && ringcap replay converted.pcap",
  },
  {
    hint: "take one of them off: gzip -d",
    when: "gzip <x.pcap | gzip >twice.pcap.gz; ringcap replay twice.pcap.gz",
    take: /: (.*)/,
    follow: "$1 twice.pcap.gz && ringcap replay twice.pcap",
  },
  {
    hint: "open it with openCapture()",
    when: "parser PcapParser fixtures/compressed.pcap.gz",
    take: /with (\w+)/,
    follow: "parser $1 fixtures/compressed.pcap.gz",
  },
  {
    hint: "add --anonymize",
    when: "ringcap replay x.pcap --anonymize-key x.key",
    take: /add (.*)/,
    follow: "ringcap replay x.pcap --anonymize-key x.key $1 -w out.pcap",
  },
  {
    hint: "leave it out: a replay keeps payloads",
    when: "ringcap replay x.pcap --keep-payload",
    follow: "ringcap replay x.pcap -w out.pcap",
  },
  {
    hint: "a key is … hexadecimal digits, or … bytes: name a file that is not there, and one is made",
    when: "ringcap replay x.pcap --anonymize --anonymize-key x.pcap",
    follow: "ringcap replay x.pcap --anonymize --anonymize-key new.key -w out.pcap && test -s new.key",
  },
  {
    hint: "replay it without one",
    when: "ringcap replay fixtures/user-link-type.pcap --port 80",
    follow: "ringcap replay fixtures/user-link-type.pcap -w out.pcap",
  },
  {
    hint: 'use `engine: "user"`, which has the same filter',
    when: "ringcap replay fixtures/wireless.pcap --engine kernel --port 80",
    take: /use (.*),/,
    follow: "ringcap replay fixtures/wireless.pcap $1 --port 80",
  },
  {
    hint: "; to have the kernel: …",
    isNote: true,
    when: "setpriv --bounding-set=-bpf,-sys_admin ringcap replay x.pcap --json",
    take: /: (run it as root)/,
    follow: "ringcap replay x.pcap --json",
    shows: /"engine":"kernel"/,
  },
  {
    hint: 'leave it out, or use `engine: "kernel"`',
    when: "ringcap replay x.pcap --engine user --hook xdp",
    take: /use (.*)/,
    follow: "ringcap replay x.pcap $1 --hook xdp && ringcap replay x.pcap --engine user",
  },
  {
    hint: "type -w x.pcapng, which holds several, or replay the interfaces one by one: tshark -r <file> -Y 'frame.interface_id == 0' -w <file of one interface>",
    when: "mergecap -w two.pcapng x.pcap fixtures/raw-ip.pcap; ringcap replay two.pcapng -w out.pcap",
    take: /one by one: (.*)/,
    fill: { "<file>": "two.pcapng", "<file of one interface>": "one.pcapng" },
    follow: "$1 && ringcap replay one.pcapng -w out.pcap && ringcap replay two.pcapng -w x.pcapng",
  },
  {
    hint: "--allow-outside permits it, for suites that you trust",
    when: `mkdir -p inner; cd inner; ${suite("../x.pcap")}; ringcap verify --update suite.json`,
    take: /(\S+) permits/,
    follow: `cd inner; ${suite("../x.pcap")}; ringcap verify $1 suite.json`,
  },
  {
    hint: "`ringcap verify --update` makes it from what comes out now",
    when: `${suite("x.pcap", '{ "file": "golden.pcap" }')}; ringcap verify suite.json`,
    take: /`(.*)`/,
    follow: "$1 suite.json && ringcap verify suite.json",
  },
  {
    hint: "--timeout gives it more",
    // That it is said is a test of test/e2e/verify-hostile.test.ts.
    take: /(\S+) gives/,
    follow: `${longSuite} && ringcap verify --engine user $1 120 suite.json`,
  },
  {
    hint: "`ringcap replay` of that file says more",
    when: `head -c 1000 x.pcap >cut.pcap; ${suite("cut.pcap")}; ringcap verify suite.json`,
    take: /`(.*)`/,
    follow: '{ $1 cut.pcap || [ $? = 3 ]; } 2>&1 | grep "cut off"',
    shows: /inside a packet/,
  },
  {
    hint: "mount /proc: nothing else tells where a file is for certain",
    when: `${suite("x.pcap")}; mount -t tmpfs none /proc; ringcap verify suite.json`,
    take: /(mount \/proc)/,
    follow: "mount -t tmpfs none /proc; mount -t proc proc /proc && ringcap verify suite.json",
  },
  {
    hint: "mount /proc: `mkdir -p /proc && mount -t proc proc /proc`",
    when: "mount -t tmpfs none /proc; ringcap",
    take: /`(.*)`/,
    follow: `mount -t tmpfs none /proc; $1 && ip route add default dev v0 && ringcap --duration 0.05; status=$?
      ip route del default; exit $status`,
  },
  {
    hint: "mount /sys: `mkdir -p /sys && mount -t sysfs sysfs /sys`",
    when: "mount -t tmpfs none /sys; ringcap -i v0 --hook xdp",
    take: /`(.*)`/,
    follow: `mount -t tmpfs none /sys; $1 && ${capture("--hook xdp")}`,
  },
  {
    hint: "make its directory first",
    when: "ringcap -i v0 -w absent/out.pcap",
    follow: `mkdir -p absent && ${capture("-w absent/out.pcap")}`,
  },
  {
    hint: "name a file in that directory",
    when: "mkdir -p there; ringcap -i v0 -w there",
    follow: `mkdir -p there && ${capture("-w there/out.pcap")}`,
  },
  {
    hint: "free some space, or write to another file system",
    when: "mkdir -p small; mount -t tmpfs -o size=16k none small; head -c 16k /dev/zero >small/fill; ringcap -i v0 -w small/x",
    follow: `mount -t tmpfs -o size=16k none small; head -c 16k /dev/zero >small/fill
      ${capture("-w out.pcap")} && rm small/fill && ${capture("-w small/out.pcap")}`,
  },
  {
    hint: "write to a file, and a directory, that no other program changes",
    when: "started -w gone.pcap; rm gone.pcap; kill -TERM $!; wait $! || { cat messages; exit 1; }",
    follow: capture("-w stays.pcap"),
  },
  {
    hint: "send standard error elsewhere: 2>messages",
    when: "ringcap -i v0 -w - >both 2>&1 || { cat both; exit 1; }",
    take: /: (.*)/,
    follow: `${capture("-w - >packets")} $1 && capinfos packets`,
  },
  {
    hint: "send it to a file, or `| tcpdump -r -`",
    when: "script -qec 'ringcap -i v0 -w -' /dev/null",
    take: /`(.*)`/,
    follow: `${capture("-w - $1")} && ${capture("-w - >packets")}`,
  },
  {
    hint: "choose another name",
    when: "ln -sf nowhere link; chown -h 65534 link; ringcap -i v0 -w link",
    follow: capture("-w another"),
  },
  {
    hint: "remove it first, or choose another name",
    when: "touch theirs; chown 65534 theirs; ringcap -i v0 -w theirs",
    follow: `${capture("-w mine")} && rm theirs && ${capture("-w theirs")}`,
  },
  {
    hint: "name a file in it: -o report.html",
    when: "mkdir -p made.html; ringcap report x.pcap -o made.html",
    take: /in it: (.*)/,
    follow: "ringcap report x.pcap $1 && ls report.html",
  },
  {
    hint: "name x.html, x.json or x.txt: -o report.html",
    when: "ringcap report x.pcap -o report",
    take: /: (-o .*)/,
    follow: "ringcap report x.pcap $1 && ls report.html",
  },
  {
    hint: "type -o …",
    when: "ringcap report x.pcap report.html",
    take: /type (.*)/,
    follow: "ringcap report x.pcap $1 && ls report.html",
  },
  {
    hint: "type ringcap … …",
    when: "ringcap report tcp port 80 x.pcap",
    take: /type (.*)/,
    follow: "$1",
  },
  {
    hint: "type ringcap report <file>",
    when: "ringcap report -- tcp",
    take: /type (.*)/,
    fill: { "<file>": "x.pcap" },
    follow: "$1",
  },
  {
    hint: "type ringcap export <file> --to <directory>",
    when: "ringcap export -- tcp",
    take: /type (.*)/,
    fill: { "<file>": "x.pcap", "<directory>": "exported" },
    follow: "$1",
  },
  {
    hint: "add --to <directory>",
    when: "ringcap export x.pcap --host web1",
    take: /add (.*)/,
    fill: { "<directory>": "exported" },
    follow: "ringcap export x.pcap --host web1 $1",
  },
  {
    hint: "to choose packets, type an expression: 'host …'",
    when: "ringcap export x.pcap --to exported --host 192.0.2.1",
    take: /: ('host .*')/,
    follow: "ringcap export x.pcap --to chosen $1",
  },
  {
    hint: "type ringcap query <directory> --question hosts-hit, or SQL in quotation marks",
    when: "ringcap query .",
    take: /type (.*), or/,
    fill: { "<directory>": "asked" },
    follow: "ringcap export x.pcap --to asked && $1",
  },
  {
    hint: "name the files in it: …/*.pcapng",
    when: "mkdir -p captures; ringcap replay x.pcap -w captures/a.pcapng; ringcap report captures",
    take: /: (\S+)/,
    follow: "ringcap report $1",
  },
  {
    hint: "name one of its incidents: …",
    when: 'D=watched/20261128T044309Z-5000-s; mkdir -p $D; ringcap replay x.pcap -w $D/capture.pcapng; echo \'{"kind":"ringcap-incident"}\' > $D/incident.json; ringcap report watched',
    take: /: (\S+)/,
    follow: "ringcap report $1",
  },
  {
    hint: "an incident is reported alone; of several ones name the files",
    when: "ringcap report x.pcap .",
    follow: "ringcap report *.pcap",
  },
  {
    hint: "name an MMDB file, such as GeoLite2-ASN.mmdb, or leave it out",
    when: "ringcap report x.pcap --mmdb x.pcap",
    follow: "ringcap report x.pcap",
  },
];
