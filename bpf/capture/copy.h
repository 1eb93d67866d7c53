/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The bytes of a packet as they were on the wire, wherever the kernel keeps them. */
#ifndef RINGCAP_COPY_H
#define RINGCAP_COPY_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "filter/headers.h"
#include "capture/packet_record.h"

/* The largest length of one call of bpf_xdp_load_bytes(), in bytes (bpf_xdp_pointer() in net/core/filter.c). */
#define XDP_LOAD_MAX 0xffff

/* copy_packet() may write so many bytes even where it is asked for fewer. */
#define COPY_LENGTH_MIN (ETHERNET_ADDRESSES_LENGTH + VLAN_TAG_LENGTH)

/*
 * Whether the kernel has fragments at XDP (Linux 5.18) and the helpers that read them. Without fragments all bytes of
 * an XDP packet are linear, and the verifier never sees a call of those helpers.
 */
const volatile __u8 has_fragments = 1;

static __always_inline __u32 xdp_length(const struct packet *packet) {
    return has_fragments ? bpf_xdp_get_buff_len(packet->context) : packet->data_end - packet->data;
}

static __always_inline bool xdp_load(const struct packet *packet, __u32 offset, void *to, __u32 size) {
    if (has_fragments)
        return bpf_xdp_load_bytes(packet->context, offset, to, size) == 0;
    const __u64 linear = packet->data_end - packet->data;
    return (__u64)offset + size <= linear && bpf_probe_read_kernel(to, size, packet->data + offset) == 0;
}

static __always_inline bool packet_load(const struct packet *packet, __u32 offset, void *to, __u32 size) {
    if (!packet->is_skb)
        return xdp_load(packet, offset, to, size);
    if (!packet->has_detached_header)
        return bpf_skb_load_bytes(packet->context, offset, to, size) == 0;
    if (offset < ETHERNET_HEADER_LENGTH)
        return bpf_skb_load_bytes_relative(packet->context, offset, to, size, BPF_HDR_START_MAC) == 0;
    return bpf_skb_load_bytes(packet->context, offset - ETHERNET_HEADER_LENGTH, to, size) == 0;
}

/* Copies 1 to PACKET_CAPTURED_LENGTH_MAX bytes from a constant offset on. */
static __always_inline bool copy_from(const struct packet *packet, __u32 offset, __u8 *to, __u64 length) {
    if (packet->has_detached_header && offset < ETHERNET_HEADER_LENGTH) {
        const __u64 before = ETHERNET_HEADER_LENGTH - offset;
        if (length <= before)
            return packet_load(packet, offset, to, 1 + bounded(length - 1, COPY_LENGTH_MIN - 1));
        if (!packet_load(packet, offset, to, before))
            return false;
        offset += before;
        to += before;
        length -= before;
    }
    /* An XDP frame has 17 fragments at most, so two calls reach its end. */
    if (!packet->is_skb && length > XDP_LOAD_MAX) {
        if (!packet_load(packet, offset, to, XDP_LOAD_MAX))
            return false;
        offset += XDP_LOAD_MAX;
        to += XDP_LOAD_MAX;
        length -= XDP_LOAD_MAX;
    }
    return packet_load(packet, offset, to, 1 + bounded(length - 1, PACKET_CAPTURED_LENGTH_MAX - 1));
}

/*
 * Puts back the tag that the kernel took out, between the addresses and the EtherType (IEEE 802.1Q clause 9). It always
 * writes the addresses and the tag, COPY_LENGTH_MIN bytes.
 */
static __always_inline bool copy_tagged(const struct packet *packet, __u8 *to, __u64 length) {
    const __u64 tag_end = COPY_LENGTH_MIN;

    if (!packet_load(packet, 0, to, ETHERNET_ADDRESSES_LENGTH))
        return false;
    *(__u16 *)(to + ETHERNET_ADDRESSES_LENGTH) = packet->metadata_tag_protocol;
    *(__u16 *)(to + ETHERNET_ADDRESSES_LENGTH + 2) = bpf_htons(packet->metadata_tci);
    if (length <= tag_end)
        return true;
    return copy_from(packet, ETHERNET_ADDRESSES_LENGTH, to + tag_end, length - tag_end);
}

static __always_inline void copy_words(__u8 *to, const __u8 *from, const __u32 size) {
#pragma unroll
    for (__u32 i = 0; i < size; i += 8)
        *(__u64 *)(to + i) = *(const __u64 *)(from + i);
}

/*
 * Copies `length` bytes, where `length` lies between `size` and 2 * `size`, as two pieces of `size` bytes that may
 * overlap. That takes less time than a call of a helper. Returns false when the bytes are not linear.
 */
static __always_inline bool copy_linear(const struct packet *packet, __u8 *to, __u64 length, const __u32 size) {
    __u64 rest = length - size;

    OPAQUE(rest);
    if (rest > size)
        return false;
    const __u8 *second = packet->data + rest;
    if (packet->data + size > packet->data_end || second + size > packet->data_end)
        return false;
    copy_words(to, packet->data, size);
    copy_words(to + rest, second, size);
    return true;
}

/*
 * Writes the first `length` bytes of the frame, 0 to PACKET_CAPTURED_LENGTH_MAX. It may overwrite what lies behind
 * them, up to COPY_LENGTH_MIN bytes. Returns false where the kernel does not give the bytes.
 */
static __always_inline bool copy_packet(const struct packet *packet, __u8 *to, __u64 length) {
    if (length < 1)
        return true;
    if (packet->has_metadata_tag)
        return copy_tagged(packet, to, length);
    if (!packet->has_detached_header) {
        if (length >= 32 && length <= 64 && copy_linear(packet, to, length, 32))
            return true;
        if (length > 64 && length <= 128 && copy_linear(packet, to, length, 64))
            return true;
    }
    return copy_from(packet, 0, to, length);
}

#endif
