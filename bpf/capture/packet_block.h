/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The enhanced packet block of a pcapng file (draft-ietf-opsawg-pcapng section 4.3) in this machine's byte order. The
 * captured_length bytes of the frame follow the header, padded with zeros to four bytes, then the options, an option of
 * code 0 and length 0 where there are any, and the total length again.
 */
#ifndef RINGCAP_PACKET_BLOCK_H
#define RINGCAP_PACKET_BLOCK_H

#include <linux/types.h>

#include "lib/static_assert.h"

#define ENHANCED_PACKET_BLOCK 6

#define OPTION_COMMENT 1
#define EPB_FLAGS 2
#define EPB_DROPCOUNT 4
#define EPB_QUEUE 6
#define EPB_VERDICT 7
#define EPB_PROCESSID_THREADID 8

/* The direction, in the lowest two bits of epb_flags. */
#define EPB_FLAGS_INBOUND 1
#define EPB_FLAGS_OUTBOUND 2

/* Of whom an epb_verdict is, in its first byte. */
#define EPB_VERDICT_TC 1
#define EPB_VERDICT_XDP 2

struct packet_block {
    __u32 type;
    __u32 total_length;
    __u32 interface_id;
    __u32 timestamp_high; /* since the epoch, in the unit of the interface */
    __u32 timestamp_low;
    __u32 captured_length; /* bytes */
    __u32 original_length; /* bytes */
};

#define PADDED_TO_4(length) (((length) + 3) & ~3ULL)

RINGCAP_STATIC_ASSERT(sizeof(struct packet_block) == 28);

#endif
