/*
 * One packet in a batch, as the drain lays it out: this header, captured_length bytes, padding to eight bytes, and a
 * struct packet_process where processes were asked for.
 */
#ifndef RINGCAP_BATCH_RECORD_H
#define RINGCAP_BATCH_RECORD_H

#include <stdint.h>

#include "capture/packet_record.h"

struct batch_record {
    uint32_t seconds; /* since the epoch */
    uint32_t nanoseconds;
    uint32_t captured_length; /* bytes */
    uint32_t original_length; /* bytes */
    uint32_t interface_index;
    uint32_t direction;  /* enum packet_direction */
    uint32_t is_dropped; /* whether the program kept the packet from going further */
    uint32_t queue;      /* of the interface, or PACKET_QUEUE_UNKNOWN */
    uint32_t lost;       /* packets of the interface that were lost since the record before */
    uint32_t number;     /* of a packet of a file: within the file, from 1, modulo 2^32 */
};

/* The most bytes that the block of a packet in a pcapng file has beside those captured (pack_blocks.cc). */
#define BLOCK_OVERHEAD_MAX 192

RINGCAP_STATIC_ASSERT(sizeof(struct batch_record) == 40);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_process) % 8 == 0);

#endif
