/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Lays a packet out as a struct packet_record, with or without its origin and its process behind it. */
#ifndef RINGCAP_APPEND_RECORD_H
#define RINGCAP_APPEND_RECORD_H

#include "capture/append.h"
#include "capture/packet_record.h"

/* Constants, written before the program is loaded. */
const volatile __u32 time_unit = 1; /* of records, ns: 1 or 1000 */
const volatile __u8 with_origin;    /* records end with a struct packet_origin */
const volatile __u8 with_process;   /* records end with a struct packet_process, behind the origin */

/*
 * Writes the record at the mark of a claimed ring, where there is room for it. Returns its length in bytes, or 0 when
 * the packet was lost, which it counts.
 */
static __always_inline __u64 append_record(struct packet_ring *ring, __u64 mark, const struct recorded *recorded,
                                           struct capture_counters *counts) {
    const __u64 captured_length = recorded->captured_length;
    const __u64 trailer_length =
        (with_origin ? sizeof(struct packet_origin) : 0) + (with_process ? sizeof(struct packet_process) : 0);
    const __u64 record_length = sizeof(struct packet_record) + captured_length + trailer_length;
    /*
     * copy_packet() writes COPY_LENGTH_MIN bytes at least. The ring must have room for all of them, because the oldest
     * record that user space has not read may follow.
     */
    const __u64 room = captured_length < COPY_LENGTH_MIN
                           ? sizeof(struct packet_record) + COPY_LENGTH_MIN + trailer_length
                           : record_length;

    if (!has_room(ring, mark, room, ring_size)) {
        counts->ring_full++;
        return 0;
    }
    struct packet_record *record = place_in_ring(ring, mark);
    __u8 *data = (__u8 *)(record + 1);
    stamp(ring, record, time_of_record(ring, mark & PACKET_RING_POSITION_MASK), time_unit);
    record->captured_length = captured_length;
    record->original_length = recorded->original_length;
    if (!copy_packet(recorded->packet, data, captured_length)) {
        counts->copy_failed++;
        return 0;
    }
    if (with_origin) {
        struct packet_origin *origin = (void *)data + bounded(captured_length, PACKET_CAPTURED_LENGTH_MAX);
        const __u64 lost = losses_to_tell(counts);
        *origin = *recorded->from;
        origin->lost = lost;
        note_told(counts, lost);
        if (with_process && recorded->process)
            *(struct packet_process *)(origin + 1) = *recorded->process;
    }
    return record_length;
}

#endif
