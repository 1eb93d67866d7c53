/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
#ifndef RINGCAP_DETACHED_HEADER_H
#define RINGCAP_DETACHED_HEADER_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "filter/headers.h"

/*
 * A generic XDP program may make the kernel copy a packet (skb_pp_cow_data() in net/core/skbuff.c). The copy has no
 * mac_len, by which tcx_run() would go back to the Ethernet header, so TC programs see the packet without that header.
 * The header is still in memory, in front of the data.
 */
static __always_inline bool is_header_detached(struct __sk_buff *skb) {
    const void *data = (const void *)(long)skb->data;
    const __u16 *shown = data;
    const __u16 protocol = skb->protocol;
    __u16 header[ETHERNET_HEADER_LENGTH / 2];

    if (data + sizeof(header) <= (const void *)(long)skb->data_end) {
        /* A packet that has the EtherType and does not start as an IP header does needs no closer look. */
        const __u8 version = *(const __u8 *)data >> 4;
        if (shown[ETHERNET_ADDRESSES_LENGTH / 2] == protocol &&
            ((protocol == bpf_htons(ETHER_TYPE_IPV4) && version != 4) ||
             (protocol == bpf_htons(ETHER_TYPE_IPV6) && version != 6)))
            return false;
    }
    if (bpf_skb_load_bytes_relative(skb, 0, header, sizeof(header), BPF_HDR_START_MAC) != 0)
        return false;
    if (data + sizeof(header) > (const void *)(long)skb->data_end)
        return true;
#pragma unroll
    for (int i = 0; i < ETHERNET_HEADER_LENGTH / 2; i++) {
        if (header[i] != shown[i])
            return true;
    }
    return false;
}

#endif
