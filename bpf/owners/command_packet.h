/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Finds packets of the command that packet_owner.h does not find: packets that the kernel sends in the place of a
 * socket, and packets of the other end, where both ends are sockets of this host.
 */
#ifndef RINGCAP_COMMAND_PACKET_H
#define RINGCAP_COMMAND_PACKET_H

#include "owners/packet_owner.h"

#define LOOPBACK_INDEX 1 /* LOOPBACK_IFINDEX of include/net/flow.h: in every network namespace */

static __always_inline void exchange_ends(struct packet_ends *ends) {
    struct bpf_sock_tuple exchanged = ends->addresses;

    if (ends->ip_version == 4) {
        exchanged.ipv4.saddr = ends->addresses.ipv4.daddr;
        exchanged.ipv4.daddr = ends->addresses.ipv4.saddr;
        exchanged.ipv4.sport = ends->addresses.ipv4.dport;
        exchanged.ipv4.dport = ends->addresses.ipv4.sport;
    } else {
        __builtin_memcpy(exchanged.ipv6.saddr, ends->addresses.ipv6.daddr, sizeof(exchanged.ipv6.saddr));
        __builtin_memcpy(exchanged.ipv6.daddr, ends->addresses.ipv6.saddr, sizeof(exchanged.ipv6.daddr));
        exchanged.ipv6.sport = ends->addresses.ipv6.dport;
        exchanged.ipv6.dport = ends->addresses.ipv6.sport;
    }
    ends->addresses = exchanged;
}

/* Whether the destination is an end of one of the command's connections, also of one that is over. */
static __always_inline bool is_for_command(const struct packet_ends *ends) {
    struct connection_ends key = {.ip_version = ends->ip_version};

    if (ends->protocol != PROTOCOL_TCP)
        return false;
    if (ends->ip_version == 4) {
        key.local_address[0] = ends->addresses.ipv4.daddr;
        key.remote_address[0] = ends->addresses.ipv4.saddr;
        key.local_port = ends->addresses.ipv4.dport;
        key.remote_port = ends->addresses.ipv4.sport;
    } else {
        __builtin_memcpy(key.local_address, ends->addresses.ipv6.daddr, sizeof(key.local_address));
        __builtin_memcpy(key.remote_address, ends->addresses.ipv6.saddr, sizeof(key.remote_address));
        key.local_port = ends->addresses.ipv6.dport;
        key.remote_port = ends->addresses.ipv6.sport;
    }
    return bpf_map_lookup_elem(&command_connections, &key) != NULL;
}

static __always_inline bool is_end_of_command(struct __sk_buff *skb, const struct packet *packet, bool sent) {
    struct packet_ends ends = {};
    struct owner owner = {};

    if (!read_ends(packet, &ends))
        return false;
    /* In the lines below, the destination is the end of this host. */
    if (sent)
        exchange_ends(&ends);
    if (is_for_command(&ends))
        return true;
    if (skb->ifindex != LOOPBACK_INDEX)
        return false;
    exchange_ends(&ends);
    return is_for_command(&ends) || (find_owner(skb, &ends, &owner) && owner.of_command);
}

#endif
