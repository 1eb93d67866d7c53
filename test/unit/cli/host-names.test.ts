import { expect, test } from "vitest";
import { mayNameHosts } from "../../../src/cli/host-names.ts";

test.each([
  "host web1",
  "host 192.0.2.1 or localhost",
  "src net backbone and port 80",
  "tcp and dst www.example.org",
  "port 80 and host 1and1.example",
  "port http or host web1",
  "host tcp-server",
  "gateway \\gate",
  "not (web1)",
  "host WEB1",
])("%s asks a name server", (expression) => {
  expect(mayNameHosts(expression)).toBe(true);
});

test.each([
  "",
  "tcp port 80",
  "host 192.0.2.1 or 2001:db8::dead",
  "ip6 host fe80::a:b and net 10.0.0.0/8",
  "ether host 02:00:aa:bb:cc:dd or ether src ff:ff:ff:ff:ff:ff",
  "tcp port http or https",
  "ip proto ospf and not ether proto \\arp",
  "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn",
  "icmp[icmptype] == icmp-echo or icmp6[icmp6type]=icmp6-echoreply",
  "len > 0x1f and vlan 5 and ip[6:2] & 0x1fff = 0",
  "vlan and mpls 1024 and udp portrange 8000-8010",
])("%s asks nobody", (expression) => {
  expect(mayNameHosts(expression)).toBe(false);
});
