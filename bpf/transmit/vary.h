/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Writes random source addresses and ports into a frame and keeps its checksums right. The executor (the kernel
 * program, the host) defines vary_random(), 32 random bits.
 */
#ifndef RINGCAP_VARY_H
#define RINGCAP_VARY_H

#include <linux/types.h>

#include "lib/bounded.h"
#include "transmit/transmit.h"

static __always_inline __u32 vary_random(void);

#define VARY_OFFSET_MAX 0x7fff   /* largest offset: the verifier accepts it, and a field may follow it */
#define VARY_ADDRESS_WORDS_MAX 4 /* of 32 bits */

/* A pointer to `size` bytes at `offset`, or null where the frame ends before. */
static __always_inline __u8 *vary_at(__u8 *frame, __u8 *end, __u16 offset, __u32 size) {
    __u64 distance = offset;
    OPAQUE(distance);
    if (distance > VARY_OFFSET_MAX)
        return 0;
    __u8 *at = frame + distance;
    return at + size > end ? 0 : at;
}

/* The finaliser of MurmurHash3, which spreads the bits of a seed. */
static __always_inline __u32 vary_spread(__u32 seed) {
    seed ^= seed >> 16;
    seed *= 0x85ebca6b;
    seed ^= seed >> 13;
    seed *= 0xc2b2ae35;
    return seed ^ seed >> 16;
}

/* RFC 1624 equation 3, for many words at once: changes is the sum of ~m + m' over those that changed. */
static __always_inline __u16 vary_checksum(__u16 checksum, __u32 changes) {
    __u32 sum = (__u16)~checksum + (changes & 0xffff) + (changes >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

/* Replaces 32 bits, and returns what they add to the changes. */
static __always_inline __u32 vary_word(__u8 *at, __u32 word) {
    __u32 before = 0;
    __builtin_memcpy(&before, at, sizeof(before));
    __builtin_memcpy(at, &word, sizeof(word));
    return (__u16)~before + (__u16) ~(before >> 16) + (word & 0xffff) + (word >> 16);
}

/*
 * Returns the first 32 bits of an address. Of IPv4, the first octets are 1 to 223 without 127, which is unicast of
 * any network. Of IPv6, they lie in 2000::/3, global unicast (RFC 4291).
 */
static __always_inline __u32 vary_first_word(__u32 random, __u8 address_length) {
    __u8 octets[4];
    __builtin_memcpy(octets, &random, sizeof(octets));
    if (address_length == 4) {
        octets[0] = 1 + (octets[0] * 223 >> 8);
        if (octets[0] == 127)
            octets[0] = 126;
    } else {
        octets[0] = 0x20 | (octets[0] & 0x1f);
    }
    __builtin_memcpy(&random, octets, sizeof(random));
    return random;
}

static __always_inline __u32 vary_address(__u8 *at, const struct frame_edits *edits, __u32 words) {
    __u32 changes = 0;
    for (__u32 i = 0; i < words; i++) {
        __u32 word = edits->address_seed ? vary_spread(edits->address_seed + i) : vary_random();
        if (i == 0)
            word = vary_first_word(word, words * 4);
        changes += vary_word(at + i * 4, word);
    }
    return changes;
}

/* Writes a port from 1024 to 65535. */
static __always_inline __u32 vary_port(__u8 *at) {
    const __u16 port = 1024 + ((vary_random() & 0xffff) * 64512 >> 16);
    const __u8 after[2] = {(__u8)(port >> 8), (__u8)port};
    __u16 before_word = 0;
    __u16 after_word = 0;
    __builtin_memcpy(&before_word, at, sizeof(before_word));
    __builtin_memcpy(at, after, sizeof(after));
    __builtin_memcpy(&after_word, at, sizeof(after_word));
    return (__u16)~before_word + after_word;
}

static __always_inline void vary_frame(__u8 *frame, __u8 *end, const struct frame_edits *edits) {
    __u32 address_changes = 0;
    __u32 port_changes = 0;
    __u8 *at;

    if (edits->source_address && edits->address_length == 4) {
        at = vary_at(frame, end, edits->source_address, 4);
        if (at)
            address_changes = vary_address(at, edits, 1);
    } else if (edits->source_address) {
        at = vary_at(frame, end, edits->source_address, 16);
        if (at)
            address_changes = vary_address(at, edits, VARY_ADDRESS_WORDS_MAX);
    }
    if (edits->source_port) {
        at = vary_at(frame, end, edits->source_port, 2);
        if (at)
            port_changes = vary_port(at);
    }
    if (edits->header_checksum) {
        at = vary_at(frame, end, edits->header_checksum, 2);
        if (at) {
            __u16 checksum;
            __builtin_memcpy(&checksum, at, sizeof(checksum));
            checksum = vary_checksum(checksum, address_changes);
            __builtin_memcpy(at, &checksum, sizeof(checksum));
        }
    }
    if (edits->transport_checksum) {
        at = vary_at(frame, end, edits->transport_checksum, 2);
        if (at) {
            __u16 checksum;
            __builtin_memcpy(&checksum, at, sizeof(checksum));
            if (checksum == 0 && edits->zero_is_no_checksum)
                return;
            checksum = vary_checksum(checksum, address_changes + port_changes);
            if (checksum == 0 && edits->zero_is_no_checksum)
                checksum = 0xffff;
            __builtin_memcpy(at, &checksum, sizeof(checksum));
        }
    }
}

#endif
