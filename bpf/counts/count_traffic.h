/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Counts a packet that matched: in the totals of this CPU, and for each kind of key that is asked for. */
#ifndef RINGCAP_COUNT_TRAFFIC_H
#define RINGCAP_COUNT_TRAFFIC_H

#include "capture/packet_of_context.h"
#include "capture/walks.h"
#include "counts/traffic_class.h"
#include "counts/traffic_table.h"
#include "filter/headers.h"
#include "filter/plain_headers.h"

const volatile __u8 counts_traffic;               /* whether packets are counted at all */
const volatile __u8 traffic_slots[TRAFFIC_KINDS]; /* place of the kind among those that are asked for */
const volatile __u32 traffic_slot_count;
const volatile __u32 traffic_own_regions; /* CPUs with lower numbers have a region of their own */

#define COUNTS(kind) (traffic_kinds & 1 << (kind))
#define COUNTS_SOURCES (COUNTS(TRAFFIC_SOURCE) | COUNTS(TRAFFIC_SOURCE_NETWORK))
#define COUNTS_DESTINATIONS (COUNTS(TRAFFIC_DESTINATION) | COUNTS(TRAFFIC_DESTINATION_AND_PORT))
#define COUNTS_PORTS (COUNTS(TRAFFIC_DESTINATION_PORT) | COUNTS(TRAFFIC_DESTINATION_AND_PORT))

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
    /* One key for all kinds, because the stack is short. */
    struct traffic_key key = {};
    __u16 port = 0;

    const bool has_ports = COUNTS_PORTS && transport->has_header &&
                           (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_SCTP) &&
                           packet_read_u16(packet, transport->offset + 2, &port);
    port = NETWORK_16(port);
    if (COUNTS(TRAFFIC_DESTINATION_PORT) && has_ports) {
        key.port = port;
        count_kind(counted, TRAFFIC_DESTINATION_PORT, &key);
        key.port = 0;
    }
    key.ip_version = ip_version;
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

/* A number below TRAFFIC_ONE_IN for each `number`, as if by chance for all who do not know the secret seed. */
static __always_inline __u64 random_place(__u64 number) {
    const __u64 mixed = (number ^ traffic_seed[0]) * (traffic_seed[1] | 1);
    return (mixed ^ mixed >> 32) * 0x9e3779b97f4a7c15ULL >> (64 - TRAFFIC_ONE_IN_BITS);
}

/*
 * Decides whether the keys of a packet are counted. `*is_sampled` tells whether it then counts as TRAFFIC_ONE_IN. There
 * is no comparison, so that the verifier follows one way.
 */
static __always_inline bool counts_keys(struct traffic_region *region, bool contended, __u64 *is_sampled) {
    const __u64 exact_until = LOAD_ONCE(region->exact_until);
    const __u64 number = contended ? __sync_fetch_and_add(&region->keyed, 1) : region->keyed++;
    const __u64 chosen = random_place(number >> TRAFFIC_ONE_IN_BITS);

    /* Both are far below 2^63. */
    *is_sampled = (exact_until - 1 - number) >> 63;
    return ((number ^ chosen) & (TRAFFIC_ONE_IN - 1) & -*is_sampled) == 0;
}

static __always_inline void count_headers(const struct packet *packet, const struct link_headers *link,
                                          const struct transport *transport, __u32 length) {
    bool contended = is_preemptible;
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
    __u64 is_sampled;
    if (!counts_keys(region, contended, &is_sampled))
        return;
    const __u64 window = LOAD_ONCE(region->window);
    const struct counted_packet counted = {
        .window = window,
        .first_table = index * traffic_slot_count * 2 + (window & 1),
        .length = length,
        .counting = (class == TRAFFIC_SYN ? COUNTING_SYN : 0) | (contended ? COUNTING_CONTENDED : 0) |
                    is_sampled * COUNTING_SAMPLED,
    };
    if (COUNTS_SOURCES)
        count_sources(packet, link, ip_version, &counted);
    if (COUNTS_DESTINATIONS | COUNTS_PORTS)
        count_destinations(packet, link, transport, ip_version, &counted);
}

static const struct protocol_set no_protocols;

static __always_inline void count_walked(const struct packet *packet, __u32 length) {
    struct link_headers link = {};
    struct transport transport = {};

    read_link_layer(packet, &link);
    find_transport(packet, &link, &transport);
    count_headers(packet, &link, &transport, length);
}

/*
 * Global functions, which the verifier follows once, and not once for each way on which a packet can have matched. Few
 * packets come here: those that are not plain.
 */
__noinline int count_walked_xdp(struct xdp_md *context, __u32 length) {
    if (!counts_traffic)
        return 0;
    const struct packet packet = packet_of_xdp(context);
    count_walked(&packet, length);
    return 0;
}

__noinline int count_walked_skb(struct __sk_buff *skb, __u32 length, __u32 has_detached_header) {
    if (!counts_traffic)
        return 0;
    const struct packet packet = packet_of_skb(skb, has_detached_header);
    count_walked(&packet, length);
    return 0;
}

/* `length` is in bytes, as on the wire. */
static __always_inline void count_traffic(const struct packet *packet, __u32 length) {
    if (!counts_traffic)
        return;
    if (is_plain_ipv4(packet)) {
        struct packet plain = *packet;
        struct link_headers link = {};
        struct transport transport = {};
        plain.linear_length = PLAIN_LENGTH;
        read_plain_ipv4(&plain, &no_protocols, &link, &transport);
        count_headers(&plain, &link, &transport, length);
    } else if (packet->is_skb) {
        count_walked_skb(packet->context, length, packet->has_detached_header);
    } else {
        count_walked_xdp(packet->context, length);
    }
}

#endif
