/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * One captured packet in the ring buffer: the only contract between the kernel and user space.
 *
 * A record is this header, then captured_length bytes of the frame as it was on the wire. The reservation in the ring
 * may be longer than that; what follows the captured bytes has no meaning and never leaves the native drain.
 */
#ifndef RINGCAP_PACKET_RECORD_H
#define RINGCAP_PACKET_RECORD_H

#include <linux/types.h>

enum packet_direction {
    PACKET_DIRECTION_IN = 0,
    PACKET_DIRECTION_OUT = 1,
};

struct packet_record {
    __u64 timestamp;       /* CLOCK_MONOTONIC, nanoseconds */
    __u32 captured_length; /* bytes that follow this header */
    __u32 original_length; /* bytes on the wire, restored VLAN tag included */
    __u32 interface_index;
    __u32 direction; /* enum packet_direction */
};

#ifdef __cplusplus
#define RINGCAP_STATIC_ASSERT(condition) static_assert(condition, #condition)
#else
#define RINGCAP_STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#endif

RINGCAP_STATIC_ASSERT(sizeof(struct packet_record) == 24);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, timestamp) == 0);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, captured_length) == 8);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, original_length) == 12);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, interface_index) == 16);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, direction) == 20);

#endif
