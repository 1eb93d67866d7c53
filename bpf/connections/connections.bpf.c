// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Follows TCP connections and the processes that own them, by the tracepoint of socket states. It runs wherever the
 * state changes, in the midst of a softirq too: the current task is the owner only where a process holds the socket.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "connections/connection_record.h"
#include "filter/filter_layout.h"
#include "lib/kernel_types.h"
#include "lib/process.h"
#include "lib/socket.h"
#include "lib/system_call.h"
#include "connections/connection_maps.h"
#include "connections/connection_emit.h"
#include "connections/connection_table.h"
#include "connections/missed_ends.h"
#include "connections/connection_claims.h"

/* Helpers for tracing are given to programs under the GPL. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

/*
 * The kernel does not run a program within itself: what changes in a softirq that interrupts the program, or in a
 * process that preempts it on its CPU, would be lost, one change in some hundred on a busy host. So there are three of
 * it, and whichever runs first takes a change: while one is interrupted, another is free. The changes of one socket
 * come one after the other, under its lock: the others find the state that the first has noted.
 */
static __always_inline int follow(struct sock *sk, int old_state, int state) {
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
    /* A child is born, and has neither cookie nor addresses on kernels before 6.15. */
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
        /* The local port may not be chosen yet: whether it matches shows later. */
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
        /* A child that was established gets an entry; of others a claim alone tells that they were seen. */
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
    /* The compiler would compute addresses from it before it is compared with NULL, which the verifier refuses. */
    barrier_var(connection);
    if (connection->flags & CONNECTION_UNDECIDED) {
        connection->flags &= ~CONNECTION_UNDECIDED;
        count_opened();
        emit(sk, &ends, connection, EVENT_SYN_SENT, REASON_NONE, connection->started);
    }
    /* Field by field: accept(2) may be writing the owner on another CPU. */
    if (state == TCP_ESTABLISHED)
        connection->established = now;
    if (!(connection->flags & CONNECTION_ACCEPTED) && held_by_process(sk) && BPF_CORE_READ(sk, sk_socket)) {
        /* In the midst of accept(2), or of one that was not seen. */
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
    /* What was forgotten for want of room is not remembered again: it would be forgotten and counted twice. */
    if (connection == &fresh && !(fresh.flags & CONNECTION_OLDER))
        remember(key, &fresh);
    emit(sk, &ends, connection, state, REASON_NONE, now);
    return 0;
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_first(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_second(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_third(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_first(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_second(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_third(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

/* accept(2) returns: whoever called it has the connection now. */
SEC("raw_tp/sys_exit")
int accept_returned(struct bpf_raw_tracepoint_args *context) {
    const __u32 call = system_call_of((const void *)context->args[0]);
    const long descriptor = context->args[1];
    struct connection *connection;
    struct endpoints ends = {};
    struct sock *sk;
    __u64 key;

    if ((call != accept_calls[0] && call != accept_calls[1]) || descriptor < 0)
        return 0;
    sk = socket_of_descriptor(descriptor);
    if (!sk || !is_tcp_socket(sk))
        return 0;
    key = key_of_asked(sk);
    connection = bpf_map_lookup_elem(&connections, &key);
    if (!connection || connection->flags & CONNECTION_ACCEPTED)
        return 0;
    own_by_current(connection);
    if (all_events) {
        read_endpoints(sk, &ends);
        emit(sk, &ends, connection, EVENT_ACCEPT, REASON_NONE, bpf_ktime_get_ns());
    }
    return 0;
}

/* The TCP socket behind a file that an iterator shows; NULL when it is none. */
static __always_inline struct sock *iterated_socket(struct bpf_iter__task_file *context, __u64 *key) {
    struct file *file = context->file;
    struct socket *socket;
    struct sock *sk;

    if (!file)
        return NULL;
    if (key_by_pointer) {
        sk = is_socket(file) ? socket_of_file(file) : NULL;
        if (!sk || !is_tcp_socket(sk))
            return NULL;
        *key = (__u64)sk;
        return sk;
    }
    socket = bpf_sock_from_file(file);
    sk = socket ? socket->sk : NULL;
    if (!sk || !is_tcp_socket(sk))
        return NULL;
    *key = bpf_get_socket_cookie(sk);
    return sk;
}

/* Listeners that were there before. */
SEC("iter/task_file")
int find_listeners(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct process owner = {};
    __u64 key = 0;
    struct sock *sk = iterated_socket(context, &key);

    if (!sk || !task || BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN)
        return 0;
    read_process(task, &owner);
    add_listener(sk, key, &owner);
    return 0;
}

/* Connections that were there before. */
SEC("iter/task_file")
int find_connections(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct connection fresh = {};
    struct connection *connection;
    struct endpoints ends = {};
    __u64 key = 0;
    struct sock *sk = iterated_socket(context, &key);
    int state;

    if (!sk || !task)
        return 0;
    state = BPF_CORE_READ(sk, __sk_common.skc_state);
    if (state == TCP_LISTEN || state == TCP_CLOSE)
        return 0;
    read_endpoints(sk, &ends);
    if ((only_namespace && ends.network_namespace != only_namespace) || !endpoints_match(&ends, false))
        return 0;
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection) {
        /* It began after the tracepoint was attached; who accepted before that is known only now. */
        if (!(connection->flags & CONNECTION_ACCEPTED)) {
            read_process(task, &connection->owner);
            connection->flags |= CONNECTION_OWNED | CONNECTION_ACCEPTED;
        }
        return 0;
    }
    meet(&fresh, sk, &ends, state, bpf_ktime_get_ns());
    fresh.socket = (__u64)sk;
    fresh.state = state;
    fresh.flags |= CONNECTION_OLDER | CONNECTION_OWNED | CONNECTION_ACCEPTED;
    read_process(task, &fresh.owner);
    if (state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2)
        fresh.closed_by = CLOSED_BY_LOCAL;
    else if (state == TCP_CLOSE_WAIT)
        fresh.closed_by = CLOSED_BY_REMOTE;
    remember(key, &fresh);
    /* It may have ended since its state was read, and been told without the entry. */
    if (is_claimed(key, TCP_CLOSE))
        forget(key);
    return 0;
}
