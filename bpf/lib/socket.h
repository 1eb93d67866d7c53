/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * What a TCP socket says of its connection. Every read is a CO-RE read: the pointer may be one the verifier distrusts.
 */
#ifndef RINGCAP_SOCKET_H
#define RINGCAP_SOCKET_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "connections/connection_record.h"
#include "lib/kernel_types.h"

struct endpoints {
    __u32 network_namespace;
    __u16 local_port;
    __u16 remote_port;
    __u32 local_address[4];
    __u32 remote_address[4];
    __u8 family; /* 4 or 6; 0: no TCP socket of the internet */
};

static __always_inline bool is_tcp_socket(const struct sock *sk) {
    const __u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

    if (family != ADDRESS_FAMILY_IPV4 && family != ADDRESS_FAMILY_IPV6)
        return false;
    return BPF_CORE_READ(sk, sk_protocol) == PROTOCOL_NUMBER_TCP;
}

static __always_inline bool is_mapped(const __u32 address[4]) {
    return address[0] == 0 && address[1] == 0 && address[2] == bpf_htonl(0xffff);
}

/* Reads the endpoints. IPv4 on a socket of IPv6 counts as IPv4. */
static __always_inline void read_endpoints(const struct sock *sk, struct endpoints *ends) {
    /* A closed socket has given back skc_num, and a new child does not have it yet. */
    ends->local_port = bpf_ntohs(BPF_CORE_READ((const struct inet_sock *)sk, inet_sport));
    ends->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
    ends->network_namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
    ends->family = 4;
    if (BPF_CORE_READ(sk, __sk_common.skc_family) == ADDRESS_FAMILY_IPV6) {
        BPF_CORE_READ_INTO(&ends->remote_address, sk, __sk_common.skc_v6_daddr);
        if (!is_mapped(ends->remote_address)) {
            BPF_CORE_READ_INTO(&ends->local_address, sk, __sk_common.skc_v6_rcv_saddr);
            ends->family = 6;
            return;
        }
        ends->remote_address[1] = ends->remote_address[2] = ends->remote_address[3] = 0;
    }
    ends->remote_address[0] = BPF_CORE_READ(sk, __sk_common.skc_daddr);
    ends->local_address[0] = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
}

/* The kernel counts a received FIN as a byte. */
static __always_inline bool received_fin(const struct sock *sk) {
    return BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE_BIT & 1;
}

static __always_inline __u64 bytes_sent_once(const struct tcp_sock *tcp) {
    return BPF_CORE_READ(tcp, bytes_sent) - BPF_CORE_READ(tcp, bytes_retrans);
}

static __always_inline void read_statistics(const struct sock *sk, struct connection_record *record) {
    const struct tcp_sock *tcp = (const struct tcp_sock *)sk;

    record->bytes_sent = bytes_sent_once(tcp);
    record->bytes_received = BPF_CORE_READ(tcp, bytes_received) - received_fin(sk);
    record->retransmits = BPF_CORE_READ(tcp, total_retrans);
    record->round_trip_time = BPF_CORE_READ(tcp, srtt_us) >> 3;
}

/*
 * Returns the time of the SYN that a child in SYN_RECV answers. The first round-trip time was measured from that SYN
 * to the present (tcp_synack_rtt_meas). It is not measured where the answer had to be sent again, or was a cookie.
 */
static __always_inline __u64 time_of_syn(const struct sock *sk, __u64 now) {
    return now - (__u64)(BPF_CORE_READ((const struct tcp_sock *)sk, srtt_us) >> 3) * 1000;
}

/*
 * Returns which side opened an established connection. The side that sent the SYN has it counted among its
 * acknowledged bytes, and the side that answered does not. The role is not known of a connection that is being
 * closed.
 */
static __always_inline __u8 role_of(const struct sock *sk, int state) {
    const struct tcp_sock *tcp = (const struct tcp_sock *)sk;
    __u32 in_flight;

    if (state == TCP_SYN_SENT)
        return ROLE_CLIENT;
    if (state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT)
        return ROLE_UNKNOWN;
    in_flight = BPF_CORE_READ(tcp, snd_nxt) - BPF_CORE_READ(tcp, snd_una);
    return BPF_CORE_READ(tcp, bytes_acked) + in_flight == bytes_sent_once(tcp) ? ROLE_SERVER : ROLE_CLIENT;
}

/*
 * Whether data came that nobody will read any more. Closing such a socket resets the connection (RFC 2525 section
 * 2.17).
 */
static __always_inline bool has_unread_data(const struct sock *sk) {
    const struct tcp_sock *tcp = (const struct tcp_sock *)sk;

    return (__s32)(BPF_CORE_READ(tcp, rcv_nxt) - BPF_CORE_READ(tcp, copied_seq)) > 0;
}

static __always_inline __u8 reason_of_unopened(const struct sock *sk, int error) {
    switch (error) {
    case ERROR_REFUSED:
        return REASON_REFUSED;
    case ERROR_UNREACHABLE_HOST:
    case ERROR_UNREACHABLE_NETWORK:
        return REASON_UNREACHABLE;
    case ERROR_TIMED_OUT:
        return REASON_SYN_UNANSWERED;
    case 0: /* The program gave up, or the SYN was never sent for want of a port or a route. */
        return BPF_CORE_READ((const struct tcp_sock *)sk, segs_out) ? REASON_SYN_UNANSWERED : REASON_ERROR;
    default:
        return REASON_ERROR;
    }
}

/*
 * Returns why a socket in the old state closes. Whoever gave the connection up has noted an error: the peer's RST
 * (tcp_reset), or a timer (tcp_write_err), which may tell of the last ICMP error instead of the timeout. Without an
 * error, only closing states end with FIN, and other states are left by sending RST (tcp_close with unread data,
 * SO_LINGER of 0).
 */
static __always_inline __u8 close_reason_of(const struct sock *sk, int old_state) {
    const int error = BPF_CORE_READ(sk, sk_err);

    if (old_state == TCP_SYN_SENT)
        return reason_of_unopened(sk, error);
    switch (error) {
    case ERROR_TIMED_OUT:
    case ERROR_UNREACHABLE_HOST:
    case ERROR_UNREACHABLE_NETWORK:
        return REASON_TIMEOUT;
    case 0:
        break;
    default:
        return REASON_RST;
    }
    switch (old_state) {
    case TCP_LAST_ACK:
    case TCP_CLOSING:
        return REASON_FIN;
    case TCP_FIN_WAIT2:
        return !received_fin(sk) && has_unread_data(sk) ? REASON_RST : REASON_FIN;
    default:
        return REASON_RST;
    }
}

#endif
