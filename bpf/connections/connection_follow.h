/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What a change of the state of a socket means for the connection that it is of. */
#ifndef RINGCAP_CONNECTION_FOLLOW_H
#define RINGCAP_CONNECTION_FOLLOW_H

#include "connections/connection_claims.h"
#include "connections/connection_emit.h"
#include "connections/connection_table.h"
#include "connections/missed_ends.h"

static __always_inline int follow_state(struct sock *sk, int old_state, int state) {
    struct endpoints ends = {};
    struct connection fresh = {};
    struct connection *connection;
    const __u64 now = bpf_ktime_get_ns();
    __u64 key;

    if (!is_tcp_socket(sk))
        return 0;
    if (state == TCP_LISTEN || (old_state == TCP_LISTEN && state == TCP_CLOSE)) {
        follow_listener(sk, key_of(sk), state == TCP_LISTEN);
        return 0;
    }
    /* A child is created here. On kernels before 6.15 it has neither a cookie nor addresses yet. */
    if (old_state == TCP_LISTEN)
        return 0;
    key = key_of(sk);
    fresh.socket = (__u64)sk;
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection && connection->state == state)
        return 0;
    if (connection && is_of_another(connection, old_state, state)) {
        miss(key, connection);
        connection = NULL;
    }
    read_endpoints(sk, &ends);
    if (only_namespace && ends.network_namespace != only_namespace)
        return 0;
    if (state == TCP_SYN_SENT) {
        /* The local port may not be chosen yet; the filter then decides later. */
        if (!endpoints_match(&ends, ends.local_port == 0))
            return 0;
        fresh.started = now;
        fresh.role = ROLE_CLIENT;
        own_by_current(&fresh);
        if (!endpoints_match(&ends, false))
            fresh.flags |= CONNECTION_UNDECIDED;
        fresh.state = state;
        if (!remember(key, &fresh) || fresh.flags & CONNECTION_UNDECIDED)
            return 0;
        count_opened();
        emit(sk, &ends, &fresh, EVENT_SYN_SENT, REASON_NONE, now);
        return 0;
    }
    if (!endpoints_match(&ends, false)) {
        if (old_state == TCP_SYN_SENT)
            forget(key);
        return 0;
    }
    if (connection) {
        connection->state = state;
    } else {
        /* A child that was established gets an entry. For any other child a claim alone shows that it was seen. */
        if ((old_state != TCP_SYN_RECV || state == TCP_CLOSE) && !claim(key, state))
            return 0;
        fresh.state = state;
        meet(&fresh, sk, &ends, old_state, now);
        connection = &fresh;
        if (old_state == TCP_SYN_RECV) {
            count_opened();
            emit(sk, &ends, connection, EVENT_SYN_RECEIVED, REASON_NONE, time_of_syn(sk, now));
        }
    }
    /*
     * Without this the compiler computes addresses from the pointer before it compares the pointer with NULL, and the
     * verifier refuses that.
     */
    barrier_var(connection);
    if (connection->flags & CONNECTION_UNDECIDED) {
        connection->flags &= ~CONNECTION_UNDECIDED;
        count_opened();
        emit(sk, &ends, connection, EVENT_SYN_SENT, REASON_NONE, connection->started);
    }
    /* The fields are copied one by one, because accept(2) may be writing the owner on another CPU. */
    if (state == TCP_ESTABLISHED)
        connection->established = now;
    if (!(connection->flags & CONNECTION_ACCEPTED) && held_by_process(sk) && BPF_CORE_READ(sk, sk_socket)) {
        /* accept(2) has not returned yet, or its return was not seen. */
        own_by_current(connection);
        if (connection->role == ROLE_SERVER && !(connection->flags & CONNECTION_OLDER))
            emit(sk, &ends, connection, EVENT_ACCEPT, REASON_NONE, now);
    }
    if (connection->closed_by == CLOSED_BY_NOBODY) {
        if (state == TCP_FIN_WAIT1)
            connection->closed_by = CLOSED_BY_LOCAL;
        else if (state == TCP_CLOSE_WAIT)
            connection->closed_by = CLOSED_BY_REMOTE;
    }
    if (state == TCP_CLOSE) {
        const __u8 reason = close_reason_of(sk, old_state);
        if (reason == REASON_RST || reason == REASON_REFUSED)
            connection->closed_by = BPF_CORE_READ(sk, sk_err) ? CLOSED_BY_REMOTE : CLOSED_BY_LOCAL;
        else if (reason != REASON_FIN)
            connection->closed_by = CLOSED_BY_NOBODY;
        emit(sk, &ends, connection, EVENT_CLOSE, reason, now);
        if (connection != &fresh)
            claim(key, state);
        forget(key);
        return 0;
    }
    /*
     * A connection that was evicted for want of room gets no new entry, because it would be evicted and counted twice.
     */
    if (connection == &fresh && !(fresh.flags & CONNECTION_OLDER))
        remember(key, &fresh);
    emit(sk, &ends, connection, state, REASON_NONE, now);
    return 0;
}

#endif
