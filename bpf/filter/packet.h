/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Bounds-checked reads from a packet. Each executor of the filter (XDP, TC, the host) fills struct packet and defines
 * packet_load(), which reads bytes that are not in the linear part.
 */
#ifndef RINGCAP_PACKET_H
#define RINGCAP_PACKET_H

#include <linux/types.h>
#include <stdbool.h>

#include "lib/bounded.h"

enum link_layer {
    LINK_LAYER_ETHERNET = 0,
    LINK_LAYER_NONE = 1, /* the packet starts with its IP header */
};

struct packet {
    const __u8 *data;     /* the linear part */
    const __u8 *data_end; /* one past it */
    __u32 linear_length;  /* linear bytes that are known to be there, a constant; 0: none */
    void *context;        /* what packet_load() needs */
    bool is_skb;
    bool has_detached_header; /* the Ethernet header lies in front of data, where only packet_load() reaches it */
    __u8 link_layer;          /* enum link_layer */
    bool has_metadata_tag;    /* the outer VLAN tag is not in the bytes but beside them */
    __u16 metadata_tci;
    __u16 metadata_tag_protocol; /* network byte order */
};

/* The verifier knows offsets into a packet up to 65,535 (MAX_PACKET_OFF in kernel/bpf/verifier.c). */
#define PACKET_OFFSET_MAX 0x7fff

/*
 * Makes the verifier forget everything about an offset except that it is at most PACKET_OFFSET_MAX. Otherwise the
 * verifier follows a loop over headers once for each sum of lengths that the headers can have.
 */
#ifdef __bpf__
static volatile __u16 unknown_zero;
#define FORGET_BOUNDS(offset) (((offset) + unknown_zero) & PACKET_OFFSET_MAX)
#else
#define FORGET_BOUNDS(offset) (offset)
#endif

/*
 * Copies `size` bytes at `offset`, which need not be linear but must lie on one side of the end of a detached header.
 * Returns false when the packet ends before.
 */
static __always_inline bool packet_load(const struct packet *packet, __u32 offset, void *to, __u32 size);

/*
 * Whether `size` bytes at the pointer `at` are linear. The verifier wants to see that pointer compared with the end; on
 * the host, where it may point anywhere, only its distance from the end counts.
 */
#ifdef __bpf__
#define PACKET_IS_LINEAR(packet, at, size) ((at) + (size) <= (packet)->data_end)
#define PACKET_VALUE(type, at, value) (*(value) = *(const type *)(at))
#else
#define PACKET_IS_LINEAR(packet, at, size) ((long)(size) <= (packet)->data_end - (at))
#define PACKET_VALUE(type, at, value) __builtin_memcpy(value, at, sizeof(type))
#endif

#define DEFINE_PACKET_READ(name, type)                                                                                 \
    static __always_inline bool name(const struct packet *packet, __u64 offset, type *value) {                         \
        if (offset + sizeof(type) <= packet->linear_length) {                                                          \
            PACKET_VALUE(type, packet->data + offset, value);                                                          \
            return true;                                                                                               \
        }                                                                                                              \
        OPAQUE(offset);                                                                                                \
        if (offset > PACKET_OFFSET_MAX)                                                                                \
            return false;                                                                                              \
        const __u8 *at = packet->data + offset;                                                                        \
        if (!packet->has_detached_header && PACKET_IS_LINEAR(packet, at, sizeof(type))) {                              \
            PACKET_VALUE(type, at, value);                                                                             \
            return true;                                                                                               \
        }                                                                                                              \
        type loaded = 0;                                                                                               \
        if (!packet_load(packet, offset, &loaded, sizeof(type)))                                                       \
            return false;                                                                                              \
        *value = loaded;                                                                                               \
        return true;                                                                                                   \
    }

/*
 * Read values keep the byte order of the packet. These functions return false when the packet ends before the value
 * does.
 */
DEFINE_PACKET_READ(packet_read_u8, __u8)
DEFINE_PACKET_READ(packet_read_u16, __u16)
DEFINE_PACKET_READ(packet_read_u32, __u32)

#endif
