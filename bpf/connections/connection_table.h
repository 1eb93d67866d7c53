/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Entries of the table of connections: who owns them, and how they are made and removed. */
#ifndef RINGCAP_CONNECTION_TABLE_H
#define RINGCAP_CONNECTION_TABLE_H

#include "connections/connection_emit.h"

static __always_inline void own_by_current(struct connection *connection) {
    read_current_process(&connection->owner);
    connection->flags |= CONNECTION_OWNED | CONNECTION_ACCEPTED;
    if (process_details)
        describe_process(&connection->owner);
}

#include "connections/listeners.h"

/* A connection belongs to the listener's process until a process accepts it. Its user is known in any case. */
static __always_inline void own_by_listener(struct connection *connection, struct sock *sk,
                                            const struct endpoints *ends) {
    if (find_listener(sk, ends, &connection->owner))
        connection->flags |= CONNECTION_OWNED;
    else
        connection->owner.uid = BPF_CORE_READ(sk, sk_uid.val);
}

static __always_inline bool held_by_process(const struct sock *sk) {
    return BPF_CORE_READ(sk, sk_lock.owned) != 0;
}

/*
 * Enters a connection that is met in the middle of its life: at the end of the server's handshake, or where its
 * beginning was not seen.
 */
static __always_inline void meet(struct connection *connection, struct sock *sk, const struct endpoints *ends,
                                 int old_state, __u64 now) {
    connection->started = now;
    if (old_state == TCP_SYN_RECV) {
        connection->role = ROLE_SERVER;
    } else {
        connection->role = role_of(sk, old_state);
        connection->flags = CONNECTION_OLDER;
    }
    if (connection->role == ROLE_CLIENT)
        connection->owner.uid = BPF_CORE_READ(sk, sk_uid.val);
    else
        own_by_listener(connection, sk, ends);
    if (connection->role == ROLE_UNKNOWN)
        connection->role = connection->flags & CONNECTION_OWNED ? ROLE_SERVER : ROLE_CLIENT;
}

/* Returns false when the connection has an entry already. */
static __always_inline bool remember(__u64 key, const struct connection *connection) {
    struct connection_counters *counts = counters_of_this_cpu();
    const long result = bpf_map_update_elem(&connections, &key, connection, BPF_NOEXIST);

    if (!counts || result == -ERROR_EXISTS)
        return false;
    count(result == 0 ? &counts->inserted : &counts->not_inserted);
    return true;
}

static __always_inline void forget(__u64 key) {
    struct connection_counters *counts = counters_of_this_cpu();

    if (bpf_map_delete_elem(&connections, &key) == 0 && counts)
        count(&counts->deleted);
}

#endif
