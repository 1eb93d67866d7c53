/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The headers of plain packets, whose offsets are all known when the program is compiled. */
#ifndef RINGCAP_PLAIN_HEADERS_H
#define RINGCAP_PLAIN_HEADERS_H

#include "filter/headers.h"

/*
 * Whether the packet is plain IPv4: Ethernet without tags, IPv4 without options, a first fragment, and as many linear
 * bytes as TCP needs. Most packets are plain, and the compiler knows every offset of their headers. As in the walk, the
 * EtherType alone says that a packet is IPv4.
 */
#define PLAIN_TRANSPORT_OFFSET (ETHERNET_HEADER_LENGTH + IPV4_HEADER_LENGTH_MIN)
#define PLAIN_LENGTH (PLAIN_TRANSPORT_OFFSET + TCP_HEADER_LENGTH_MIN)

static __always_inline bool is_plain_ipv4(const struct packet *packet) {
    struct packet plain = *packet;
    __u16 type = 0;
    __u8 version_and_length = 0;
    __u16 fragment = 0;

    if (packet->link_layer != LINK_LAYER_ETHERNET || packet->has_detached_header || packet->has_metadata_tag ||
        !PACKET_IS_LINEAR(packet, packet->data, PLAIN_LENGTH))
        return false;
    plain.linear_length = PLAIN_LENGTH;
    packet_read_u16(&plain, ETHERNET_ADDRESSES_LENGTH, &type);
    packet_read_u8(&plain, ETHERNET_HEADER_LENGTH, &version_and_length);
    packet_read_u16(&plain, ETHERNET_HEADER_LENGTH + 6, &fragment);
    return type == NETWORK_16(ETHER_TYPE_IPV4) && (version_and_length & 0x0f) == 5 &&
           !(fragment & NETWORK_16(IPV4_FRAGMENT_OFFSET_MASK));
}

/* Whether the packet is plain IPv6: Ethernet without tags, no extension header, and as many linear bytes as TCP needs.
 */
#define PLAIN_IPV6_TRANSPORT_OFFSET (ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH)
#define PLAIN_IPV6_LENGTH (PLAIN_IPV6_TRANSPORT_OFFSET + TCP_HEADER_LENGTH_MIN)

static __always_inline bool is_plain_ipv6(const struct packet *packet) {
    struct packet plain = *packet;
    __u16 type = 0;
    __u8 next = 0;

    if (packet->link_layer != LINK_LAYER_ETHERNET || packet->has_detached_header || packet->has_metadata_tag ||
        !PACKET_IS_LINEAR(packet, packet->data, PLAIN_IPV6_LENGTH))
        return false;
    plain.linear_length = PLAIN_IPV6_LENGTH;
    packet_read_u16(&plain, ETHERNET_ADDRESSES_LENGTH, &type);
    packet_read_u8(&plain, ETHERNET_HEADER_LENGTH + 6, &next);
    return type == NETWORK_16(ETHER_TYPE_IPV6) && !is_ipv6_extension(next);
}

static __always_inline void read_plain_ipv6(const struct packet *plain, const volatile struct protocol_set *wanted,
                                            struct link_headers *link, struct transport *transport) {
    link->network_offset = ETHERNET_HEADER_LENGTH;
    link->ether_type = ETHER_TYPE_IPV6;
    packet_read_u8(plain, ETHERNET_HEADER_LENGTH + 6, &transport->protocol);
    transport->in_set = protocol_in_set(wanted, transport->protocol);
    transport->offset = PLAIN_IPV6_TRANSPORT_OFFSET;
    transport->has_header = true;
}

static __always_inline void read_plain_ipv4(const struct packet *plain, const volatile struct protocol_set *wanted,
                                            struct link_headers *link, struct transport *transport) {
    link->network_offset = ETHERNET_HEADER_LENGTH;
    link->ether_type = ETHER_TYPE_IPV4;
    packet_read_u8(plain, ETHERNET_HEADER_LENGTH + 9, &transport->protocol);
    transport->in_set = protocol_in_set(wanted, transport->protocol);
    transport->offset = PLAIN_TRANSPORT_OFFSET;
    transport->has_header = true;
}

#endif
