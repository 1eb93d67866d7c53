/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The process that a socket belongs to. socket_owners.bpf.c notes it and capture.bpf.c reads it. The kernel keeps the
 * note with the socket, and copies a listener's note to each incoming connection.
 */
#ifndef RINGCAP_SOCKET_OWNER_H
#define RINGCAP_SOCKET_OWNER_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/packet_record.h"

struct socket_owner {
    __u64 cookie; /* of a connection that came in: its key in acceptors; 0 of other sockets */
    struct packet_process process;
};

struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
    __type(key, int);
    __type(value, struct socket_owner);
} socket_owners SEC(".maps");

/*
 * The process that accepted a connection. The return of accept(2) shows the socket, but the verifier does not let the
 * program reach the socket's storage there.
 */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, struct packet_process);
} acceptors SEC(".maps");

#endif
