/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * What transmit.bpf.c shares with user space: the frames to send, where in each frame to write, and how far the sending
 * is.
 */
#ifndef RINGCAP_TRANSMIT_H
#define RINGCAP_TRANSMIT_H

#include <linux/types.h>

#include "lib/static_assert.h"

/* Constants of the program. */
struct transmit_plan {
    __u32 interface_index;
    __u32 bytes_size; /* of the value of transmit_bytes, the margin of TRANSMIT_LENGTH_MAX at its end included */
};

#define TRANSMIT_LENGTH_MIN 14
/*
 * A live frame has one page less its headers, some 3,400 bytes (net/bpf/test_run.c, TEST_XDP_FRAME_SIZE). The exact
 * length depends on the kernel and on the size of a cache line.
 */
#define TRANSMIT_LENGTH_MAX 3072
/*
 * Frames that the kernel hands to a driver at once (XDP_BULK_QUEUE_SIZE of kernel/bpf/devmap.c). With batches of that
 * size the answer of the driver is there before the next frame is chosen, so that order survives a full ring.
 */
#define TRANSMIT_BATCH 16
/* Frames that a CPU takes from the common sequence at once. */
#define TRANSMIT_CHUNK 64
/* Nanoseconds after which a frame counts as refused when the driver takes nothing. */
#define TRANSMIT_STALL_LIMIT 250000000ULL

/* Where the source address and port of a frame lie, and the checksums over them: offsets in bytes, 0 for none. */
struct frame_edits {
    __u32
        address_seed; /* not 0; the address follows from it, so that all fragments of a datagram get the same address */
    __u16 source_address;
    __u16 source_port;
    __u16 header_checksum;    /* of IPv4 */
    __u16 transport_checksum; /* with its pseudo header */
    __u8 address_length;      /* 4 or 16 */
    __u8 zero_is_no_checksum; /* UDP (RFC 768) */
    __u8 reserved[2];
};

struct transmit_frame {
    __u32 offset; /* into transmit_bytes */
    __u32 length;
    struct frame_edits edits;
};

/*
 * The control block, which all CPUs share. Positions count frames from `start` on; position p is frame p modulo count.
 */
struct transmit_control {
    __u64 next; /* the first position that no CPU has taken, and beyond total in the end */
    __u64 reserved[7];
    __u64 start;
    __u64 total; /* positions to send */
    __u32 count; /* frames */
    __u32 stop;
};

/*
 * The state of one CPU. A frame that was taken and that the driver has not accepted is pending. A frame for which the
 * driver had no room is sent again.
 */
struct transmit_state {
    __u64 sent; /* frames that the driver took */
    __u64 bytes;
    __u64 retried; /* times that the driver had no room for a frame */
    __u64 refused; /* frames that it never took */
    __u64 stalled_since;
    __u32 first;  /* frame at the chunk's first position */
    __u32 length; /* positions of the chunk */
    __u32 done;   /* positions of the chunk that were sent or refused */
    __u32 pending;
    __u32 pending_bytes;
    __u32 last_length;
    __u32 index;          /* frame that comes next */
    __u32 refused_length; /* frames of this length and above were refused; 0: none */
    __u32 failure;        /* errno with which the kernel or the driver refuses to send at all */
    __u32 reserved[13];
};

RINGCAP_STATIC_ASSERT(sizeof(struct frame_edits) == 16);
RINGCAP_STATIC_ASSERT(sizeof(struct transmit_frame) == 24);
RINGCAP_STATIC_ASSERT(sizeof(struct transmit_control) == 88);
RINGCAP_STATIC_ASSERT(sizeof(struct transmit_state) == 128);

#endif
