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
    uint32_t direction; /* enum packet_direction */
};

RINGCAP_STATIC_ASSERT(sizeof(struct batch_record) == 24);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_process) % 8 == 0);

#endif
