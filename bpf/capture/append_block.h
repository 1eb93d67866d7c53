/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Lays a packet out as a struct packet_block of the first interface of a pcapng file, with its time in nanoseconds. Its
 * options are the direction, the number of packets that were lost before it, the receive queue at XDP, and what the
 * program answers where it drops, in this order.
 */
#ifndef RINGCAP_APPEND_BLOCK_H
#define RINGCAP_APPEND_BLOCK_H

#include <linux/bpf.h>

#include "capture/append.h"
#include "capture/packet_block.h"
#include "lib/tc_actions.h"

const volatile __u8 with_blocks; /* records are blocks; a constant, written before the program is loaded */

/* An option with four bytes of value. */
struct word_option {
    __u16 code;
    __u16 length;
    __u32 value;
};

struct drop_count_option {
    __u16 code;
    __u16 length;
    __u32 value[2];
};

struct verdict_option {
    __u16 code;
    __u16 length;
    __u32 value[3]; /* a byte that says whose the verdict is, its eight bytes, and three bytes of padding */
};

struct block_end {
    __u32 end_of_options;
    __u32 total_length;
};

/* What copy_packet() may write behind a short packet lies within its block. */
RINGCAP_STATIC_ASSERT(sizeof(struct word_option) + sizeof(struct block_end) >= COPY_LENGTH_MIN);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_block) + PACKET_CAPTURED_LENGTH_MAX + 2 * sizeof(struct word_option) +
                          sizeof(struct drop_count_option) + sizeof(struct verdict_option) + sizeof(struct block_end) <=
                      PACKET_RING_OVERRUN);

/* Writes the option, and moves on behind it. */
#define PUT_OPTION(at, type, ...)                                                                                      \
    do {                                                                                                               \
        *(struct type *)(at) = (struct type){__VA_ARGS__};                                                             \
        (at) += sizeof(struct type);                                                                                   \
    } while (0)

static __always_inline __u64 block_length(const struct recorded *recorded, __u64 lost) {
    return sizeof(struct packet_block) + PADDED_TO_4(recorded->captured_length) + sizeof(struct word_option) +
           (lost ? sizeof(struct drop_count_option) : 0) + (recorded->packet->is_skb ? 0 : sizeof(struct word_option)) +
           (recorded->from->is_dropped ? sizeof(struct verdict_option) : 0) + sizeof(struct block_end);
}

/* Does what append_record() does. */
static __always_inline __u64 append_block(struct packet_ring *ring, __u64 mark, const struct recorded *recorded,
                                          struct capture_counters *counts) {
    const bool is_skb = recorded->packet->is_skb;
    const struct packet_origin *from = recorded->from;
    const __u64 lost = losses_to_tell(counts);
    const __u64 total_length = block_length(recorded, lost);

    if (!has_room(ring, mark, total_length, ring_size)) {
        counts->ring_full++;
        return 0;
    }
    struct packet_block *block = place_in_ring(ring, mark);
    const __u64 time = time_of_record(ring, mark & PACKET_RING_POSITION_MASK);
    *block = (struct packet_block){
        .type = ENHANCED_PACKET_BLOCK,
        .total_length = total_length,
        .interface_id = 0,
        .timestamp_high = time >> 32,
        .timestamp_low = time,
        .captured_length = recorded->captured_length,
        .original_length = recorded->original_length,
    };
    __u8 *data = (__u8 *)(block + 1);
    if (!copy_packet(recorded->packet, data, recorded->captured_length)) {
        counts->copy_failed++;
        return 0;
    }
    const __u64 length = bounded(recorded->captured_length, PACKET_CAPTURED_LENGTH_MAX);
    /* Of these four zeros, those are the padding that the options do not overwrite. */
    *(__u32 *)(data + length) = 0;
    __u8 *at = data + PADDED_TO_4(length);
    PUT_OPTION(at, word_option, EPB_FLAGS, 4,
               from->direction == PACKET_DIRECTION_OUT ? EPB_FLAGS_OUTBOUND : EPB_FLAGS_INBOUND);
    if (lost)
        PUT_OPTION(at, drop_count_option, EPB_DROPCOUNT, 8, {lost, lost >> 32});
    if (!is_skb)
        PUT_OPTION(at, word_option, EPB_QUEUE, 4, from->queue);
    if (from->is_dropped) {
        const __u32 verdict = is_skb ? EPB_VERDICT_TC | TC_DROP << 8 : EPB_VERDICT_XDP | XDP_DROP << 8;
        PUT_OPTION(at, verdict_option, EPB_VERDICT, 9, {verdict, 0, 0});
    }
    *(struct block_end *)at = (struct block_end){.end_of_options = 0, .total_length = total_length};
    note_told(counts, lost);
    return total_length;
}

#endif
