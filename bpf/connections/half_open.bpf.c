// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Shows how far a SYN flood gets. It counts the SYNs of each listener where they reach the listener, and reads the
 * state of the listener's queues. Its memory grows with the number of listeners, and not with the number of senders.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "connections/half_open.h"
#include "lib/kernel_types.h"
#include "lib/process.h"
#include "lib/socket.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define FLAGS_OFFSET 13 /* of the TCP header: RFC 9293 section 3.1 */
#define FLAG_SYN 0x02
#define FLAG_ACK 0x10
#define IPV6_HEADER_LENGTH 40

/* Counts of SYNs, by the cookie of the listener that they reached. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, __u64);
    __type(value, __u64);
} syns SEC(".maps");

/* Runs for each packet of a socket before the socket gets it. SYNs behind IPv6 extension headers are not counted. */
SEC("cgroup_skb/ingress")
int count_syns(struct __sk_buff *skb) {
    const __u64 one = 1;
    __u64 cookie;
    __u64 *count;
    __u32 offset;
    __u8 byte = 0;
    __u8 protocol = 0;

    if (!skb->sk || skb->sk->state != TCP_LISTEN)
        return 1;
    if (bpf_skb_load_bytes(skb, 0, &byte, 1) != 0)
        return 1;
    offset = byte >> 4 == 6 ? IPV6_HEADER_LENGTH : (byte & 0x0f) * 4;
    if (bpf_skb_load_bytes(skb, byte >> 4 == 6 ? 6 : 9, &protocol, 1) != 0 || protocol != PROTOCOL_NUMBER_TCP)
        return 1;
    if (bpf_skb_load_bytes(skb, offset + FLAGS_OFFSET, &byte, 1) != 0)
        return 1;
    if ((byte & (FLAG_SYN | FLAG_ACK)) != FLAG_SYN)
        return 1;
    cookie = bpf_get_socket_cookie(skb);
    count = bpf_map_lookup_elem(&syns, &cookie);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        bpf_map_update_elem(&syns, &cookie, &one, BPF_ANY);
    return 1;
}

/* Writes a record for each listener and each process that has it open. */
SEC("iter/task_file")
int list_listeners(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct file *file = context->file;
    struct listener_record record = {};
    struct socket *socket;
    struct sock *sk;

    if (!task || !file)
        return 0;
    socket = bpf_sock_from_file(file);
    sk = socket ? socket->sk : NULL;
    if (!sk || !is_tcp_socket(sk) || BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN)
        return 0;
    record.cookie = bpf_get_socket_cookie(sk);
    read_process(task, &record.process);
    record.network_namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
    record.syn_received = BPF_CORE_READ((struct inet_connection_sock *)sk, icsk_accept_queue.qlen.counter);
    record.accept_queue = BPF_CORE_READ(sk, sk_ack_backlog);
    record.accept_queue_limit = BPF_CORE_READ(sk, sk_max_ack_backlog);
    record.drops = BPF_CORE_READ(sk, sk_drops.counter);
    record.port = bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
    record.family = 4;
    if (BPF_CORE_READ(sk, __sk_common.skc_family) == ADDRESS_FAMILY_IPV6) {
        record.family = 6;
        BPF_CORE_READ_INTO(&record.address, sk, __sk_common.skc_v6_rcv_saddr);
    } else {
        *(__u32 *)record.address = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
    }
    bpf_seq_write(context->meta->seq, &record, sizeof(record));
    return 0;
}
