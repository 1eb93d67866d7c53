/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Which process listens at which address. This is a part of connections.bpf.c, whose maps it uses. */
#ifndef RINGCAP_LISTENERS_H
#define RINGCAP_LISTENERS_H

static __always_inline void read_listener_address(const struct sock *sk, struct listener_address *at) {
    at->network_namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
    at->family = BPF_CORE_READ(sk, __sk_common.skc_family);
    at->port = bpf_ntohs(BPF_CORE_READ((const struct inet_sock *)sk, inet_sport));
    if (at->family == ADDRESS_FAMILY_IPV6)
        BPF_CORE_READ_INTO(&at->address, sk, __sk_common.skc_v6_rcv_saddr);
    else
        at->address[0] = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
}

static __always_inline void add_listener(const struct sock *sk, __u64 key, const struct process *owner) {
    struct listener_address at = {};
    struct listeners fresh = {};
    struct listeners *others;

    /* Several processes may hold the same socket. The first process that the iterator meets counts as its owner. */
    if (bpf_map_update_elem(&listener_owners, &key, owner, BPF_NOEXIST) != 0)
        return;
    read_listener_address(sk, &at);
    others = bpf_map_lookup_elem(&listeners, &at);
    if (!others) {
        fresh.owner = *owner;
        fresh.sockets = 1;
        bpf_map_update_elem(&listeners, &at, &fresh, BPF_ANY);
        return;
    }
    others->sockets++;
    if (others->owner.pid != owner->pid)
        others->shared = 1;
}

static __always_inline void remove_listener(const struct sock *sk, __u64 key) {
    struct listener_address at = {};
    struct listeners *others;

    if (bpf_map_delete_elem(&listener_owners, &key) != 0)
        return;
    read_listener_address(sk, &at);
    others = bpf_map_lookup_elem(&listeners, &at);
    if (!others)
        return;
    if (others->sockets > 1)
        others->sockets--;
    else
        bpf_map_delete_elem(&listeners, &at);
}

/* listen(2) runs in the process that will own the listener. Any process may close the listener. */
static __always_inline void follow_listener(const struct sock *sk, __u64 key, bool listens) {
    struct process owner = {};

    if (!listens) {
        remove_listener(sk, key);
        return;
    }
    read_current_process(&owner);
    if (process_details)
        describe_process(&owner);
    add_listener(sk, key, &owner);
}

/*
 * Finds the owner of the listener of a child. The listener has the address of the child, or listens on all addresses.
 */
static __always_inline bool find_listener(const struct sock *child, const struct endpoints *ends,
                                          struct process *owner) {
    struct listener_address at = {};
    struct listeners *found;

    read_listener_address(child, &at);
    at.port = ends->local_port;
    found = bpf_map_lookup_elem(&listeners, &at);
    if (!found) {
        __builtin_memset(at.address, 0, sizeof(at.address));
        found = bpf_map_lookup_elem(&listeners, &at);
    }
    if (!found || found->shared)
        return false;
    *owner = found->owner;
    return true;
}

#endif
