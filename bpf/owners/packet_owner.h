/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Finds the process that a packet belongs to: that of the socket that sent it, or of the socket that the kernel would
 * give it to. This works at TC only, because XDP programs cannot reach the storage of a socket.
 */
#ifndef RINGCAP_PACKET_OWNER_H
#define RINGCAP_PACKET_OWNER_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/walks.h"
#include "filter/headers.h"
#include "owners/socket_owner.h"

#define PACKET_TYPE_HOST 0      /* PACKET_HOST of include/uapi/linux/if_packet.h */
#define ADDRESS_FAMILY_INET 2   /* AF_INET, include/linux/socket.h */
#define ADDRESS_FAMILY_INET6 10 /* AF_INET6 */

/* The two ends of a packet, in network byte order. */
struct packet_ends {
    struct bpf_sock_tuple addresses;
    __u8 ip_version; /* 4 or 6 */
    __u8 protocol;   /* TCP or UDP */
};

/* Returns false where the packet has no header of TCP or UDP. */
static __always_inline bool read_ends(const struct packet *packet, struct packet_ends *ends) {
    struct link_headers link = {};
    struct transport transport = {};

    read_link_layer(packet, &link);
    if (!find_transport(packet, &link, &transport) || !transport.has_header)
        return false;
    if (link.ether_type == ETHER_TYPE_IPV4) {
        ends->ip_version = 4;
        if (!packet_read_u32(packet, link.network_offset + 12, &ends->addresses.ipv4.saddr) ||
            !packet_read_u32(packet, link.network_offset + 16, &ends->addresses.ipv4.daddr) ||
            !packet_read_u16(packet, transport.offset, &ends->addresses.ipv4.sport) ||
            !packet_read_u16(packet, transport.offset + 2, &ends->addresses.ipv4.dport))
            return false;
    } else {
        ends->ip_version = 6;
        for (int i = 0; i < 4; i++) {
            if (!packet_read_u32(packet, link.network_offset + 8 + i * 4, &ends->addresses.ipv6.saddr[i]) ||
                !packet_read_u32(packet, link.network_offset + 24 + i * 4, &ends->addresses.ipv6.daddr[i]))
                return false;
        }
        if (!packet_read_u16(packet, transport.offset, &ends->addresses.ipv6.sport) ||
            !packet_read_u16(packet, transport.offset + 2, &ends->addresses.ipv6.dport))
            return false;
    }
    ends->protocol = transport.protocol;
    return transport.protocol == PROTOCOL_TCP || transport.protocol == PROTOCOL_UDP;
}

static __always_inline bool is_bound_to_any(const struct bpf_sock *sk, __u8 ip_version) {
    if (ip_version == 4)
        return sk->src_ip4 == 0;
    return (sk->src_ip6[0] | sk->src_ip6[1] | sk->src_ip6[2] | sk->src_ip6[3]) == 0;
}

/*
 * Whether the destination is an address of this host. Otherwise the host forwards the packet, even where a socket
 * listens on all addresses.
 */
static __always_inline bool is_for_this_host(struct __sk_buff *skb, const struct packet_ends *ends) {
    struct bpf_fib_lookup route = {.ifindex = skb->ifindex};
    long result;

    if (ends->ip_version == 4) {
        route.family = ADDRESS_FAMILY_INET;
        route.ipv4_src = ends->addresses.ipv4.saddr;
        route.ipv4_dst = ends->addresses.ipv4.daddr;
    } else {
        route.family = ADDRESS_FAMILY_INET6;
        __builtin_memcpy(route.ipv6_src, ends->addresses.ipv6.saddr, sizeof(route.ipv6_src));
        __builtin_memcpy(route.ipv6_dst, ends->addresses.ipv6.daddr, sizeof(route.ipv6_dst));
    }
    result = bpf_fib_lookup(skb, &route, sizeof(route), 0);
    return result == BPF_FIB_LKUP_RET_NOT_FWDED || result == BPF_FIB_LKUP_RET_FWD_DISABLED;
}

static __always_inline bool read_owner(struct bpf_sock *sk, struct owner *owner) {
    const struct socket_owner *noted = bpf_sk_storage_get(&socket_owners, sk, NULL, 0);

    if (!noted)
        return false;
    *owner = *owner_of(noted);
    return true;
}

/* Finds the process that sent the packet. The kernel sends the answer to a SYN on behalf of the listener. */
static __always_inline bool find_sender(struct __sk_buff *skb, struct owner *owner) {
    struct bpf_sock *sk = skb->sk;
    struct bpf_sock *full;

    if (!sk)
        return false;
    full = bpf_sk_fullsock(sk);
    if (!full)
        full = bpf_get_listener_sock(sk);
    return full && read_owner(full, owner);
}

/* Finds the process of the socket that a packet with these ends is for. */
static __always_inline bool find_owner(struct __sk_buff *skb, struct packet_ends *ends, struct owner *owner) {
    const __u32 size = ends->ip_version == 4 ? sizeof(ends->addresses.ipv4) : sizeof(ends->addresses.ipv6);
    struct bpf_sock *sk;
    bool found = false;

    if (ends->protocol == PROTOCOL_TCP)
        sk = bpf_sk_lookup_tcp(skb, &ends->addresses, size, BPF_F_CURRENT_NETNS, 0);
    else
        sk = bpf_sk_lookup_udp(skb, &ends->addresses, size, BPF_F_CURRENT_NETNS, 0);
    if (!sk)
        return false;
    if (!is_bound_to_any(sk, ends->ip_version) || is_for_this_host(skb, ends))
        found = read_owner(sk, owner);
    bpf_sk_release(sk);
    return found;
}

static __always_inline bool find_receiver(struct __sk_buff *skb, const struct packet *packet, struct owner *owner) {
    struct packet_ends ends = {};

    return skb->pkt_type == PACKET_TYPE_HOST && read_ends(packet, &ends) && find_owner(skb, &ends, owner);
}

#endif
