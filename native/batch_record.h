/* One packet in a batch, as the drain lays it out: this header, captured_length bytes, and padding to eight bytes. */
#ifndef RINGCAP_BATCH_RECORD_H
#define RINGCAP_BATCH_RECORD_H

#include <stdint.h>

#include "packet_record.h"

struct batch_record {
    uint32_t seconds; /* since the epoch */
    uint32_t nanoseconds;
    uint32_t captured_length; /* bytes */
    uint32_t original_length; /* bytes */
    uint32_t interface_index;
    uint32_t direction; /* enum packet_direction */
};

RINGCAP_STATIC_ASSERT(sizeof(struct batch_record) == 24);

#endif
