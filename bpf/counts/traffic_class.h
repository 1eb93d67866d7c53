/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The class of a packet, by its protocol and its TCP flags: one of enum traffic_class. */
#ifndef RINGCAP_TRAFFIC_CLASS_H
#define RINGCAP_TRAFFIC_CLASS_H

#include "counts/traffic_layout.h"
#include "filter/headers.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

enum icmp_protocol { PROTOCOL_ICMP = 1, PROTOCOL_ICMPV6 = 58 };

static __always_inline __u32 class_of_tcp(const struct packet *packet, const struct transport *transport) {
    __u8 flags = 0;

    packet_read_u8(packet, transport->offset + 13, &flags);
    if (flags & TCP_SYN)
        return flags & TCP_ACK ? TRAFFIC_SYN_ACK : TRAFFIC_SYN;
    if (flags & TCP_RST)
        return TRAFFIC_RST;
    if (flags & TCP_FIN)
        return TRAFFIC_FIN;
    return flags & TCP_ACK ? TRAFFIC_ACK : TRAFFIC_OTHER_TCP;
}

/* Whether an IP packet without a header of a transport protocol is a fragment behind the first one. */
static __always_inline bool is_later_fragment(const struct packet *packet, const struct link_headers *link,
                                              const struct transport *transport) {
    __u16 fragment = 0;

    if (transport->has_header)
        return false;
    if (link->ether_type == ETHER_TYPE_IPV4)
        return packet_read_u16(packet, link->network_offset + 6, &fragment) &&
               NETWORK_16(fragment) & IPV4_FRAGMENT_OFFSET_MASK;
    /* The walk over IPv6 headers ends at another protocol only behind a fragment header. */
    return !is_ipv6_extension(transport->protocol);
}

static __always_inline __u32 class_of(const struct packet *packet, const struct link_headers *link,
                                      const struct transport *transport) {
    const bool is_fragment = is_later_fragment(packet, link, transport);

    switch (transport->protocol) {
    case PROTOCOL_TCP:
        if (transport->has_header)
            return class_of_tcp(packet, transport);
        return is_fragment ? TRAFFIC_TCP_FRAGMENT : TRAFFIC_OTHER_TCP;
    case PROTOCOL_UDP:
        return is_fragment ? TRAFFIC_UDP_FRAGMENT : TRAFFIC_UDP;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        return is_fragment ? TRAFFIC_ICMP_FRAGMENT : TRAFFIC_ICMP;
    default:
        return is_fragment ? TRAFFIC_OTHER_FRAGMENT : TRAFFIC_OTHER;
    }
}

#endif
