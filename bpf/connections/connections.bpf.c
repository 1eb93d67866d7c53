// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Follows TCP connections and the processes that own them, at the tracepoint of socket states. The program runs
 * wherever a state changes, also in a softirq. The current task is the owner only where a process holds the socket.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "connections/connection_record.h"
#include "filter/filter_layout.h"
#include "lib/accepted_socket.h"
#include "lib/kernel_types.h"
#include "lib/process.h"
#include "lib/socket.h"
#include "lib/state_changes.h"
#include "connections/connection_maps.h"
#include "connections/connection_emit.h"
#include "connections/connection_table.h"
#include "connections/missed_ends.h"
#include "connections/connection_claims.h"
#include "connections/connection_follow.h"

/* The kernel gives helpers for tracing only to programs under the GPL. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The same programs for kernels before 5.12, where programs with types of BTF cannot tell sockets apart. */
SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_first(struct bpf_raw_tracepoint_args *context) {
    return follow_state((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_second(struct bpf_raw_tracepoint_args *context) {
    return follow_state((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_third(struct bpf_raw_tracepoint_args *context) {
    return follow_state((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

/* accept(2) returns, and the process that called it owns the connection from here on. */
SEC("raw_tp/sys_exit")
int accept_returned(struct bpf_raw_tracepoint_args *context) {
    struct sock *sk = accepted_socket(context);
    struct connection *connection;
    struct endpoints ends = {};
    __u64 key;

    if (!sk)
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

/* Returns the TCP socket behind a file that an iterator shows, or NULL where the file is no TCP socket. */
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

/* Finds listeners that existed before the tracepoint was attached. */
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

/* Finds connections that existed before the tracepoint was attached. */
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
        /*
         * The connection began after the tracepoint was attached. The process that accepted it before is known only
         * here.
         */
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
    /* The connection may have ended since its state was read, and its end may have been told without the entry. */
    if (is_claimed(key, TCP_CLOSE))
        forget(key);
    return 0;
}
