/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Writes into a ring of packet_ring.h: claims, stamps, publishes and releases. */
#ifndef RINGCAP_PRODUCE_H
#define RINGCAP_PRODUCE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "filter/packet.h"
#include "capture/packet_ring.h"

#define NANOSECONDS_PER_SECOND 1000000000ULL
/* A producer claims a ring for some ten nanoseconds. Another producer meets it only where CPUs share a ring. */
#define CLAIM_ATTEMPTS 16

#define COMPILER_BARRIER() __asm__ volatile("" ::: "memory")
#define LOAD_ONCE(place) (*(volatile __typeof__(place) *)&(place))
#define STORE_ONCE(place, value) (*(volatile __typeof__(place) *)&(place) = (value))

/*
 * Claims the ring. Returns false when another producer keeps it. That producer may be one that this program has
 * interrupted, or preempted (as PREEMPT_RT allows), and it could not go on however long this program waited.
 * `contended` says whether there can be several producers at a time. Where there cannot, a plain store suffices: a
 * locked instruction would wait until the cache line of the previous record has come back from the CPU that has read
 * it.
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

/* The time of the record at the position, nanoseconds since the epoch. Notes where a generation begins. */
static __always_inline __u64 time_of_record(struct packet_ring *ring, __u64 position) {
    const __u64 generation = LOAD_ONCE(ring->clock_generation);
    const __u64 now = bpf_ktime_get_ns() + LOAD_ONCE(ring->epoch_offset);

    if (generation != ring->generation) {
        ring->stepped_at = position;
        ring->generation = generation;
    }
    return now;
}

/* Writes the time into the record. `unit` is the record's unit of time in nanoseconds, 1 or 1000. */
static __always_inline void stamp(struct packet_ring *ring, struct packet_record *record, __u64 now, __u32 unit) {
    __u64 fraction = now - ring->second_start;

    /* This is also true where the clock was set back, because the unsigned difference is then huge. */
    if (fraction >= NANOSECONDS_PER_SECOND) {
        const __u64 second = now / NANOSECONDS_PER_SECOND;
        ring->second = second;
        ring->second_start = second * NANOSECONDS_PER_SECOND;
        fraction = now - second * NANOSECONDS_PER_SECOND;
    }
    record->seconds = ring->second;
    /* This divides by 1000 by a multiplication, which is exact for values below 2^32 (Granlund and Montgomery). */
    record->fraction = unit == 1 ? fraction : (fraction * 0x10624dd3) >> 38;
}

/*
 * Publishes a record of `length` bytes at the mark. `size` is that of the ring in bytes. `ordered_stores` says whether
 * other CPUs see stores in the order in which this CPU makes them.
 */
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
        /*
         * BPF has no store with release semantics, so an exchange keeps the stores of the record in front of this one.
         */
        __sync_lock_test_and_set(&ring->published, position);
    }
}

#endif
