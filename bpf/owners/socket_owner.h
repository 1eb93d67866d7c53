/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The process that a socket belongs to. socket_owners.bpf.c stores it and capture.bpf.c reads it. The kernel keeps the
 * owner with the socket, and copies a listener's owner to each incoming connection.
 */
#ifndef RINGCAP_SOCKET_OWNER_H
#define RINGCAP_SOCKET_OWNER_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/packet_record.h"

struct owner {
    struct packet_process process;
    __u32 of_command; /* whether the process is the command that the capture runs, or descends from it:
                         command_processes.h */
};

struct socket_owner {
    __u64 cookie; /* key in acceptors of a connection that came in; 0 for other sockets */
    struct owner owner;
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
    __type(value, struct owner);
} acceptors SEC(".maps");

/* The ends of a TCP connection in network byte order. IPv4 addresses are in the first word. */
struct connection_ends {
    __u32 local_address[4];
    __u32 remote_address[4];
    __u16 local_port;
    __u16 remote_port;
    __u32 ip_version; /* 4 or 6 */
};

/*
 * Connections of the command's sockets. When the socket is gone (TIME_WAIT), the kernel goes on for it, and it sends
 * RST through a socket of its own. No packet of either kind leads to the owner of the socket.
 */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 65536);
    __type(key, struct connection_ends);
    __type(value, __u8);
} command_connections SEC(".maps");

/*
 * Returns the process that accepted the connection of a socket, or, for other sockets, the process that is noted
 * with them.
 */
static __always_inline const struct owner *owner_of(const struct socket_owner *noted) {
    const __u64 cookie = noted->cookie;
    const struct owner *acceptor = cookie ? bpf_map_lookup_elem(&acceptors, &cookie) : NULL;

    return acceptor ? acceptor : &noted->owner;
}

#endif
