/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* One listener as half_open.bpf.c describes it: the contract with src/connections/half-open.ts. */
#ifndef RINGCAP_HALF_OPEN_H
#define RINGCAP_HALF_OPEN_H

#include "connections/connection_record.h"

struct listener_record {
    __u64 cookie;
    struct process process;
    __u32 network_namespace; /* inode number */
    __u32 syn_received;      /* connections in SYN_RECV: answered, not yet acknowledged */
    __u32 accept_queue;      /* connections that wait for accept(2) */
    __u32 accept_queue_limit;
    __u32 drops; /* SYNs and final acknowledgements that the listener had no room for, since it listens */
    __u16 port;
    __u8 family; /* 4 or 6: of the socket */
    __u8 reserved;
    __u8 address[16]; /* IPv4 uses the first four bytes */
};

RINGCAP_STATIC_ASSERT(sizeof(struct listener_record) == 88);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct listener_record, network_namespace) == 48);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct listener_record, address) == 72);

#endif
