/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The constants of connections.bpf.c, which user space sets before it loads the program, and the maps that it keeps. */
#ifndef RINGCAP_CONNECTION_MAPS_H
#define RINGCAP_CONNECTION_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "connections/connection_record.h"
#include "filter/filter_layout.h"
#include "lib/chosen_processes.h"
#include "lib/process.h"

/* Constants, written before the program is loaded. */
const volatile struct filter filter;
const volatile __u32 only_namespace; /* inode number; 0: all */
const volatile __u8 all_events;      /* whether every change of state makes a record, and not only a close */
const volatile __u8 process_details; /* whether processes have records too */
const volatile __u8
    key_by_pointer;              /* whether sockets are known by address: before 5.12 tracing programs get no cookies */
const volatile __u32 wake_bytes; /* bytes that may lie in the ring before user space is woken */

enum connection_flag {
    CONNECTION_OLDER = 1 << 0,     /* it began before it was seen, and its start is unknown */
    CONNECTION_ACCEPTED = 1 << 1,  /* the owner is the process that accepted or connected */
    CONNECTION_OWNED = 1 << 2,     /* the owner is known */
    CONNECTION_UNDECIDED = 1 << 3, /* the filter cannot decide before the local port is chosen */
};

struct connection {
    __u64 socket; /* its address */
    __u64 started;
    __u64 established;
    struct process owner;
    __u8 flags; /* enum connection_flag */
    __u8 role;
    __u8 closed_by;
    __u8 state; /* of TCP, as last seen */
    __u8 reserved[4];
};

struct listener_address {
    __u32 network_namespace;
    __u16 family; /* of the socket: a child has that of its listener */
    __u16 port;
    __u32 address[4];
};

/* Listeners of one address: more than one with SO_REUSEPORT. */
struct listeners {
    struct process owner;
    __u32 sockets;
    __u32 shared; /* whether several processes listen; the owner of a connection is then known when it is accepted */
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1);
    __type(key, __u64);
    __type(value, struct connection);
} connections SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, __u64);
    __type(value, struct process);
} listener_owners SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, struct listener_address);
    __type(value, struct listeners);
} listeners SEC(".maps");

/* Processes whose details are in the ring already, by pid and start time. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, __u64[2]);
    __type(value, __u8);
} known_processes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct network_key);
    __type(value, __u8);
} networks SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct connection_counters);
} counters SEC(".maps");

#define CLAIM_PLACES 16384
#define CLAIMS_OF_PLACE 4

/*
 * Changes of sockets that have no entry, or have it no more. One copy of the program has seen the change, and the
 * others may see it yet. The newest change stands first, so that a few other changes at the same place do not drive it
 * out.
 */
struct claims {
    __u64 changes[CLAIMS_OF_PLACE];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, CLAIM_PLACES);
    __type(key, __u32);
    __type(value, struct claims);
} claims SEC(".maps");

#endif
