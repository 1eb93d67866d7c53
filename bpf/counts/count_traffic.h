/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Counts a packet that matched: in the totals of this CPU, and for each kind of key that is asked for. */
#ifndef RINGCAP_COUNT_TRAFFIC_H
#define RINGCAP_COUNT_TRAFFIC_H

#include "counts/traffic_table.h"
#include "filter/headers.h"

const volatile __u8 counts_traffic;               /* whether packets are counted at all */
const volatile __u8 traffic_slots[TRAFFIC_KINDS]; /* place of the kind among those that are asked for */
const volatile __u32 traffic_slot_count;
const volatile __u32 traffic_own_regions; /* CPUs with lower numbers have a region of their own */

#define COUNTS(kind) (traffic_kinds & 1 << (kind))
#define COUNTS_SOURCES (COUNTS(TRAFFIC_SOURCE) | COUNTS(TRAFFIC_SOURCE_NETWORK))
#define COUNTS_DESTINATIONS (COUNTS(TRAFFIC_DESTINATION) | COUNTS(TRAFFIC_DESTINATION_AND_PORT))
#define COUNTS_PORTS (COUNTS(TRAFFIC_DESTINATION_PORT) | COUNTS(TRAFFIC_DESTINATION_AND_PORT))

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

/* Returns false where the packet ends inside the address. */
static __always_inline bool read_address(const struct packet *packet, __u64 offset, struct traffic_key *key) {
    const int words = key->ip_version == 4 ? 1 : 4;

#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (i < words && !packet_read_u32(packet, offset + i * sizeof(__u32), &key->address[i]))
            return false;
    }
    return true;
}

struct counted_packet {
    __u64 window;
    __u32 first_table;
    __u32 length;
    __u32 counting; /* enum counting */
};

static __always_inline void count_kind(const struct counted_packet *counted, enum traffic_kind kind,
                                       const struct traffic_key *key) {
    count_key(counted->first_table + 2 * traffic_slots[kind], key, counted->window, counted->length, counted->counting);
}

static __always_inline void count_sources(const struct packet *packet, const struct link_headers *link, __u8 ip_version,
                                          const struct counted_packet *counted) {
    struct traffic_key key = {.ip_version = ip_version};

    if (!read_address(packet, link->network_offset + (ip_version == 4 ? 12 : 8), &key))
        return;
    if (COUNTS(TRAFFIC_SOURCE))
        count_kind(counted, TRAFFIC_SOURCE, &key);
    if (!COUNTS(TRAFFIC_SOURCE_NETWORK))
        return;
    if (ip_version == 4) {
        key.address[0] &= NETWORK_32(0xffffff00);
    } else {
        key.address[1] &= NETWORK_32(0xffff0000);
        key.address[2] = 0;
        key.address[3] = 0;
    }
    count_kind(counted, TRAFFIC_SOURCE_NETWORK, &key);
}

static __always_inline void count_destinations(const struct packet *packet, const struct link_headers *link,
                                               const struct transport *transport, __u8 ip_version,
                                               const struct counted_packet *counted) {
    const __u8 protocol = transport->protocol;
    struct traffic_key key = {.ip_version = ip_version};
    __u16 port = 0;

    const bool has_ports = COUNTS_PORTS && transport->has_header &&
                           (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_SCTP) &&
                           packet_read_u16(packet, transport->offset + 2, &port);
    port = NETWORK_16(port);
    if (COUNTS(TRAFFIC_DESTINATION_PORT) && has_ports) {
        const struct traffic_key port_alone = {.port = port};
        count_kind(counted, TRAFFIC_DESTINATION_PORT, &port_alone);
    }
    if (!COUNTS_DESTINATIONS || !read_address(packet, link->network_offset + (ip_version == 4 ? 16 : 24), &key))
        return;
    if (COUNTS(TRAFFIC_DESTINATION))
        count_kind(counted, TRAFFIC_DESTINATION, &key);
    if (COUNTS(TRAFFIC_DESTINATION_AND_PORT) && has_ports) {
        key.port = port;
        count_kind(counted, TRAFFIC_DESTINATION_AND_PORT, &key);
    }
}

static __always_inline void add(__u64 *sum, __u64 more, bool contended) {
    if (contended)
        __sync_fetch_and_add(sum, more);
    else
        *sum += more;
}

static __always_inline void count_headers(const struct packet *packet, const struct link_headers *link,
                                          const struct transport *transport, __u32 length, bool contended) {
    const __u8 ip_version = link->ether_type == ETHER_TYPE_IPV4 ? 4 : link->ether_type == ETHER_TYPE_IPV6 ? 6 : 0;
    const __u32 version = ip_version == 4 ? TRAFFIC_IPV4 : ip_version == 6 ? TRAFFIC_IPV6 : TRAFFIC_NO_IP;
    const __u32 class = ip_version ? class_of(packet, link, transport) : TRAFFIC_OTHER;
    __u32 index = bpf_get_smp_processor_id();

    if (index >= traffic_own_regions) {
        index = traffic_own_regions;
        contended = true;
    }
    struct traffic_region *region = bpf_map_lookup_elem(&traffic_regions, &index);
    if (!region)
        return;
    add(&region->packets[version][bounded(class, TRAFFIC_CLASSES - 1)], 1, contended);
    add(&region->bytes, length, contended);
    if (!traffic_kinds || !ip_version)
        return;
    const __u64 window = LOAD_ONCE(region->window);
    const struct counted_packet counted = {
        .window = window,
        .first_table = index * traffic_slot_count * 2 + (window & 1),
        .length = length,
        .counting = (class == TRAFFIC_SYN ? COUNTING_SYN : 0) | (contended ? COUNTING_CONTENDED : 0),
    };
    if (COUNTS_SOURCES)
        count_sources(packet, link, ip_version, &counted);
    if (COUNTS_DESTINATIONS | COUNTS_PORTS)
        count_destinations(packet, link, transport, ip_version, &counted);
}

/* `length` is in bytes, as on the wire. */
static __always_inline void count_traffic(const struct packet *packet, __u32 length, bool contended) {
    static const struct protocol_set none;
    struct link_headers link = {};
    struct transport transport = {};

    if (!counts_traffic)
        return;
    if (is_plain_ipv4(packet)) {
        struct packet plain = *packet;
        plain.linear_length = PLAIN_LENGTH;
        read_plain_ipv4(&plain, &none, &link, &transport);
        count_headers(&plain, &link, &transport, length, contended);
        return;
    }
    read_link_layer(packet, &link);
    read_transport(packet, &link, &none, &transport);
    count_headers(packet, &link, &transport, length, contended);
}

#endif
