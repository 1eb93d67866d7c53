/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The walk from the link layer to the transport header. Every step reads only the fields that it needs. A packet that
 * was cut short therefore still answers what its bytes can answer, as with tcpdump's filters.
 */
#ifndef RINGCAP_HEADERS_H
#define RINGCAP_HEADERS_H

#include "filter/filter_layout.h"
#include "filter/packet.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NETWORK_16(value) __builtin_bswap16(value)
#define NETWORK_32(value) __builtin_bswap32(value)
#else
#define NETWORK_16(value) (value)
#define NETWORK_32(value) (value)
#endif

enum ether_type { /* IEEE 802 numbers, in host byte order */
                  ETHER_TYPE_IPV4 = 0x0800,
                  ETHER_TYPE_ARP = 0x0806,
                  ETHER_TYPE_RARP = 0x8035,
                  ETHER_TYPE_VLAN = 0x8100,
                  ETHER_TYPE_IPV6 = 0x86dd,
                  ETHER_TYPE_SERVICE_VLAN = 0x88a8,
                  ETHER_TYPE_OLD_SERVICE_VLAN = 0x9100,
};

enum ip_protocol { /* IANA protocol numbers */
                   PROTOCOL_HOP_BY_HOP = 0,
                   PROTOCOL_TCP = 6,
                   PROTOCOL_UDP = 17,
                   PROTOCOL_ROUTING = 43,
                   PROTOCOL_FRAGMENT = 44,
                   PROTOCOL_AUTHENTICATION = 51,
                   PROTOCOL_DESTINATION_OPTIONS = 60,
                   PROTOCOL_SCTP = 132,
};

#define ETHERNET_ADDRESSES_LENGTH 12
#define ETHERNET_HEADER_LENGTH 14
#define VLAN_TAG_LENGTH 4
#define VLAN_TAGS_MAX 2
#define VLAN_ID_MASK 0x0fff
#define IPV4_HEADER_LENGTH_MIN 20
#define IPV4_FRAGMENT_OFFSET_MASK 0x1fff
#define TCP_HEADER_LENGTH_MIN 20
#define IPV6_HEADER_LENGTH 40
#define IPV6_FRAGMENT_OFFSET_MASK 0xfff8
#define IPV6_EXTENSION_HEADERS_MAX 8

struct link_headers {
    __u64 network_offset;
    __u16 ether_type; /* behind the tags; 0 when the packet ends before it */
    __u16 vlan_id;    /* of the outer tag */
    bool has_vlan;
};

static __always_inline bool is_vlan_tag(__u16 ether_type) {
    return ether_type == ETHER_TYPE_VLAN || ether_type == ETHER_TYPE_SERVICE_VLAN ||
           ether_type == ETHER_TYPE_OLD_SERVICE_VLAN;
}

/* Without a link header only the IP version in the first four bits tells what the packet is. */
static __always_inline void read_bare_ip(const struct packet *packet, struct link_headers *link) {
    __u8 first = 0;
    link->network_offset = 0;
    packet_read_u8(packet, 0, &first);
    if (first >> 4 == 4)
        link->ether_type = ETHER_TYPE_IPV4;
    else if (first >> 4 == 6)
        link->ether_type = ETHER_TYPE_IPV6;
}

/* IEEE 802.3 clause 3.2, IEEE 802.1Q clause 9. */
static __always_inline void read_ethernet(const struct packet *packet, struct link_headers *link) {
    __u16 type = 0;
    int tags = 0;

    link->network_offset = ETHERNET_HEADER_LENGTH;
    if (packet->has_metadata_tag) {
        link->has_vlan = true;
        link->vlan_id = packet->metadata_tci & VLAN_ID_MASK;
        tags = 1;
    }
    packet_read_u16(packet, ETHERNET_ADDRESSES_LENGTH, &type);
    type = NETWORK_16(type);
    for (int i = 0; i < VLAN_TAGS_MAX; i++) {
        if (tags + i >= VLAN_TAGS_MAX || !is_vlan_tag(type))
            break;
        __u16 tci = 0;
        if (!packet_read_u16(packet, link->network_offset, &tci))
            return;
        if (!link->has_vlan) {
            link->has_vlan = true;
            link->vlan_id = NETWORK_16(tci) & VLAN_ID_MASK;
        }
        type = 0;
        packet_read_u16(packet, link->network_offset + 2, &type);
        type = NETWORK_16(type);
        link->network_offset = FORGET_BOUNDS(link->network_offset + VLAN_TAG_LENGTH);
    }
    link->ether_type = type;
}

