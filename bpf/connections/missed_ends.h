/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Finds connections whose end no program saw: entries without a socket. This is a part of connections.bpf.c, whose maps
 * it uses.
 */
#ifndef RINGCAP_MISSED_ENDS_H
#define RINGCAP_MISSED_ENDS_H

/*
 * Whether the socket of an entry has left its connection. The program looks at the socket by its address, whatever
 * network namespace the socket is in and whether or not a process has it open. The memory may belong to another socket
 * by then, which has another cookie. The kernel frees a socket in the state TCP_CLOSE, which the freed memory still
 * shows, and a socket enters that state also when TIME-WAIT begins.
 *
 * The kernel stores a state after the programs have run for it (inet_sk_state_store). A program that reads the end of a
 * connection here, and finds the entry afterwards, has therefore found an entry that no other program will delete.
 */
static __always_inline bool has_ended(__u64 key, const struct connection *connection) {
    const struct sock *sk = (const struct sock *)connection->socket;
    int state;

    if (!is_tcp_socket(sk) || (!key_by_pointer && key_of_asked(sk) != key))
        return true;
    /* During connect(2) the entry exists before the socket has the state that the entry tells. */
    if (connection->state == TCP_SYN_SENT && held_by_process(sk))
        return false;
    state = BPF_CORE_READ(sk, __sk_common.skc_state);
    return state == TCP_CLOSE || state == TCP_LISTEN;
}

/*
 * Removes an entry that no other program will remove. The end is counted as missed where the filter would have told it.
 */
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
 * Whether a change of state belongs to a later connection than the entry. Either the socket connects again, or entries
 * go by the address of the socket and another socket has that address.
 */
static __always_inline bool is_of_another(const struct connection *connection, int old_state, int state) {
    if (state == TCP_SYN_SENT)
        return true;
    /* Where both ends have sent a SYN, the entry is in one of these states. */
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
    /*
     * The entry that the walk shows may be changing to another connection. The entry that is looked up by its key is
     * whole.
     */
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection && has_ended(key, connection))
        miss(key, connection);
    return 0;
}

#endif
