/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The structured filter: one source for the kernel (capture.bpf.c) and for the host. In the kernel struct filter is
 * constant data, so the verifier removes every check that was not asked for.
 */
#ifndef RINGCAP_FILTER_H
#define RINGCAP_FILTER_H

#include "filter/filter_layout.h"
#include "filter/headers.h"
#include "filter/plain_headers.h"

/*
 * Each executor defines these functions: whether a prefix of the set covers the address, read_transport() with the
 * protocols of its filter, and walked_headers_match() of its filter.
 */
static __always_inline bool network_set_contains(struct network_key *key);
static __always_inline bool find_transport(const struct packet *packet, const struct link_headers *link,
                                           struct transport *transport);
static __always_inline bool walk_matches(const struct packet *packet);

static __always_inline bool port_in_set(const volatile struct filter *filter, enum port_set set, __u16 port) {
    const __u64 index = bounded(port, 0xffff);
    return filter->ports[set][index >> 6] >> (index & 63) & 1;
}

/* Where the packet ends inside the address, a prefix can still cover it that asks only for the words before the end. */
static __always_inline bool address_in_set(const struct packet *packet, __u64 offset, __u8 ip_version,
                                           enum network_set set) {
    const int words = ip_version == 4 ? 1 : 4;
    struct network_key key = {};

    key.prefix_length = NETWORK_KEY_TAG_BITS;
    key.set = set;
    key.ip_version = ip_version;
    for (int i = 0; i < words; i++) {
        if (!packet_read_u32(packet, offset + i * sizeof(__u32), &key.address[i]))
            break;
        key.prefix_length += 32;
    }
    return network_set_contains(&key);
}

/* `source` and `destination` are the offsets of the addresses. Each address is read only where a check asks for it. */
static __always_inline bool addresses_match(const volatile struct filter *filter, const struct packet *packet,
                                            __u64 source, __u64 destination, __u8 ip_version) {
    const __u32 checks = filter->checks;
#define SOURCE_IN(set) address_in_set(packet, source, ip_version, set)
#define DESTINATION_IN(set) address_in_set(packet, destination, ip_version, set)

    if (checks & FILTER_SOURCE_HOST && !SOURCE_IN(NETWORK_SET_SOURCE_HOST))
        return false;
    if (checks & FILTER_DESTINATION_HOST && !DESTINATION_IN(NETWORK_SET_DESTINATION_HOST))
        return false;
    if (checks & FILTER_HOST && !SOURCE_IN(NETWORK_SET_HOST) && !DESTINATION_IN(NETWORK_SET_HOST))
        return false;
    if (checks & FILTER_SOURCE_NETWORK && !SOURCE_IN(NETWORK_SET_SOURCE_NETWORK))
        return false;
    if (checks & FILTER_DESTINATION_NETWORK && !DESTINATION_IN(NETWORK_SET_DESTINATION_NETWORK))
        return false;
    return !(checks & FILTER_NETWORK) || SOURCE_IN(NETWORK_SET_NETWORK) || DESTINATION_IN(NETWORK_SET_NETWORK);
#undef SOURCE_IN
#undef DESTINATION_IN
}

/*
 * Checks the addresses of IPv4 and IPv6, and those that ARP asks for and answers (RFC 826), as `host` of pcap-filter(7)
 * does.
 */
static __always_inline bool network_matches(const volatile struct filter *filter, const struct packet *packet,
                                            const struct link_headers *link) {
    const __u64 network = link->network_offset;

    switch (link->ether_type) {
    case ETHER_TYPE_IPV4:
        return addresses_match(filter, packet, network + 12, network + 16, 4);
    case ETHER_TYPE_ARP:
    case ETHER_TYPE_RARP:
        return addresses_match(filter, packet, network + 14, network + 24, 4);
    case ETHER_TYPE_IPV6:
        return addresses_match(filter, packet, network + 8, network + 24, 6);
    default:
        return false;
    }
}

