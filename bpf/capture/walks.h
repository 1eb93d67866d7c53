/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The walks over headers whose offsets are not known before, as global functions. The verifier follows a global
 * function once, and knows nothing of its result afterwards. It would otherwise follow the walk to the transport header
 * once for each way through the link layer, and the rest of the program once for each way through both.
 */
#ifndef RINGCAP_WALKS_H
#define RINGCAP_WALKS_H

#include <linux/bpf.h>

#include "filter/filter.h"
#include "capture/packet_of_context.h"

const volatile struct filter filter; /* a constant, written before the program is loaded */

/* What read_ipv6() has found, in one number: the offset, the protocol, and these bits. */
#define WALKED_PROTOCOL_SHIFT 16
#define WALKED_HAS_HEADER (1U << 24)
#define WALKED_IN_SET (1U << 25)
#define WALKED_READABLE (1U << 26)

static __always_inline __u32 walk_ipv6(const struct packet *packet, __u32 network) {
    struct transport transport = {};

    if (!read_ipv6(packet, network & PACKET_OFFSET_MAX, &filter.protocols, &transport))
        return 0;
    return (transport.offset & PACKET_OFFSET_MAX) | (__u32)transport.protocol << WALKED_PROTOCOL_SHIFT |
           (transport.has_header ? WALKED_HAS_HEADER : 0) | (transport.in_set ? WALKED_IN_SET : 0) | WALKED_READABLE;
}

__noinline __u32 walk_ipv6_xdp(struct xdp_md *context, __u32 network) {
    const struct packet packet = packet_of_xdp(context);
    return walk_ipv6(&packet, network);
}

__noinline __u32 walk_ipv6_skb(struct __sk_buff *skb, __u32 network, __u32 has_detached_header) {
    const struct packet packet = packet_of_skb(skb, has_detached_header);
    return walk_ipv6(&packet, network);
}

static __always_inline bool find_transport(const struct packet *packet, const struct link_headers *link,
                                           struct transport *transport) {
    if (link->ether_type == ETHER_TYPE_IPV4)
        return read_ipv4(packet, link->network_offset, &filter.protocols, transport);
    if (link->ether_type != ETHER_TYPE_IPV6)
        return false;
    const __u32 walked = packet->is_skb
                             ? walk_ipv6_skb(packet->context, link->network_offset, packet->has_detached_header)
                             : walk_ipv6_xdp(packet->context, link->network_offset);

    transport->offset = walked & PACKET_OFFSET_MAX;
    transport->protocol = walked >> WALKED_PROTOCOL_SHIFT;
    transport->has_header = walked & WALKED_HAS_HEADER;
    transport->in_set = walked & WALKED_IN_SET;
    return walked & WALKED_READABLE;
}

__noinline int walk_matches_xdp(struct xdp_md *context) {
    const struct packet packet = packet_of_xdp(context);
    return walked_headers_match(&filter, &packet);
}

__noinline int walk_matches_skb(struct __sk_buff *skb, __u32 has_detached_header) {
    const struct packet packet = packet_of_skb(skb, has_detached_header);
    return walked_headers_match(&filter, &packet);
}

static __always_inline bool walk_matches(const struct packet *packet) {
    return packet->is_skb ? walk_matches_skb(packet->context, packet->has_detached_header)
                          : walk_matches_xdp(packet->context);
}

#endif
