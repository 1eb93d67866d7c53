/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The ring of one CPU: the value of a BPF array that user space maps (BPF_F_MMAPABLE). The only contract between the
 * kernel and user space: this header, and from PACKET_RING_DATA on the records.
 *
 * Positions count bytes from 0 on, modulo 2^36; the size of a ring is a power of two, and a position's place in it is
 * the remainder. A record lies in one piece: the one that reaches the end of a lap runs on behind the end of the ring,
 * where there is room for the largest record, and the next one starts at the next lap's beginning.
 *
 * One producer at a time: it sets `claimed`, stamps and writes its record, publishes it (by an exchange, or where
 * stores keep their order by a store), and lets go. A CPU's own ring is claimed by a store, since nothing else can run
 * there meanwhile; one that is shared by an exchange. So whoever sees an unclaimed ring knows that records which are
 * not published yet will have later stamps than the moment PACKET_RING_CLAIM_SEEN before: a store that the CPU has
 * executed takes that long, at most, to be seen by the others.
 */
#ifndef RINGCAP_PACKET_RING_H
#define RINGCAP_PACKET_RING_H

#include <linux/types.h>

#include "capture/packet_record.h"

struct packet_ring {
    /* Written by user space. */
    __u64 consumed;         /* position up to which it needs nothing any more */
    __u64 epoch_offset;     /* CLOCK_REALTIME minus CLOCK_MONOTONIC, ns */
    __u64 clock_generation; /* counts the changes of epoch_offset */
    __u64 reserved_for_user[5];
    /* Written by the producer. */
    __u64 claimed;
    __u64 published;    /* a mark: behind the last whole record */
    __u64 lap_end;      /* a mark: behind the last record of the last finished lap, counted from that lap's beginning */
    __u64 generation;   /* clock_generation of the last record */
    __u64 stepped_at;   /* position of the first record of that generation */
    __u64 second_start; /* ns since the epoch: the beginning of the second of the last record */
    __u64 second;       /* the same in seconds */
    __u64 unwoken;      /* bytes since user space was last woken */
};

/* A mark is a place and how many records lie before it: 36 bits of position, 28 of a count, each modulo. */
#define PACKET_RING_POSITION_BITS 36
#define PACKET_RING_POSITION_MASK ((1ULL << PACKET_RING_POSITION_BITS) - 1)

/*
 * Nanoseconds. No architecture promises a time, but CPUs write out their stores as soon as they have the cache lines,
 * within some 0.1 us each, and before they take an interrupt. Were it exceeded, two packets of different CPUs would
 * change places, and none be lost.
 */
#define PACKET_RING_CLAIM_SEEN 10000

#define PACKET_RING_DATA 4096
/* What a record can need behind the end of the ring, twice 64 KiB for the verifier's view of a copy in pieces included.
 */
#define PACKET_RING_OVERRUN (PACKET_CAPTURED_LENGTH_MAX + 2 * 65536 - PACKET_RING_DATA)
/* The verifier bounds offsets into a map's value by 2^29 (BPF_MAX_VAR_OFF); a record has to fit in too. */
#define PACKET_RING_SIZE_MAX (1U << 28)

RINGCAP_STATIC_ASSERT(sizeof(struct packet_record) + PACKET_CAPTURED_LENGTH_MAX + sizeof(struct packet_origin) +
                          sizeof(struct packet_process) <=
                      PACKET_RING_OVERRUN);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_ring) == 128);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_ring, claimed) == 64);

#endif