static __always_inline bool ports_match(const volatile struct filter *filter, const struct packet *packet,
                                        __u64 offset) {
    const __u32 checks = filter->checks;
    __u16 source = 0;
    __u16 destination = 0;

    if (!packet_read_u16(packet, offset, &source))
        return false;
    source = NETWORK_16(source);
    if (checks & FILTER_SOURCE_PORT && !port_in_set(filter, PORT_SET_SOURCE, source))
        return false;
    if (checks & FILTER_PORT && port_in_set(filter, PORT_SET_EITHER, source) && !(checks & FILTER_DESTINATION_PORT))
        return true;
    if (!(checks & (FILTER_PORT | FILTER_DESTINATION_PORT)))
        return true;
    if (!packet_read_u16(packet, offset + 2, &destination))
        return false;
    destination = NETWORK_16(destination);
    if (checks & FILTER_DESTINATION_PORT && !port_in_set(filter, PORT_SET_DESTINATION, destination))
        return false;
    return !(checks & FILTER_PORT) || port_in_set(filter, PORT_SET_EITHER, source) ||
           port_in_set(filter, PORT_SET_EITHER, destination);
}

static __always_inline bool transport_matches(const volatile struct filter *filter, const struct packet *packet,
                                              const struct transport *transport) {
    const __u32 checks = filter->checks;
    const __u8 protocol = transport->protocol;

    if (!transport->has_header)
        return false;
    if (checks & FILTER_TCP_FLAGS) {
        __u8 flags = 0;
        if (protocol != PROTOCOL_TCP || !packet_read_u8(packet, transport->offset + 13, &flags))
            return false;
        if ((flags & filter->tcp_flags_mask) != filter->tcp_flags_value)
            return false;
    }
    if (checks & FILTER_ANY_PORT) {
        if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP && protocol != PROTOCOL_SCTP)
            return false;
        return ports_match(filter, packet, transport->offset);
    }
    return true;
}

/* Runs the checks on headers whose offsets are known. */
static __always_inline bool headers_match(const volatile struct filter *filter, const struct packet *packet,
                                          const struct link_headers *link, const struct transport *transport) {
    const __u32 checks = filter->checks;

    if (checks & FILTER_VLAN && !(link->has_vlan && link->vlan_id == filter->vlan_id))
        return false;
    if (checks & FILTER_IP_VERSION && link->ether_type != (filter->ip_version == 4 ? ETHER_TYPE_IPV4 : ETHER_TYPE_IPV6))
        return false;
    if (checks & FILTER_PROTOCOLS && !transport->in_set)
        return false;
    if (checks & FILTER_ANY_TRANSPORT && !transport_matches(filter, packet, transport))
        return false;
    return !(checks & FILTER_ANY_ADDRESS) || network_matches(filter, packet, link);
}

/* Walks over the headers, whose offsets are not known before, and runs the checks on them. */
static __always_inline bool walked_headers_match(const volatile struct filter *filter, const struct packet *packet) {
    struct link_headers link = {};
    struct transport transport = {};

    read_link_layer(packet, &link);
    if (filter->checks & (FILTER_PROTOCOLS | FILTER_ANY_TRANSPORT) && !find_transport(packet, &link, &transport))
        return false;
    return headers_match(filter, packet, &link, &transport);
}

static __always_inline bool filter_matches(const volatile struct filter *filter, const struct packet *packet) {
    if (!filter->checks)
        return true;
    if (is_plain_ipv4(packet)) {
        struct packet plain = *packet;
        struct link_headers link = {};
        struct transport transport = {};
        plain.linear_length = PLAIN_LENGTH;
        read_plain_ipv4(&plain, &filter->protocols, &link, &transport);
        return headers_match(filter, &plain, &link, &transport);
    }
    if (is_plain_ipv6(packet)) {
        struct packet plain = *packet;
        struct link_headers link = {};
        struct transport transport = {};
        plain.linear_length = PLAIN_IPV6_LENGTH;
        read_plain_ipv6(&plain, &filter->protocols, &link, &transport);
        return headers_match(filter, &plain, &link, &transport);
    }
    return walk_matches(packet);
}

#endif
