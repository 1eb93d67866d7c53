/** The table of packets of capture files: headers as columns. */
import { always, maybe, type Table } from "./table.ts";

const BYTES = { unit: "bytes" };

export const PACKETS: Table = {
  name: "packets",
  row: "a packet of a capture file",
  order: "the order of the capture files, which is that of time",
  columns: [
    maybe("time", "time", "when it was captured; null where the file does not say"),
    maybe("interface", "text", "as a pcapng file names it; null where the file does not"),
    always("length", "uint32", "as it was on the wire", BYTES),
    always("captured", "uint32", "as the file has it", BYTES),
    always("class", "text", "syn, synAck, rst, fin, ack, tcpData, tcpOther, udp, icmp, fragment, otherIp or notIp"),
    maybe("ip_version", "uint8", "4 or 6; null where there is no IP header"),
    maybe("source", "address", "of IP"),
    maybe("destination", "address", "of IP"),
    maybe("protocol", "uint8", "of IP, behind the extension headers"),
    maybe("ttl", "uint8", "or hop limit"),
    maybe("ip_id", "uint16", "identification of IPv4"),
    maybe("source_port", "uint16", "of TCP, UDP or SCTP"),
    maybe("destination_port", "uint16", "of TCP, UDP or SCTP"),
    maybe("tcp_flags", "uint16", "FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, NS 256"),
    maybe("tcp_sequence", "uint32", "sequence number"),
    maybe("tcp_acknowledgement", "uint32", "acknowledgement number"),
    maybe("tcp_window", "uint16", "window, not scaled"),
    maybe("icmp_type", "uint8", "of ICMP or ICMPv6"),
    maybe("icmp_code", "uint8", "of ICMP or ICMPv6"),
    maybe("payload", "uint32", "behind the header of TCP or UDP, as the IP header states", BYTES),
    always("malformed", "uint8", "1 where a header is wrong or cut, else 0"),
  ],
};
