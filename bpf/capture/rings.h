/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The maps of the rings, and how user space is woken. */
#ifndef RINGCAP_RINGS_H
#define RINGCAP_RINGS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/packet_ring.h"

const volatile __u32 ring_size = 4096; /* bytes, a power of two */
const volatile __u32 shared_ring;      /* index of the ring that CPUs without a ring of their own share */

struct ring {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, PACKET_RING_DATA + 4096 + PACKET_RING_OVERRUN); /* set before loading, with ring_size */
};

/* A ring for each CPU that was online at the start, and one that the others share. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct ring);
} rings SEC(".maps");

/* User space sleeps on this ring buffer and reads nothing from it. All programs of a capture share it. */
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} wakeups SEC(".maps");

/* Sets `contended` where CPUs without a ring of their own share the ring. */
static __always_inline struct packet_ring *ring_of_this_cpu(bool *contended) {
    const __u32 zero = 0;
    __u32 index = bpf_get_smp_processor_id();
    void *ring = bpf_map_lookup_elem(&rings, &index);
    if (!ring) {
        *contended = true;
        index = shared_ring;
        ring = bpf_map_lookup_elem(&rings, &index);
    }
    return ring ? bpf_map_lookup_elem(ring, &zero) : NULL;
}

/*
 * Reserves a record of the ring buffer and discards it: the kernel wakes user space for a discarded record as for a
 * submitted one.
 */
static __always_inline void wake_user_space(void) {
    void *record = bpf_ringbuf_reserve(&wakeups, sizeof(__u64), 0);
    if (record)
        bpf_ringbuf_discard(record, BPF_RB_FORCE_WAKEUP);
}

#endif
