/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The producer's side of packet_ring.h. */
#ifndef RINGCAP_PRODUCE_H
#define RINGCAP_PRODUCE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "filter/packet.h"
#include "capture/packet_ring.h"

#define NANOSECONDS_PER_SECOND 1000000000ULL
/* A producer needs some ten nanoseconds, and is met by another one only where CPUs share a ring. */
#define CLAIM_ATTEMPTS 16

#define COMPILER_BARRIER() __asm__ volatile("" ::: "memory")
#define LOAD_ONCE(place) (*(volatile __typeof__(place) *)&(place))
#define STORE_ONCE(place, value) (*(volatile __typeof__(place) *)&(place) = (value))

/*
 * False when another producer keeps the ring: one that this one has interrupted, or preempted as PREEMPT_RT allows,
 * could not go on however long this one waited. contended: whether there can be several at a time. A locked instruction
 * waits until the record before has arrived in the cache, which another CPU has read last.
 */
static __always_inline bool claim(struct packet_ring *ring, bool contended) {
    if (!contended) {
        if (LOAD_ONCE(ring->claimed))
            return false;
        STORE_ONCE(ring->claimed, 1);
        COMPILER_BARRIER();
        return true;
    }
    for (int i = 0; i < CLAIM_ATTEMPTS; i++) {
        if (__sync_lock_test_and_set(&ring->claimed, 1) == 0)
            return true;
    }
    return false;
}

static __always_inline void release(struct packet_ring *ring, bool contended) {
    COMPILER_BARRIER();
    if (contended)
        __sync_lock_test_and_set(&ring->claimed, 0);
    else
        STORE_ONCE(ring->claimed, 0);
}

static __always_inline bool has_room(const struct packet_ring *ring, __u64 position, __u64 length, __u64 size) {
    return ((position + length - LOAD_ONCE(ring->consumed)) & PACKET_RING_POSITION_MASK) <= size;
}

/* unit: nanoseconds, 1 or 1000. */
static __always_inline void stamp(struct packet_ring *ring, struct packet_record *record, __u64 position, __u32 unit) {
    const __u64 generation = LOAD_ONCE(ring->clock_generation);
    const __u64 now = bpf_ktime_get_ns() + LOAD_ONCE(ring->epoch_offset);
    __u64 fraction = now - ring->second_start;

    if (generation != ring->generation) {
        ring->stepped_at = position;
        ring->generation = generation;
    }
    /* Also where the clock was set back: the difference is then huge. */
    if (fraction >= NANOSECONDS_PER_SECOND) {
        const __u64 second = now / NANOSECONDS_PER_SECOND;
        ring->second = second;
        ring->second_start = second * NANOSECONDS_PER_SECOND;
        fraction = now - second * NANOSECONDS_PER_SECOND;
    }
    record->seconds = ring->second;
    /* A division by 1000: the quotient is exact below 2^32 (Granlund and Montgomery). */
    record->fraction = unit == 1 ? fraction : (fraction * 0x10624dd3) >> 38;
}

/* size: of the ring, bytes. ordered_stores: other CPUs see stores in the order in which this one makes them. */
static __always_inline void publish(struct packet_ring *ring, __u64 mark, __u64 length, __u64 size,
                                    bool ordered_stores) {
    const __u64 end = (mark & (size - 1)) + length;
    const __u64 records = (mark >> PACKET_RING_POSITION_BITS) + 1;
    __u64 position = mark + length;

    if (end >= size) {
        STORE_ONCE(ring->lap_end, records << PACKET_RING_POSITION_BITS | end);
        position = (mark | (size - 1)) + 1;
    }
    position = records << PACKET_RING_POSITION_BITS | (position & PACKET_RING_POSITION_MASK);
    if (ordered_stores) {
        COMPILER_BARRIER();
        STORE_ONCE(ring->published, position);
    } else {
        /* An exchange, because BPF has no store that keeps what was written before in front of it. */
        __sync_lock_test_and_set(&ring->published, position);
    }
}

#endif
