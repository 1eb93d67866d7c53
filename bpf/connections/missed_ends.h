/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Connections whose end no program saw: entries without a socket. Part of connections.bpf.c, whose maps it uses. */
#ifndef RINGCAP_MISSED_ENDS_H
#define RINGCAP_MISSED_ENDS_H

/*
 * Whether the socket of an entry has left its connection. It is looked at by its address, whatever network namespace it
 * is in and whether or not a process has it open; the memory may belong to somebody else by now, who has another
 * cookie. A socket is freed in TCP_CLOSE, which its memory then shows, and enters that too when TIME-WAIT begins.
 *
 * The kernel stores a state when the programs have run for it (inet_sk_state_store): who reads an end here, and then
 * finds the entry, has found one that no program will delete.
 */
static __always_inline bool has_ended(__u64 key, const struct connection *connection) {
    const struct sock *sk = (const struct sock *)connection->socket;
    int state;

    if (!is_tcp_socket(sk) || (!key_by_pointer && key_of_asked(sk) != key))
        return true;
    /* In the midst of connect(2) the entry is there, and the state that it tells is not yet. */
    if (connection->state == TCP_SYN_SENT && held_by_process(sk))
        return false;
    state = BPF_CORE_READ(sk, __sk_common.skc_state);
    return state == TCP_CLOSE || state == TCP_LISTEN;
}

/* Takes an entry away that no program will; it counts where its end would have been told, and was not. */
static __always_inline void miss(__u64 key, const struct connection *connection) {
    struct connection_counters *counts = counters_of_this_cpu();
    const bool matches =
        connection->state != TCP_CLOSE && !(connection->flags & CONNECTION_UNDECIDED) && owner_matches(connection);

    if (bpf_map_delete_elem(&connections, &key) != 0 || !counts)
        return;
    count(&counts->deleted);
    if (matches)
        count(&counts->missed);
}

/*
 * Whether a change of state is of a connection after the one that the entry tells of: the socket connects again, or,
 * where entries go by the address, another has its place.
 */
static __always_inline bool is_of_another(const struct connection *connection, int old_state, int state) {
    if (state == TCP_SYN_SENT)
        return true;
    /* Both ends may have sent a SYN: then the entry is in one of these states. */
    return old_state == TCP_SYN_RECV && connection->state != TCP_SYN_SENT && connection->state != TCP_SYN_RECV;
}

/* Runs for each entry of the table. */
SEC("iter/bpf_map_elem")
int find_missed(struct bpf_iter__bpf_map_elem *context) {
    const struct connection *met = context->value;
    const __u64 *key_met = context->key;
    struct connection *connection;
    __u64 key;

    if (!key_met || !met)
        return 0;
    key = *key_met;
    if (!has_ended(key, met))
        return 0;
    /* What was met may be on its way to another connection; what is found by its key is whole. */
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection && has_ended(key, connection))
        miss(key, connection);
    return 0;
}

#endif