static __always_inline void read_link_layer(const struct packet *packet, struct link_headers *link) {
    if (packet->link_layer == LINK_LAYER_NONE)
        read_bare_ip(packet, link);
    else
        read_ethernet(packet, link);
}

struct transport {
    __u64 offset;
    __u8 protocol;
    bool has_header; /* false in later fragments and behind headers that could not be walked */
    bool in_set;     /* the protocol, or that of an IPv6 extension header before it, is in the wanted set */
};

static __always_inline bool protocol_in_set(const volatile struct protocol_set *set, __u8 protocol) {
    return set->bits[protocol >> 6] >> (protocol & 63) & 1;
}

/* Reads an IPv4 header (RFC 791 section 3.1). Returns false when not even the protocol can be read. */
static __always_inline bool read_ipv4(const struct packet *packet, __u64 network,
                                      const volatile struct protocol_set *wanted, struct transport *transport) {
    __u8 version_and_length = 0;
    __u16 fragment = 0;

    if (!packet_read_u8(packet, network + 9, &transport->protocol))
        return false;
    transport->in_set = protocol_in_set(wanted, transport->protocol);
    if (!packet_read_u8(packet, network, &version_and_length) || !packet_read_u16(packet, network + 6, &fragment))
        return true;
    __u64 header_length = (version_and_length & 0x0f) * 4;
    transport->offset = network + header_length;
    transport->has_header =
        header_length >= IPV4_HEADER_LENGTH_MIN && !(NETWORK_16(fragment) & IPV4_FRAGMENT_OFFSET_MASK);
    return true;
}

static __always_inline bool is_ipv6_extension(__u8 protocol) {
    return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_FRAGMENT ||
           protocol == PROTOCOL_AUTHENTICATION || protocol == PROTOCOL_DESTINATION_OPTIONS;
}

/*
 * Walks IPv6 extension headers (RFC 8200 section 4). The length of an authentication header counts words of four bytes
 * (RFC 4302 section 2.2).
 */
static __always_inline bool read_ipv6(const struct packet *packet, __u64 network,
                                      const volatile struct protocol_set *wanted, struct transport *transport) {
    __u8 next = 0;
    __u64 offset = network + IPV6_HEADER_LENGTH;

    if (!packet_read_u8(packet, network + 6, &next))
        return false;
    for (int i = 0; i <= IPV6_EXTENSION_HEADERS_MAX; i++) {
        const __u8 extension = next;
        __u32 start = 0;

        transport->protocol = next;
        transport->in_set |= protocol_in_set(wanted, next);
        if (!is_ipv6_extension(extension)) {
            transport->offset = offset;
            transport->has_header = true;
            return true;
        }
        /* These four bytes hold the next header, the length, and in a fragment header the offset of the fragment. */
        if (!packet_read_u32(packet, offset, &start))
            return true;
        start = NETWORK_32(start);
        next = start >> 24;
        if (extension == PROTOCOL_FRAGMENT) {
            if (start & IPV6_FRAGMENT_OFFSET_MASK) {
                transport->protocol = next;
                transport->in_set |= protocol_in_set(wanted, next);
                return true;
            }
            offset += 8;
        } else if (extension == PROTOCOL_AUTHENTICATION) {
            if (!(start >> 16 & 0xff)) /* shorter than its fixed part of 12 bytes */
                return true;
            offset += (__u64)(start >> 16 & 0xff) * 4 + 8;
        } else {
            offset += (__u64)(start >> 16 & 0xff) * 8 + 8;
        }
        if (offset > PACKET_OFFSET_MAX)
            return true;
        offset = FORGET_BOUNDS(offset);
    }
    return true;
}

/* Returns false when the packet is not IP, or when not even the protocol can be read. */
static __always_inline bool read_transport(const struct packet *packet, const struct link_headers *link,
                                           const volatile struct protocol_set *wanted, struct transport *transport) {
    if (link->ether_type == ETHER_TYPE_IPV4)
        return read_ipv4(packet, link->network_offset, wanted, transport);
    return link->ether_type == ETHER_TYPE_IPV6 && read_ipv6(packet, link->network_offset, wanted, transport);
}

#endif
