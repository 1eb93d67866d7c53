/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What one CPU saw. Every packet that matched is in exactly one of submitted, ring_full and copy_failed. */
#ifndef RINGCAP_CAPTURE_COUNTERS_H
#define RINGCAP_CAPTURE_COUNTERS_H

#include <linux/types.h>

struct capture_counters {
    __u64 seen;        /* packets that met the program */
    __u64 matched;     /* packets that passed the filter */
    __u64 submitted;   /* records in the ring */
    __u64 ring_full;   /* packets for which the ring had no room, or was held by another producer */
    __u64 copy_failed; /* packets whose bytes the kernel did not give */
    __u64 lost_told;   /* of ring_full and copy_failed: packets that the origins of records told of */
    __u32 zero;        /* always 0, which the verifier does not know (src/filter/ebpf) */
    __u32 reserved;
};

#endif
