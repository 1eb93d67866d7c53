/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The lease: matching packets are dropped until this time (CLOCK_MONOTONIC, ns). User space moves the time ahead as
 * long as it lives and wants packets dropped. Dropping therefore ends when user space ends, stands still, or waits. All
 * programs of a capture share the lease.
 */
#ifndef RINGCAP_DROP_LEASE_H
#define RINGCAP_DROP_LEASE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/produce.h"

const volatile __u8 drop_matched;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} drop_lease SEC(".maps");

/*
 * The coarse clock advances with the kernel's timer tick. That is exact enough for a lease of seconds, and reading it
 * costs one load.
 */
static __always_inline bool drops_matched(void) {
    const __u32 zero = 0;
    const __u64 *until;

    if (!drop_matched)
        return false;
    until = bpf_map_lookup_elem(&drop_lease, &zero);
    return until && bpf_ktime_get_coarse_ns() < LOAD_ONCE(*until);
}

#endif
