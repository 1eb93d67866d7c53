/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What a program at XDP or TC knows of its packet before it reads any of it. */
#ifndef RINGCAP_PACKET_OF_CONTEXT_H
#define RINGCAP_PACKET_OF_CONTEXT_H

#include <linux/bpf.h>

#include "filter/packet.h"

const volatile __u8 link_layer; /* enum link_layer; a constant, written before the program is loaded */

static __always_inline struct packet packet_of_xdp(struct xdp_md *context) {
    return (struct packet){
        .data = (const __u8 *)(long)context->data,
        .data_end = (const __u8 *)(long)context->data_end,
        .context = context,
        .link_layer = LINK_LAYER_ETHERNET,
    };
}

static __always_inline struct packet packet_of_skb(struct __sk_buff *skb, bool has_detached_header) {
    return (struct packet){
        .data = (const __u8 *)(long)skb->data,
        .data_end = (const __u8 *)(long)skb->data_end,
        .context = skb,
        .is_skb = true,
        .has_detached_header = has_detached_header,
        .link_layer = link_layer,
        .has_metadata_tag = skb->vlan_present,
        .metadata_tci = skb->vlan_tci,
        .metadata_tag_protocol = skb->vlan_proto,
    };
}

#endif
