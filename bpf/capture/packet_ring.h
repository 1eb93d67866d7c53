/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The ring of one CPU. It is the value of a BPF array that user space maps (BPF_F_MMAPABLE). This header and the
 * records from PACKET_RING_DATA on are the only contract between the program and user space.
 *
 * A position counts the bytes that were written into the ring since its start, modulo 2^36. The size of a ring is a
 * power of two, and a position modulo that size is an offset into the ring. One pass through the ring is a lap. A
 * record lies in one piece: the last record of a lap runs on behind the end of the ring, where there is room for the
 * largest record, and the next record starts at the beginning of the next lap.
 *
 * A ring has one producer at a time. The producer sets `claimed`, stamps and writes its record, publishes the record
 * (by a store where stores keep their order, and otherwise by an exchange), and clears `claimed`. A ring of one CPU is
 * claimed by a plain store, because no other producer can run on that CPU meanwhile. A shared ring is claimed by an
 * exchange. A reader that sees a ring unclaimed knows this: every record that is not published yet will have a later
 * stamp than the moment PACKET_RING_CLAIM_SEEN nanoseconds earlier. A store that a CPU has executed takes that long, at
 * most, until other CPUs see it.
 */
#ifndef RINGCAP_PACKET_RING_H
#define RINGCAP_PACKET_RING_H

#include <linux/types.h>

#include "capture/packet_record.h"

struct packet_ring {
    /* Written by user space. */
    __u64 consumed;         /* position up to which the producer may write again */
    __u64 epoch_offset;     /* CLOCK_REALTIME minus CLOCK_MONOTONIC, ns */
    __u64 clock_generation; /* counts the changes of epoch_offset */
    __u64 reserved_for_user[5];
    /* Written by the producer. */
    __u64 claimed;
    __u64 published; /* mark behind the last whole record */
    __u64 lap_end; /* mark behind the last record of the last finished lap; its position counts from the lap's start */
    __u64 generation;   /* clock_generation of the last record */
    __u64 stepped_at;   /* position of the first record of that generation */
    __u64 second_start; /* ns since the epoch: the beginning of the second of the last record */
    __u64 second;       /* the same in seconds */
    __u64 unwoken;      /* bytes published since user space was last woken */
};

/*
 * A mark is a position and the number of records that lie before it: 36 bits of a position, and 28 bits of a count
 * modulo 2^28.
 */
#define PACKET_RING_POSITION_BITS 36
#define PACKET_RING_POSITION_MASK ((1ULL << PACKET_RING_POSITION_BITS) - 1)

/*
 * Nanoseconds after which a claim is visible to other CPUs. No architecture promises a time. But a CPU writes out its
 * stores as soon as it has the cache lines, which takes some 0.1 us for each, and before it takes an interrupt. If a
 * store took longer, two packets of different CPUs would change places, and none would be lost.
 */
#define PACKET_RING_CLAIM_SEEN 10000

#define PACKET_RING_DATA 4096
/*
 * Bytes behind the end of the ring that the last record of a lap can need. Twice 64 KiB are for the verifier, which
 * assumes that a copy in pieces may reach that far.
 */
#define PACKET_RING_OVERRUN (PACKET_CAPTURED_LENGTH_MAX + 2 * 65536 - PACKET_RING_DATA)
/* The verifier bounds offsets into a map's value by 2^29 (BPF_MAX_VAR_OFF), and a record must fit behind the offset. */
#define PACKET_RING_SIZE_MAX (1U << 28)

RINGCAP_STATIC_ASSERT(sizeof(struct packet_record) + PACKET_CAPTURED_LENGTH_MAX + sizeof(struct packet_origin) +
                          sizeof(struct packet_process) <=
                      PACKET_RING_OVERRUN);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_ring) == 128);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_ring, claimed) == 64);

#endif
