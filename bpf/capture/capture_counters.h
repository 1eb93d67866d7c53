/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Counts of packets on one CPU. Every packet that matched is counted in exactly one of sampled_out, rate_limited,
 * submitted, ring_full and copy_failed.
 */
#ifndef RINGCAP_CAPTURE_COUNTERS_H
#define RINGCAP_CAPTURE_COUNTERS_H

#include <linux/types.h>

struct capture_counters {
    __u64 seen;         /* packets that met the program */
    __u64 matched;      /* packets that passed the filter */
    __u64 sampled_out;  /* packets that sampling left out */
    __u64 rate_limited; /* packets beyond the packets a second */
    __u64 submitted;    /* records in the ring */
    __u64 ring_full;    /* packets whose ring had no room or was claimed by another producer */
    __u64 copy_failed;  /* packets whose bytes the kernel did not give */
    __u64 lost_told;    /* packets that matched and were not recorded, of which a later record told */
    __u32 zero;         /* always 0; the verifier does not know that (src/filter/ebpf) */
    __u32 reserved;
};

#endif
