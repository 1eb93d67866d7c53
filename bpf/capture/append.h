/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What the two ways of laying a packet out in a ring (append_record.h, append_block.h) have in common. */
#ifndef RINGCAP_APPEND_H
#define RINGCAP_APPEND_H

#include "capture/admission.h"
#include "capture/capture_counters.h"
#include "capture/copy.h"
#include "capture/produce.h"
#include "capture/rings.h"

/* A packet that is to be recorded. */
struct recorded {
    const struct packet *packet;
    const struct packet_origin *from;     /* without the number of lost packets */
    const struct packet_process *process; /* or NULL */
    __u32 original_length;
    __u64 captured_length; /* at most PACKET_CAPTURED_LENGTH_MAX */
};

static __always_inline void *place_in_ring(struct packet_ring *ring, __u64 mark) {
    return (void *)ring + PACKET_RING_DATA + (mark & (ring_size - 1));
}

/*
 * The number of packets that matched on this CPU and were not recorded, since a record told of such a number. It is
 * asked for while this CPU's ring is claimed, so that no loss is told of twice.
 */
static __always_inline __u64 losses_to_tell(const struct capture_counters *counts) {
    return left_out(counts) + counts->ring_full + counts->copy_failed - counts->lost_told;
}

static __always_inline void note_told(struct capture_counters *counts, __u64 losses) {
    counts->lost_told += losses;
}

#endif
